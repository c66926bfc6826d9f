/**
 * The corpora of the shipped specialists with the one split that recipes and evaluation share: the same rules as
 * models/flotilla_models/corpora.py, so that no row that the encoder was tuned on is ever held out here.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { normalise } from '../../src/core/data-checks.ts';
import type { TrainRow } from '../../src/core/threads.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
export const DATA_DIR = process.env.FLOTILLA_DATA ?? join(HERE, '../../../shared/data');
const HELD_OUT_PERCENT = 15;
const DEPARTMENTS = ['airline', 'fastfood', 'finance', 'insurance', 'media', 'software'];
/** Most rows of a corpus whose published part is far larger than a head needs. */
const MOST_TRAIN = 16_000;
const MOST_HELD_OUT = 3_000;

export interface Corpus {
  id: string;
  train: TrainRow[];
  heldOut: TrainRow[];
  facetTrain: string[];
  facetHeldOut: string[];
}

/** Is there anything to read? The data are not part of the repository. */
export const hasData = (): boolean => existsSync(join(DATA_DIR, 'clinc150/train.csv'));

const hash = (key: string): number =>
  createHash('sha256').update(key, 'utf8').digest().readUInt32BE(0);
const isHeldOut = (key: string): boolean => hash(key) % 100 < HELD_OUT_PERCENT;

export function readCsv(path: string): Record<string, string>[] {
  const text = readFileSync(join(DATA_DIR, path), 'utf8');
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}

const rowsOf = (path: string): TrainRow[] =>
  readCsv(path).map((row) => ({ text: row['text'] ?? '', label: row['label'] ?? '' }));

const corpus = (id: string, train: TrainRow[], heldOut: TrainRow[]): Corpus => ({
  id,
  train,
  heldOut,
  facetTrain: [],
  facetHeldOut: [],
});

function byText(id: string, path: string): Corpus {
  const rows = rowsOf(path);
  const out = (row: TrainRow): boolean => isHeldOut(normalise(row.text));
  return corpus(
    id,
    rows.filter((row) => !out(row)),
    rows.filter(out),
  );
}

/** Every n-th row in the order of a hash, so that a thinned corpus is the same on every machine. */
function thin<T>(rows: T[], most: number, key: (row: T) => string): T[] {
  return rows.length <= most
    ? rows
    : [...rows].sort((a, b) => hash(key(a)) - hash(key(b))).slice(0, most);
}

interface Turn extends TrainRow {
  department: string;
}

function customerService(): Corpus {
  const seen = new Map<string, number>();
  const train: Turn[] = [];
  const heldOut: Turn[] = [];
  for (const department of DEPARTMENTS) {
    for (const row of readCsv(`multidogo/${department}.csv`)) {
      const turn = { text: row['text'] ?? '', label: (row['intent'] ?? '').trim(), department };
      if (turn.label.includes('<div>') || !turn.text.trim()) continue;
      if (isHeldOut(`${department}/${row['conversation'] ?? ''}`)) {
        heldOut.push(turn);
        continue;
      }
      const key = `${normalise(turn.text)}|${turn.label}|${department}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if ((seen.get(key) ?? 0) <= 3) train.push(turn);
    }
  }
  const counts = new Map<string, number>();
  for (const { label } of train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const common = (turn: Turn): boolean => (counts.get(turn.label) ?? 0) >= 20;
  const key = (turn: Turn): string => `${turn.text}|${turn.label}|${turn.department}`;
  const [a, b] = [
    thin(train.filter(common), MOST_TRAIN, key),
    thin(heldOut.filter(common), MOST_HELD_OUT, key),
  ];
  const plain = ({ text, label }: Turn): TrainRow => ({ text, label });
  return {
    ...corpus('customer-service', a.map(plain), b.map(plain)),
    facetTrain: a.map((t) => t.department),
    facetHeldOut: b.map((t) => t.department),
  };
}

export interface Corpora {
  corpora: Corpus[];
  /** CLINC150's own out-of-scope texts; neither the encoder nor a head was trained on them. */
  clincOutOfScope: string[];
  /** Requests that want something written or worked out (prompts of public benchmarks), short enough to be typed. */
  openEnded: string[];
}

export function loadCorpora(): Corpora {
  const clinc = { train: rowsOf('clinc150/train.csv'), val: rowsOf('clinc150/val.csv') };
  const inScope = (row: TrainRow): boolean => row.label !== 'oos';
  const corpora = [
    corpus('assistant-requests', clinc.train.filter(inScope), clinc.val.filter(inScope)),
    byText('banking-tickets', 'banking77/train.csv'),
    corpus('home-commands', rowsOf('hwu64/train.csv'), rowsOf('hwu64/val.csv')),
    customerService(),
    byText('email-intents', 'parakweet_email_intent/train.csv'),
  ];
  const keys = new Set(
    corpora
      .filter((c) => c.id !== 'customer-service')
      .flatMap((c) => c.heldOut.map((row) => normalise(row.text))),
  );
  for (const one of corpora) {
    if (one.id !== 'customer-service')
      one.train = one.train.filter((row) => !keys.has(normalise(row.text)));
  }
  const outside = [...clinc.train, ...clinc.val]
    .filter((row) => !inScope(row))
    .map((row) => row.text);
  return { corpora, clincOutOfScope: outside, openEnded: openEnded() };
}

function openEnded(): string[] {
  const lines = readFileSync(join(DATA_DIR, 'llmrouter_scores/train.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean);
  const queries = lines.map((line) => (JSON.parse(line) as { query: string }).query.trim());
  return queries.filter((query) => query.length >= 12 && query.length <= 600);
}
