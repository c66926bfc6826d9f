/**
 * Texts of ten kinds of documents. Real ones where the data folder has them (receipts, transcripts, clinical notes,
 * contracts out of filings), invented ones for the rest. Held out: other companies, meetings, notes and templates.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded, shuffled } from '../../src/core/random.ts';
import type { TrainRow } from '../../src/core/threads.ts';
import { isFinal, readReceipts } from '../extract/documents.ts';
import { Dice, LANGUAGES } from '../extract/invented.ts';
import { inventFacts } from '../extract/invoice-facts.ts';
import { drawInvoice } from '../extract/invoice-layout.ts';
import { DATA_DIR, readCsv } from '../heads/corpora.ts';
import { HELD_OUT_TEMPLATES, TEMPLATES, type InventedKind } from './templates.ts';
import { fill } from './words.ts';

export interface Parts {
  train: TrainRow[];
  heldOut: TrainRow[];
}

const TRAIN = 180;
const HELD_OUT = 60;
/** More than the encoder reads. */
const UNITS = 1600;

const jsonl = <T>(path: string): T[] =>
  readFileSync(join(DATA_DIR, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

const sampled = <T>(all: T[], most: number, seed: number): T[] =>
  [...shuffled(all.length, seeded(seed)).subarray(0, most)].map((i) => all[i] as T);

/** Parts of one label; the held-out texts come from other sources than the trained ones. */
function parts(label: string, train: string[], heldOut: string[], seed: number): Parts {
  const rows = (texts: string[], most: number): TrainRow[] =>
    sampled(texts, most, seed).map((text) => ({ text: text.slice(0, UNITS), label }));
  return { train: rows(train, TRAIN), heldOut: rows(heldOut, HELD_OUT) };
}

function invented(kind: InventedKind, seed: number): { train: string[]; heldOut: string[] } {
  const random = seeded(seed);
  const templates = TEMPLATES[kind];
  const known = templates.length - HELD_OUT_TEMPLATES;
  const some = (from: number, to: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) =>
      fill(templates[from + (i % (to - from))] as string, random),
    );
  return { train: some(0, known, TRAIN), heldOut: some(known, templates.length, HELD_OUT) };
}

function invoices(): { train: string[]; heldOut: string[] } {
  const train = Array.from({ length: TRAIN }, (_, index) => {
    const dice = new Dice(104_729 * (index + 1));
    const language = LANGUAGES[index % LANGUAGES.length] ?? 'de';
    const sheet = drawInvoice(dice, inventFacts(dice, language));
    return (index % 2 ? sheet.plain(language) : sheet.document(language)).text;
  });
  const real = jsonl<{ id: string }>('zugferd/fields.jsonl').map(({ id }) =>
    readFileSync(join(DATA_DIR, `zugferd/${id}.txt`), 'utf8'),
  );
  return { train, heldOut: real };
}

function receipts(): { train: string[]; heldOut: string[] } {
  const textOf = ({ lines }: { lines: { text: string }[] }): string =>
    lines.map(({ text }) => text).join('\n');
  const all = readReceipts();
  return {
    train: all.filter((one) => !isFinal(one)).map(textOf),
    heldOut: all.filter(isFinal).map(textOf),
  };
}

/** Stretches of sentences out of loan agreements, as they stand in filings. */
function filings(): { train: string[]; heldOut: string[] } {
  const sentences = jsonl<{ tokens: string[] }>('ner_conll/sec_filings_train.jsonl').map(
    ({ tokens }) => tokens.join(' ').replaceAll(/ ([,.;:)])/g, '$1'),
  );
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= sentences.length; at += 8)
    pieces.push(sentences.slice(at, at + 8).join('\n'));
  const cut = Math.round(pieces.length * 0.75);
  return { train: pieces.slice(0, cut), heldOut: pieces.slice(cut) };
}

interface Meeting {
  turns: { speaker: string; text: string }[];
}

function transcripts(): { train: string[]; heldOut: string[] } {
  const meetings = (path: string): string[] =>
    jsonl<Meeting>(path).flatMap(({ turns }) =>
      [0, Math.floor(turns.length / 2)].map((from) =>
        turns
          .slice(from, from + 25)
          .map(({ speaker, text }) => `${speaker}: ${text}`)
          .join('\n'),
      ),
    );
  const talks = (path: string): string[] => readCsv(path).map((row) => row['dialogue'] ?? '');
  return {
    train: [
      ...meetings('qmsum/train.jsonl'),
      ...sampled(talks('mts_dialog/train.csv'), 150, 3),
      ...talks('aci_bench/train.csv'),
    ],
    heldOut: [
      ...meetings('qmsum/val.jsonl'),
      ...talks('mts_dialog/val.csv'),
      ...talks('aci_bench/val.csv'),
    ],
  };
}

function notes(): { train: string[]; heldOut: string[] } {
  const cases = (path: string): string[] => jsonl<{ text: string }>(path).map(({ text }) => text);
  const visits = (path: string): string[] => readCsv(path).map((row) => row['note'] ?? '');
  return {
    train: [...sampled(cases('codiesp/train.jsonl'), 120, 5), ...visits('aci_bench/train.csv')],
    heldOut: [...sampled(cases('codiesp/dev.jsonl'), 60, 6), ...visits('aci_bench/val.csv')],
  };
}

/** Logs, filings and statements: real kinds of documents that are none of the others. Invented by their makers too. */
function unlike(): { train: string[]; heldOut: string[] } {
  const KINDS = ['audit_log', 'court_filing', 'system_prompt_leakage', 'multi_agent_workflow'];
  const all = ['technology', 'legal'].flatMap((part) =>
    jsonl<{ document_type: string | null; language: string; text: string }>(
      `pii_anon_eval/${part}.jsonl`,
    ).filter((row) => row.language === 'en' && KINDS.includes(row.document_type ?? '')),
  );
  const texts = sampled(all, 160, 9).map(({ text }) => text);
  return { train: texts.slice(0, 120), heldOut: texts.slice(120) };
}

/** Is there anything to read? */
export const hasDocuments = (): boolean =>
  existsSync(join(DATA_DIR, 'qmsum/train.jsonl')) &&
  existsSync(join(DATA_DIR, 'sroie/train.jsonl'));

export function documentRows(): Parts {
  const both = (a: { train: string[]; heldOut: string[] }, b: typeof a): typeof a => ({
    train: [...a.train, ...b.train],
    heldOut: [...a.heldOut, ...b.heldOut],
  });
  const sources: [string, { train: string[]; heldOut: string[] }][] = [
    ['invoice', invoices()],
    ['receipt', receipts()],
    ['contract', both(invented('contract', 11), filings())],
    ['cv', invented('cv', 12)],
    ['letter', invented('letter', 13)],
    ['transcript', transcripts()],
    ['clinical_note', notes()],
    ['spec_sheet', invented('spec_sheet', 14)],
    ['news', invented('news', 15)],
    ['other', both(invented('other', 16), unlike())],
  ];
  const all = sources.map(([label, { train, heldOut }], i) => parts(label, train, heldOut, i + 1));
  return { train: all.flatMap((one) => one.train), heldOut: all.flatMap((one) => one.heldOut) };
}
