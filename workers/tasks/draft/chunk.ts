/** Cuts the text of a file into passages: headings kept as titles, paragraphs whole where they fit, no overlap. */
import Papa from 'papaparse';
import type { ReadDocument } from '../../../src/core/document.ts';
import { MAX_PASSAGE_WORDS, type KnowledgePassage } from '../../../src/core/knowledge.ts';
import { headingAt } from './headings.ts';
import { sentencesOf } from './sentences.ts';

type Piece = Pick<KnowledgePassage, 'title' | 'text' | 'start' | 'end'>;

/** A run of text that is not cut unless it is too long. */
interface Block {
  text: string;
  start: number;
  end: number;
}

const wordsIn = (text: string): number => text.split(/\s+/u).filter(Boolean).length;

/** Passages of one file, in its order. The same text gives the same passages. */
export function chunkDocument({ kind, name, text }: ReadDocument): KnowledgePassage[] {
  const pieces = kind === 'csv' ? rowsOf(text) : sectionsOf(text);
  return pieces.map((piece, i) => ({ id: `${name}#${i + 1}`, file: name, ...piece }));
}

/** Blocks of one section, with the headings above them. */
interface Section {
  title: string[];
  /** The section's own heading, where its blocks begin: it stands for itself where nothing follows. */
  heading: Block | null;
  blocks: Block[];
}

function sectionsOf(text: string): Piece[] {
  const lines = text.split('\n');
  const path: { text: string; level: number }[] = [];
  const sections: Section[] = [{ title: [], heading: null, blocks: [] }];
  let offset = 0;
  for (let at = 0; at < lines.length;) {
    const found = headingAt(lines, at);
    const end = paragraphEnd(lines, at);
    const taken = found?.lines ?? end - at;
    const raw = lines.slice(at, at + taken).join('\n');
    const block = { text: raw, start: offset, end: offset + raw.length };
    if (found) {
      while ((path.at(-1)?.level ?? 0) >= found.level) path.pop();
      path.push(found);
      const title = path.map((heading) => heading.text);
      sections.push({ title, heading: { ...block, text: found.text }, blocks: [] });
    } else if (raw.trim() !== '') sections.at(-1)?.blocks.push(block);
    offset += raw.length + 1;
    at += taken;
  }
  return sections.flatMap((section, i) => packed(section, sections[i + 1]));
}

/** The first line that no longer belongs to the paragraph that begins here. */
function paragraphEnd(lines: readonly string[], at: number): number {
  let end = at + 1;
  if ((lines[at] ?? '').trim() === '') return end;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !headingAt(lines, end)) end++;
  return end;
}

/** Neighbouring blocks of a section share a passage while they fit. */
function packed({ title, heading, blocks }: Section, next: Section | undefined): Piece[] {
  if (blocks.length === 0) {
    const isParent = next !== undefined && next.title.length > title.length;
    if (!heading || isParent) return [];
    return [
      { title: title.slice(0, -1), text: heading.text, start: heading.start, end: heading.end },
    ];
  }
  const pieces: Piece[] = [];
  let words = Infinity;
  for (const block of blocks.flatMap(fitting)) {
    const more = wordsIn(block.text);
    const last = pieces.at(-1);
    if (last && words + more <= MAX_PASSAGE_WORDS) {
      last.text += `\n${tidy(block.text)}`;
      last.end = block.end;
      words += more;
    } else {
      pieces.push({ title, text: tidy(block.text), start: block.start, end: block.end });
      words = more;
    }
  }
  return pieces;
}

/** A paragraph on one line, the items of a list on lines of their own. */
const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .reduce((all, line) => all + (/^(?:[-*•·]|\d{1,3}[.)])\s/u.test(line) ? '\n' : ' ') + line, '')
    .replace(/[ \t]+/gu, ' ')
    .trim();

/** A paragraph that is too long is cut after sentences, a sentence that is too long after words. */
function fitting(block: Block): Block[] {
  if (wordsIn(block.text) <= MAX_PASSAGE_WORDS) return [block];
  const parts: Block[] = [];
  let words = Infinity;
  for (const sentence of sentencesOf(block.text).flatMap(cutByWords)) {
    const more = wordsIn(sentence.text);
    const last = parts.at(-1);
    const end = block.start + sentence.end;
    if (last && words + more <= MAX_PASSAGE_WORDS) {
      last.end = end;
      last.text = block.text.slice(last.start - block.start, sentence.end);
      words += more;
    } else {
      parts.push({ text: sentence.text, start: block.start + sentence.start, end });
      words = more;
    }
  }
  return parts;
}

function cutByWords(sentence: Block): Block[] {
  const words = [...sentence.text.matchAll(/\S+/gu)];
  const parts: Block[] = [];
  for (let i = 0; i < words.length; i += MAX_PASSAGE_WORDS) {
    const last = words[Math.min(words.length, i + MAX_PASSAGE_WORDS) - 1];
    const from = words[i]?.index ?? 0;
    const to = (last?.index ?? 0) + (last?.[0].length ?? 0);
    parts.push({
      text: sentence.text.slice(from, to),
      start: sentence.start + from,
      end: sentence.start + to,
    });
  }
  return parts;
}

/** One passage per row of a table; the first cell is its title (a question and its answer). */
function rowsOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let header: string[] | null = null;
  let start = 0;
  Papa.parse<string[]>(text, {
    step: ({ data, meta }) => {
      const cells = data.map((cell) => cell.trim());
      const place = { start, end: Math.min(text.length, meta.cursor) };
      start = meta.cursor;
      if (header === null) header = cells;
      else if (cells.some((cell) => cell !== '')) pieces.push(...ofRow(header, cells, place));
    },
  });
  return pieces;
}

function ofRow(header: string[], cells: string[], place: { start: number; end: number }): Piece[] {
  const [first = '', ...others] = cells;
  const isTitled = others.some((cell) => cell !== '') && wordsIn(first) <= MAX_PASSAGE_WORDS / 4;
  const told = isTitled ? others : cells;
  const names = isTitled ? header.slice(1) : header;
  const filled = told.filter((cell) => cell !== '').length;
  const text = told
    .map((cell, i) => (filled > 1 ? `${names[i] ?? ''}: ${cell}` : cell))
    .filter((_, i) => told[i] !== '')
    .join('\n');
  return fitting({ text, ...place }).map((block) => ({
    title: isTitled ? [first] : [],
    text: block.text,
    ...place,
  }));
}
