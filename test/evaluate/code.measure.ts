/** `npm run evaluate`: task `code` on CodiEsp's validation notes (English machine translation), through the shipped code and files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { DATA_DIR } from '../../models/heads/corpora.ts';
import { expectedCalibrationError, type Scored } from '../../src/core/measure.ts';
import { seeded } from '../../src/core/random.ts';
import { codeNote, type CodedNote, type Coder } from '../../workers/tasks/code/coder.ts';
import { coderFrom, FILES, type CoderFiles } from '../../workers/tasks/code/load.ts';
import { MOST_CODES } from '../../workers/tasks/code/schema.ts';

const FOLDER = join(import.meta.dirname, '../../public/fleet/icd10-codes/1.0.0');
const NOTES = join(DATA_DIR, 'codiesp/dev.jsonl');
const TRAIN = join(DATA_DIR, 'codiesp/train.jsonl');

interface Note {
  text: string;
  diagnosis_codes: string[];
}

interface Judged {
  gold: Set<string>;
  coded: CodedNote;
}

test.skip(!existsSync(NOTES), 'the data folder is not here (set FLOTILLA_DATA)');

const read = (path: string): Note[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Note);

function shippedCoder(): Coder {
  const files = Object.fromEntries<Uint8Array>(
    FILES.map((name) => [name, gunzipSync(readFileSync(join(FOLDER, `${name}.gzip`)))]),
  ) as unknown as CoderFiles;
  const coder = coderFrom(files);
  if (!coder.ok) throw new Error(coder.failure.message);
  return coder.value;
}

const goldOf = (note: Note): Set<string> =>
  new Set(note.diagnosis_codes.map((code) => code.toUpperCase()));

/** Average precision over all gold codes, those too that the table does not hold. */
function averagePrecision({ gold, coded }: Judged, most: number): number {
  let hits = 0;
  let sum = 0;
  coded.codes.slice(0, most).forEach(({ code }, i) => {
    if (gold.has(code)) sum += ++hits / (i + 1);
  });
  return gold.size ? sum / gold.size : 0;
}

const recallAt = ({ gold, coded }: Judged, most: number): number =>
  coded.codes.slice(0, most).filter(({ code }) => gold.has(code)).length / gold.size;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean over notes with a 95 % bootstrap interval. */
function overNotes(values: readonly number[]): string {
  const random = seeded(1);
  const means = Array.from({ length: 2000 }, () =>
    mean(values.map(() => values[Math.floor(random() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  const [low = 0, high = 0] = [means[49], means[1949]];
  return `${mean(values).toFixed(3)} (95 % ${low.toFixed(3)}–${high.toFixed(3)}, n ${values.length})`;
}

function microF1(notes: readonly Judged[], threshold: number): string {
  const taken = notes.flatMap(({ gold, coded }) =>
    coded.codes.filter((c) => c.confidence >= threshold).map((c) => gold.has(c.code)),
  );
  const right = taken.filter(Boolean).length;
  const all = notes.reduce((sum, { gold }) => sum + gold.size, 0);
  const f1 = (2 * right) / (taken.length + all);
  return `${f1.toFixed(3)} (precision ${(right / taken.length).toFixed(3)}, recall ${(right / all).toFixed(3)}, ${taken.length} taken of ${all} gold codes)`;
}

function goldFigures(notes: readonly Judged[], coder: Coder): string {
  const seen = new Set(read(TRAIN).flatMap((note) => [...goldOf(note)]));
  const gold = notes.flatMap((note) => [...note.gold]);
  const missing = gold.filter((code) => !coder.table.rowOf.has(code)).length;
  const known = gold.filter((code) => seen.has(code)).length;
  return `${gold.length} gold codes, ${missing} not in the table (never found), ${known} coded in a training note`;
}

test('codes of clinical notes', () => {
  const startedAt = performance.now();
  const coder = shippedCoder();
  const loadMs = performance.now() - startedAt;
  const rows = read(NOTES);
  for (const { text } of rows.slice(0, 30)) codeNote(coder, text, MOST_CODES);
  const times: number[] = [];
  const notes = rows.map((note): Judged => {
    const from = performance.now();
    const coded = codeNote(coder, note.text, MOST_CODES);
    times.push(performance.now() - from);
    return { gold: goldOf(note), coded };
  });
  times.sort((a, b) => a - b);
  const map = notes.map((note) => averagePrecision(note, MOST_CODES));
  const listed = notes.flatMap(({ gold, coded }) =>
    coded.codes.map((c): Scored => ({ score: c.confidence, right: gold.has(c.code) })),
  );
  const unseen = ofUnseenCodes(notes);
  for (const line of [
    'code: CodiEsp development notes, diagnosis codes; chosen by cross-validation on the training notes',
    goldFigures(notes, coder),
    `MAP over the list of 30: ${overNotes(map)}`,
    ...[5, 10, 15].map((k) => `MAP@${k}: ${overNotes(notes.map((n) => averagePrecision(n, k)))}`),
    ...[10, 30].map((k) => `recall@${k}: ${overNotes(notes.map((n) => recallAt(n, k)))}`),
    `codes that no training note has: recall@30 ${unseen}`,
    `micro F1 at confidence ${coder.trees.threshold}: ${microF1(notes, coder.trees.threshold)}`,
    `ECE of the candidates: ${expectedCalibrationError(listed).toFixed(3)} (n ${listed.length})`,
    `ms a note after warm-up: p50 ${times[125]?.toFixed(1)}, p95 ${times[237]?.toFixed(1)}; load ${loadMs.toFixed(0)} ms (Node)`,
  ])
    console.log(line);
  expect(mean(map)).toBeGreaterThanOrEqual(0.4);
});

function ofUnseenCodes(notes: readonly Judged[]): string {
  const seen = new Set(read(TRAIN).flatMap((note) => [...goldOf(note)]));
  let all = 0;
  let found = 0;
  for (const { gold, coded } of notes) {
    const unseen = [...gold].filter((code) => !seen.has(code));
    all += unseen.length;
    found += unseen.filter((code) => coded.codes.some((c) => c.code === code)).length;
  }
  return `${(found / all).toFixed(3)} (${found} of ${all})`;
}
