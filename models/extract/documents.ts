/** Receipts of SROIE as documents, and the split: by company, so that none is in two parts. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box, DocumentLine, ReadDocument } from '../../src/core/document.ts';
import { documentOfText } from '../../src/core/document.ts';
import { DATA_DIR } from '../heads/corpora.ts';

export interface Receipt {
  id: string;
  lines: { text: string; box: Box }[];
  fields: Record<'company' | 'date' | 'address' | 'total', string | null>;
}

export const hasReceipts = (): boolean => existsSync(join(DATA_DIR, 'sroie/train.jsonl'));

export const readReceipts = (): Receipt[] =>
  readFileSync(join(DATA_DIR, 'sroie/train.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Receipt);

/** Letters and digits in upper case: what is compared of names and addresses. */
export const lettersOf = (text: string | null): string =>
  (text ?? '').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

/** 0..99 by company: 0–24 is the final part, the rest is for training and cross-validation. */
export const partOf = (receipt: Receipt): number =>
  createHash('sha256').update(lettersOf(receipt.fields.company)).digest().readUInt32BE(0) % 100;
export const isFinal = (receipt: Receipt): boolean => partOf(receipt) < 25;
export const foldOf = (receipt: Receipt): number => partOf(receipt) % 5;

/** OCR lines as a document, in the order in which they were given. */
export function documentOfLines(lines: readonly { text: string; box: Box }[]): ReadDocument {
  const text = lines.map((line) => line.text).join('\n');
  let start = 0;
  const found = lines.map(({ text: content, box }): DocumentLine => {
    const end = start + content.length;
    const line = { start, end, page: 1, box, words: [], readingConfidence: null };
    start = end + 1;
    return line;
  });
  const width = Math.max(1, ...lines.map(({ box }) => box[2]));
  const height = Math.max(1, ...lines.map(({ box }) => box[3]));
  const pages = [{ width, height, turned: 0 as const, source: 'ocr' as const }];
  return { ...documentOfText(text), kind: 'lines', lines: found, pages };
}

/** The same receipt as plain text: one line a row, two blanks between pieces that stand apart. */
export function documentOfRows(lines: Receipt['lines']): ReadDocument {
  const sorted = [...lines].sort((a, b) => a.box[1] + a.box[3] - b.box[1] - b.box[3]);
  const rows: Receipt['lines'][] = [];
  for (const line of sorted) {
    const last = rows.at(-1)?.[0];
    const middle = (line.box[1] + line.box[3]) / 2;
    if (last && middle < last.box[3] && middle > last.box[1]) rows.at(-1)?.push(line);
    else rows.push([line]);
  }
  const text = rows
    .map((row) =>
      row
        .sort((a, b) => a.box[0] - b.box[0])
        .map((line) => line.text)
        .join('  '),
    )
    .join('\n');
  return documentOfText(text);
}
