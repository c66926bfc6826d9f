/** BERT's uncased WordPiece tokeniser, token for token as Hugging Face's `tokenizers` does it, in one linear pass. */
import { fail, ok, type Result } from './failure.ts';
import { ALONE, characterOf, DROPPED, SPACE } from './characters.ts';

/** Words longer than this, in characters, become one unknown token. */
const MAX_WORD_CHARACTERS = 100;
/** Words whose pieces are remembered; the memory is emptied when it is full. */
const CACHED_WORDS = 50_000;
/** Longer words are rare: they are not remembered. */
const MAX_CACHED_WORD_UNITS = 40;
const SPECIALS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;
const OPENING_BRACKET = 91;

export interface Tokens {
  /** `[CLS]` first, `[SEP]` last, at most `maxTokens` in all. */
  ids: number[];
  /** True when the text had more tokens than fit; the rest was not read. */
  cut: boolean;
}

export interface WordPiece {
  readonly vocabularySize: number;
  /** Reads the text until `maxTokens` (at least 2) are found; never throws, whatever the text holds. */
  encode(text: string, maxTokens: number): Tokens;
}

/** `vocabulary`: one token per line, the line number is the id. */
export function createWordPiece(vocabulary: string): Result<WordPiece> {
  const lines = vocabulary.replace(/\n$/, '').split('\n');
  const idOf = new Map(lines.map((token, id) => [token, id]));
  const specials = new Map<string, number>();
  for (const token of SPECIALS) {
    const id = idOf.get(token);
    if (id === undefined) return fail('file_corrupt', `The vocabulary has no ${token}.`);
    specials.set(token, id);
  }
  if (idOf.size !== lines.length)
    return fail('file_corrupt', 'The vocabulary names a token twice.');
  const longest = lines.reduce((most, token) => Math.max(most, token.length), 0);
  const split = createSplitter(idOf, specials.get('[UNK]') as number, longest);
  return ok({
    vocabularySize: lines.length,
    encode: (text, maxTokens) => encode(text, maxTokens, split, specials),
  });
}

type Splitter = (word: string) => readonly number[];

/** Greedy longest match from the left; a word that cannot be covered is one unknown token. */
function createSplitter(
  idOf: ReadonlyMap<string, number>,
  unknown: number,
  longest: number,
): Splitter {
  const cache = new Map<string, readonly number[]>();
  const unknownWord = [unknown];
  const match = (word: string): readonly number[] => {
    const pieces: number[] = [];
    for (let start = 0; start < word.length;) {
      let end = Math.min(word.length, start + longest);
      let id: number | undefined;
      for (; end > start; end--) {
        const piece = word.slice(start, end);
        id = idOf.get(start === 0 ? piece : `##${piece}`);
        if (id !== undefined) break;
      }
      if (id === undefined) return unknownWord;
      pieces.push(id);
      start = end;
    }
    return pieces;
  };
  return (word) => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    const pieces = match(word);
    if (word.length <= MAX_CACHED_WORD_UNITS) {
      if (cache.size >= CACHED_WORDS) cache.clear();
      cache.set(word, pieces);
    }
    return pieces;
  };
}

/** The special token that starts at `index`, if any: they are recognised anywhere in the raw text. */
function specialAt(text: string, index: number): string | undefined {
  return SPECIALS.find((token) => text.startsWith(token, index));
}

/** Collects the characters of the word at hand; past the limit it only remembers that there were too many. */
class WordsToIds {
  readonly ids: number[];
  private readonly split: Splitter;
  private readonly unknown: number;
  private word = '';
  private length = 0;

  constructor(first: number, split: Splitter, unknown: number) {
    this.ids = [first];
    this.split = split;
    this.unknown = unknown;
  }

  add(text: string, length: number): void {
    if (this.length > MAX_WORD_CHARACTERS) return;
    this.word += text;
    this.length += length;
  }

  end(): void {
    if (this.length > MAX_WORD_CHARACTERS) this.ids.push(this.unknown);
    else if (this.length > 0) this.ids.push(...this.split(this.word));
    this.word = '';
    this.length = 0;
  }
}

function encode(
  text: string,
  maxTokens: number,
  split: Splitter,
  specials: ReadonlyMap<string, number>,
): Tokens {
  const words = new WordsToIds(
    specials.get('[CLS]') as number,
    split,
    specials.get('[UNK]') as number,
  );
  const { ids } = words;
  const room = maxTokens - 1;
  for (let index = 0; index < text.length && ids.length <= room;) {
    const code = text.codePointAt(index) as number;
    const special = code === OPENING_BRACKET ? specialAt(text, index) : undefined;
    if (special !== undefined) {
      words.end();
      ids.push(specials.get(special) as number);
      index += special.length;
      continue;
    }
    index += code > 0xffff ? 2 : 1;
    const character = characterOf(code);
    if (character.kind === DROPPED) continue;
    if (character.kind === SPACE) words.end();
    else if (character.kind === ALONE) {
      words.end();
      words.add(character.text, character.length);
      words.end();
    } else words.add(character.text, character.length);
  }
  words.end();
  const cut = ids.length > room;
  ids.length = Math.min(ids.length, room);
  ids.push(specials.get('[SEP]') as number);
  return { ids, cut };
}
