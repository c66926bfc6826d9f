/**
 * Reads the Markdown of generated text into tokens, block by block as it grows. Tokens become elements in
 * Block.svelte; no HTML is ever made of them, so nothing in the text can become markup.
 */
import { lexer, type Token } from 'marked';

/** A paragraph, list, table … with the place in the text where it begins, which stays while the text grows. */
export interface Block {
  at: number;
  token: Token;
}

export interface ReadText {
  text: string;
  blocks: Block[];
}

/** Longer text is shown as it is: reading it would hold up the page. */
const MAX_UNITS = 60_000;
/** Marks in one block; the time that the reader takes grows with their square. */
const MAX_MARKS = 2_000;
/** Deeper nesting of quotes or lists than any real text has: the reader calls itself for each level. */
const TOO_DEEP = /^(?:[ \t]*>){16}|^[ \t]{40,}(?:[-*+]|\d+[.)])[ \t]/m;

export const NOTHING: ReadText = { text: '', blocks: [] };

/** The blocks of `text`. Those before the last one of `before` are kept as they are where `text` only grew. */
export function readMarkdown(text: string, before: ReadText = NOTHING): ReadText {
  const clean = text.replaceAll(/\r\n?/g, '\n');
  const settled = clean.startsWith(before.text) ? before.blocks.slice(0, -1) : [];
  const from = before.blocks[settled.length]?.at ?? 0;
  const start = settled.length > 0 ? from : 0;
  return { text: clean, blocks: [...settled, ...blocksOf(clean.slice(start), start)] };
}

function blocksOf(text: string, start: number): Block[] {
  const tokens = isTame(text) ? tokensOf(text) : [plain(text)];
  let at = start;
  const blocks = tokens.map((token) => {
    const block = { at, token };
    at += token.raw.length;
    return block;
  });
  return blocks.filter(({ token }) => token.type !== 'space');
}

function tokensOf(text: string): Token[] {
  try {
    const tokens: Token[] = lexer(text);
    return tokens.reduce((sum, { raw }) => sum + raw.length, 0) === text.length
      ? tokens
      : [plain(text)];
  } catch {
    return [plain(text)]; // nesting that overflows the stack
  }
}

const plain = (text: string): Token => ({ type: 'plain', raw: text, text });

const isTame = (text: string): boolean =>
  text.length <= MAX_UNITS &&
  !TOO_DEEP.test(text) &&
  text.split(/\n\s*\n/).every((part) => (part.match(/[*_~`[\]<>!|]/g)?.length ?? 0) <= MAX_MARKS);
