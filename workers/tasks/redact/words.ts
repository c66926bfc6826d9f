/** Cuts a text into words, numbers and single signs: what the tagger labels. Linear in the text. */

export interface Word {
  start: number;
  end: number;
  /** As it stands in the text, or `<email>` and the like where a rule has found something already. */
  text: string;
  /** Line breaks before it, at most 2. */
  breaks: 0 | 1 | 2;
}

/** A span that a rule has found; the tagger sees it as one word. */
export interface Known {
  start: number;
  end: number;
  name: string;
}

/** Letters of one script run together; a character of Chinese, Japanese or Thai stands alone. */
const PIECE =
  /(\n\s*\n\s*)|(\n)|[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]{1,64}?(?=[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}])|[\p{L}\p{M}]{1,64}|\p{N}{1,32}|[^\s\p{L}\p{M}\p{N}]/gu;

/** `known` is sorted and without overlaps. */
export function wordsOf(text: string, known: readonly Known[]): Word[] {
  const words: Word[] = [];
  let breaks = 2 as Word['breaks'];
  let next = 0;
  const push = (start: number, end: number, piece: string): void => {
    words.push({ start, end, text: piece, breaks });
    breaks = 0;
  };
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match; match = PIECE.exec(text)) {
    for (let span = known[next]; span && span.end <= match.index; span = known[++next]);
    const span = known[next];
    if (match[1] !== undefined) breaks = 2;
    else if (match[2] !== undefined) breaks = breaks === 2 ? 2 : 1;
    else if (span !== undefined && span.start < match.index + match[0].length) {
      push(span.start, span.end, `<${span.name}>`);
      PIECE.lastIndex = Math.max(span.end, match.index + match[0].length);
      next++;
    } else push(match.index, match.index + match[0].length, match[0]);
  }
  return words;
}

/** Words that are read together; longer runs are cut, best where a line or a sentence ends. */
const MOST_WORDS = 240;
const ENOUGH_WORDS = 160;

export function stretchesOf(words: readonly Word[]): Word[][] {
  const stretches: Word[][] = [];
  let from = 0;
  for (let at = 1; at <= words.length; at++) {
    const length = at - from;
    const ends =
      at === words.length ||
      length >= MOST_WORDS ||
      (length >= ENOUGH_WORDS && (words[at]?.breaks === 2 || words[at - 1]?.text === '.'));
    if (!ends) continue;
    stretches.push(words.slice(from, at));
    from = at;
  }
  return stretches;
}
