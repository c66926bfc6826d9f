/** Task `code`: golden notes through the shipped files, denial and family, only codes of the table, hostile input. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import { documentOfText, type ReadDocument } from '../../src/core/document.ts';
import { ok } from '../../src/core/failure.ts';
import type { Work, WorkManifest, WorkPorts } from '../../src/core/work.ts';
import { FAMILY, NEGATED, PAST, UNCERTAIN, contextOf } from '../../workers/tasks/code/context.ts';
import golden from '../../workers/tasks/code/golden.json' with { type: 'json' };
import { coderFrom, FILES, type CoderFiles } from '../../workers/tasks/code/load.ts';
import { columnsOf, readPhrases, writePhrases } from '../../workers/tasks/code/phrase-file.ts';
import { MOST_UNITS, run } from '../../workers/tasks/code/run.ts';
import { OutputSchema } from '../../workers/tasks/code/schema.ts';
import { readTable, writeTable } from '../../workers/tasks/code/table.ts';
import { sentencesOf, stemsOfText } from '../../workers/tasks/code/words.ts';

const FOLDER = join(import.meta.dirname, '../../public/fleet/icd10-codes/1.0.0');
const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as WorkManifest;
const unpacked = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gunzipSync(readFileSync(join(FOLDER, `${name}.gzip`))));
const files = Object.fromEntries(FILES.map((name) => [name, unpacked(name)])) as CoderFiles;
const table = readTable(new TextDecoder().decode(files['codes.txt']));

const ports = {
  now: () => 0,
  deadlineAt: 1000,
  file: (name: keyof CoderFiles) => Promise.resolve(ok(files[name])),
  onProgress: () => undefined,
} as unknown as WorkPorts;

async function coded(text: string, input: unknown = {}, change: Partial<ReadDocument> = {}) {
  const document = { ...documentOfText(text), ...change };
  const result = await run({ document, input, manifest } satisfies Work, ports);
  if (!result.ok) throw new Error(result.failure.message);
  expect(v.safeParse(OutputSchema, result.value.output).success).toBe(true);
  const codes = result.value.output?.codes ?? [];
  for (const { code, description, evidence } of codes) {
    expect(table.descriptions[table.rowOf.get(code) ?? -1]).toBe(description);
    if (evidence) expect(text.slice(evidence.start, evidence.end).trim()).not.toBe('');
  }
  return { ...result.value, codes };
}

const sure = (codes: readonly { code: string; confidence: number }[], least = 0.3): string[] =>
  codes.filter(({ confidence }) => confidence >= least).map(({ code }) => code);

beforeAll(() => coded('Fever.'), 30_000);

describe('golden notes', () => {
  test.each(golden.cases)('$name', async ({ text, expected }) => {
    const { codes, basis } = await coded(text);
    expect(basis).toBe('draft');
    const first = codes.slice(0, expected.length).map(({ code, evidence, confidence }) => ({
      code,
      evidence: evidence && text.slice(evidence.start, evidence.end),
      confidence: Math.round(confidence * 1000) / 1000,
    }));
    expect(first).toEqual(expected);
  });
});

describe('what is said about a finding', () => {
  test('a denied finding is not coded, a stated one is', async () => {
    expect(sure((await coded('The patient has fever and vomiting.')).codes)).toContain('R50.9');
    const denied = await coded('The patient has no fever, chills or vomiting. Denies headache.');
    for (const code of ['R50.9', 'R11.10', 'R51', 'R68.83'])
      expect(denied.codes.map((c) => c.code)).not.toContain(code);
    expect(denied.attempts[0]?.outcome).toMatch(/[1-9]\d* denied/);
  });

  test('denied in one sentence, stated in another', async () => {
    const { codes } = await coded('On admission no fever. On day three he developed fever.');
    const fever = codes.find(({ code }) => code === 'R50.9');
    expect(fever?.evidence?.start).toBeGreaterThan(22);
  });

  test('what the family has is not coded as the patient’s', async () => {
    const { codes } = await coded('Her mother had diabetes mellitus. Family history of asthma.');
    expect(codes.map(({ code }) => code)).not.toContain('E11.9');
    expect(codes.map(({ code }) => code)).not.toContain('J45.909');
  });

  const flagsOf = (text: string, word: string): number => {
    const [sentence = []] = sentencesOf(text);
    return contextOf(sentence)[sentence.findIndex(({ plain }) => plain === word)] ?? -1;
  };
  test.each([
    ['There was no evidence of metastasis', 'metastasis', NEGATED],
    ['Pulmonary embolism was ruled out', 'embolism', NEGATED],
    ['No fever but severe headache', 'headache', 0],
    ['A man with no relevant past history and anemia', 'anemia', 0],
    ['Father with diabetes', 'diabetes', FAMILY],
    ['Suspected appendicitis', 'appendicitis', UNCERTAIN],
    ['History of stroke', 'stroke', PAST],
  ])('%s: %s', (text, word, flag) => {
    const all = flagsOf(text, word);
    expect(flag === 0 ? all & NEGATED : all & flag).toBe(flag);
  });
});

describe('the table', () => {
  test('holds all 95,358 codes, and every code finds itself', () => {
    expect(table.codes.length).toBe(95_358);
    expect(table.descriptions[table.rowOf.get('A01.02') ?? -1]).toBe(
      'Typhoid fever with heart involvement',
    );
  });

  test('comes back from its packed form', () => {
    const rows = [
      { code: 'A00', description: 'Cholera', billable: false },
      { code: 'A00.0', description: 'Cholera due to “x”', billable: true },
      { code: 'B00', description: 'Other', billable: true },
    ];
    const back = readTable(writeTable(rows));
    expect(back.codes).toEqual(['A00', 'A00.0', 'B00']);
    expect(back.descriptions).toEqual(rows.map((row) => row.description));
    expect([...back.billable]).toEqual([0, 1, 1]);
  });

  test('the shipped phrases were made with these stems', () => {
    const phrases = readPhrases(files['phrases.bin']);
    const row = table.rowOf.get('K35.80') ?? -1;
    const at = phrases?.code.indexOf(row) ?? -1;
    const from = phrases?.length.slice(0, at).reduce((sum, n) => sum + n, 0) ?? 0;
    const stems = [...(phrases?.stems.slice(from, from + (phrases.length[at] ?? 0)) ?? [])];
    const words = stems.map((stem) => phrases?.vocabulary[stem]);
    expect(words).toEqual(stemsOfText(table.descriptions[row] ?? ''));
  });

  test('broken files are refused', () => {
    const broken = (change: Partial<CoderFiles>) => coderFrom({ ...files, ...change }).ok;
    expect(broken({ 'phrases.bin': files['phrases.bin'].slice(0, 999) })).toBe(false);
    expect(broken({ 'trees.json': new TextEncoder().encode('{}') })).toBe(false);
    expect(broken({ 'learned.json': new TextEncoder().encode('[') })).toBe(false);
    const one = columnsOf([{ stems: ['a', 'b'], code: 3, kind: 0 }]);
    expect(readPhrases(writePhrases(one))).toEqual(one);
  });
});

describe('bad input', () => {
  test('nothing to code', async () => {
    const work = { document: documentOfText(' \n'), input: {}, manifest };
    const result = await run(work, ports);
    expect(result.ok ? '' : result.failure.code).toBe('empty_input');
    const none = await coded('The parcel is on its way to you.');
    expect(sure(none.codes)).toEqual([]);
  });

  test('a wrong input', async () => {
    const document = documentOfText('Fever');
    const result = await run({ document, input: { max_codes: 31 }, manifest }, ports);
    expect(result.ok ? '' : result.failure.code).toBe('bad_request');
    expect((await coded('Fever, cough and headache.', { max_codes: 2 })).codes).toHaveLength(2);
  });

  test('a mebibyte is cut, with a doubt, in time', async () => {
    const started = performance.now();
    const { doubts } = await coded('Acute abdominal pain with fever and vomiting. '.repeat(22_800));
    expect(doubts.join()).toContain('Only the first');
    expect(doubts.join()).toContain(MOST_UNITS.toLocaleString('en-US'));
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 20_000);

  test('another language is doubted', async () => {
    const spanish = `Paciente de 45 años con antecedentes de hipertensión que acude por dolor abdominal y fiebre de tres
      días de evolución. En la exploración física se palpa una masa en la fosa ilíaca derecha sin signos de peritonismo.`;
    expect((await coded(spanish)).doubts.join()).toContain('English');
    const language = { code: 'es', score: 0.95 };
    expect((await coded('dolor abdominal', {}, { language })).doubts.join()).toContain('English');
  });

  test.each([
    ['one word of a mebibyte', 'a'.repeat(1_048_576)],
    ['signs alone', '.?!;:\n'.repeat(20_000)],
    ['one sentence without an end', 'pain '.repeat(30_000)],
    ['half a surrogate and names of the prototype', '\ud83d __proto__ constructor toString pain'],
  ])('%s', async (_, text) => {
    const started = performance.now();
    await coded(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
