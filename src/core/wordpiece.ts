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

export interface TokensWithOffsets extends Tokens {
  /**
   * [tokens × 2]: UTF-16 start and end in the text of each token between `[CLS]` and `[SEP]`. What the normaliser drops
   * (accents on their own, control characters) belongs to a token only where it stands between two of its characters.
   */
  offsets: Uint32Array;
}

export interface WordPiece {
  readonly vocabularySize: number;
  /** Reads the text until `maxTokens` (at least 2) are found; never throws, whatever the text holds. */
  encode(text: string, maxTokens: number): Tokens;
  /** The same ids, and where each token stands. */
  encodeWithOffsets(text: string, maxTokens: number): TokensWithOffsets;
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
  const unknown = specials.get('[UNK]') as number;
  const split = createSplitter(idOf, unknown, longest);
  const words = (): WordsToIds => new WordsToIds(specials.get('[CLS]') as number, split, unknown);
  return ok({
    vocabularySize: lines.length,
    encode: (text, maxTokens) => encode(text, maxTokens, words(), specials),
    encodeWithOffsets: (text, maxTokens) => {
      const places = new Places(lines, unknown);
      const tokens = encode(text, maxTokens, words().follow(places), specials);
      return { ...tokens, offsets: places.offsets(tokens.ids.length - 2) };
    },
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

/** Where the characters of the word at hand stand, and from that where its tokens stand. */
class Places {
  readonly #lines: readonly string[];
  readonly #unknown: number;
  /** Start and end in the text of each UTF-16 unit of the normalised word. */
  #starts: number[] = [];
  #ends: number[] = [];
  readonly #offsets: number[] = [];

  constructor(lines: readonly string[], unknown: number) {
    this.#lines = lines;
    this.#unknown = unknown;
  }

  /** One character of the text became `units` units of the word. */
  add(units: number, start: number, end: number): void {
    for (let unit = 0; unit < units; unit++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  /** The word ended with these tokens: each covers as many units as its entry in the vocabulary has. */
  end(ids: readonly number[]): void {
    let at = 0;
    for (const [index, id] of ids.entries()) {
      const units =
        id === this.#unknown
          ? this.#starts.length
          : (this.#lines[id] as string).length - (index === 0 ? 0 : '##'.length);
      this.#offsets.push(this.#starts[at] as number, this.#ends[at + units - 1] as number);
      at += units;
    }
    this.#starts = [];
    this.#ends = [];
  }

  special(start: number, end: number): void {
    this.#offsets.push(start, end);
  }

  offsets(tokens: number): Uint32Array {
    return Uint32Array.from(this.#offsets.slice(0, 2 * tokens));
  }
}

/** Collects the characters of the word at hand; past the limit it only remembers that there were too many. */
class WordsToIds {
  readonly ids: number[];
  private readonly split: Splitter;
  private readonly unknown: number;
  private word = '';
  private length = 0;
  private places: Places | null = null;

  constructor(first: number, split: Splitter, unknown: number) {
    this.ids = [first];
    this.split = split;
    this.unknown = unknown;
  }

  /** Records where the tokens stand. */
  follow(places: Places): this {
    this.places = places;
    return this;
  }

  /** `text` is what the normaliser made of text[start, end). */
  add(text: string, length: number, start: number, end: number): void {
    this.places?.add(text.length, start, end);
    if (this.length > MAX_WORD_CHARACTERS) return;
    this.word += text;
    this.length += length;
  }

  end(): void {
    if (this.length > 0) {
      const pieces = this.length > MAX_WORD_CHARACTERS ? [this.unknown] : this.split(this.word);
      this.ids.push(...pieces);
      this.places?.end(pieces);
    }
    this.word = '';
    this.length = 0;
  }

  special(id: number, start: number, end: number): void {
    this.end();
    this.ids.push(id);
    this.places?.special(start, end);
  }
}

function encode(
  text: string,
  maxTokens: number,
  words: WordsToIds,
  specials: ReadonlyMap<string, number>,
): Tokens {
  const { ids } = words;
  const room = maxTokens - 1;
  for (let index = 0; index < text.length && ids.length <= room;) {
    const code = text.codePointAt(index) as number;
    const special = code === OPENING_BRACKET ? specialAt(text, index) : undefined;
    if (special !== undefined) {
      words.special(specials.get(special) as number, index, index + special.length);
      index += special.length;
      continue;
    }
    const start = index;
    index += code > 0xffff ? 2 : 1;
    const character = characterOf(code);
    if (character.kind === DROPPED) continue;
    if (character.kind === SPACE) words.end();
    else if (character.kind === ALONE) {
      words.end();
      words.add(character.text, character.length, start, index);
      words.end();
    } else words.add(character.text, character.length, start, index);
  }
  words.end();
  const cut = ids.length > room;
  ids.length = Math.min(ids.length, room);
  ids.push(specials.get('[SEP]') as number);
  return { ids, cut };
}
