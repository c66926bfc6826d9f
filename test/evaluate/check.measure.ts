/**
 * `npm run evaluate`: `check` through its shipped code and files. EN 16931 rules against the published fragments and
 * valid documents, AI4I's published failure rules in our form, the JSON schema tests, generated inspection reports.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DATA_DIR, readCsv } from '../../models/heads/corpora.ts';
import { wilson } from '../../src/core/binomial.ts';
import { documentOfText } from '../../src/core/document.ts';
import type { CheckOutput } from '../../src/core/outputs.ts';
import { seeded } from '../../src/core/random.ts';
import { familyOf, implementedRules } from '../../workers/tasks/check/en16931/rules.ts';
import { run } from '../../workers/tasks/check/run.ts';
import { errorsOf } from '../../workers/tasks/check/specification/json-schema.ts';
import { checkManifest, checkPorts } from '../unit/doubles/check-ports.ts';
import { inspection } from './inspections.ts';

test.setTimeout(900_000);

async function check(id: string, text: string, input?: unknown): Promise<CheckOutput> {
  const work = { document: documentOfText(text), input, manifest: checkManifest(id) };
  const found = await run(work, checkPorts(id));
  if (!found.ok || !found.value.output)
    throw new Error(found.ok ? 'no output' : found.failure.message);
  return found.value.output;
}

const share = (right: number, n: number): string => {
  const [low, high] = wilson(right, n);
  return `${right} of ${n} (${((100 * right) / n).toFixed(2)} %, 95 % ${(100 * low).toFixed(2)}–${(100 * high).toFixed(2)})`;
};
const jsonLines = <Row>(path: string): Row[] =>
  readFileSync(join(DATA_DIR, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
const needs = (folder: string) => {
  test.skip(
    !existsSync(join(DATA_DIR, folder)),
    `the data folder has no ${folder} (set FLOTILLA_DATA)`,
  );
};

interface Case {
  id: string;
  xml: string;
  expected: { rule: string; outcome: 'pass' | 'fail' | 'warn' }[];
}

test('EN 16931: published fragments and valid documents', async () => {
  needs('en16931_rules');
  const implemented = new Set(implementedRules());
  const families = new Map<string, { right: number; wrong: number; absent: number }>();
  for (const { id, xml, expected } of jsonLines<Case>('en16931_rules/cases.jsonl')) {
    const { clauses } = await check('en16931', xml);
    for (const { rule, outcome } of expected) {
      const family = families.get(familyOf(rule)) ?? { right: 0, wrong: 0, absent: 0 };
      families.set(familyOf(rule), family);
      const verdict = clauses.find((clause) => clause.id === rule)?.verdict;
      const right =
        outcome === 'pass'
          ? verdict === 'pass' || verdict === 'not_applicable'
          : verdict === 'fail';
      if (!implemented.has(rule)) family.absent++;
      else if (right) family.right++;
      else family.wrong++;
      if (implemented.has(rule) && !right)
        console.log(`  wrong: ${id} ${rule} expected ${outcome}, got ${String(verdict)}`);
    }
  }
  const all = [...families.values()];
  const right = all.reduce((sum, family) => sum + family.right, 0);
  const total = all.reduce((sum, family) => sum + family.right + family.wrong + family.absent, 0);
  console.log(
    `EN 16931: ${implemented.size} rules implemented; fragments agreed with: ${share(right, total)}`,
  );
  for (const [family, { right: good, wrong, absent }] of families)
    console.log(`  ${family.padEnd(8)} ${good} right, ${wrong} wrong, ${absent} not implemented`);
  expect(right).toBe(total);

  const texts = readFileSync(join(DATA_DIR, 'en16931_rules/rules.csv'), 'utf8').matchAll(
    /^([A-Z]+-[A-Z\d-]+),/gm,
  );
  const missing = [...texts]
    .map((match) => match[1] ?? '')
    .filter((rule) => !implemented.has(rule));
  console.log(
    `  rules with a published text that are not implemented: ${missing.join(', ') || 'none'}`,
  );

  const alarms: string[] = [];
  const documents = jsonLines<{ id: string; xml: string }>('en16931_rules/full_documents.jsonl');
  const folder = join(DATA_DIR, 'zugferd');
  if (existsSync(folder))
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.xml')))
      documents.push({ id: name, xml: readFileSync(join(folder, name), 'utf8') });
  for (const { id, xml } of documents)
    for (const clause of (await check('en16931', xml)).clauses)
      if (clause.verdict === 'fail' || clause.verdict === 'unclear')
        alarms.push(`${id}: ${clause.id} ${clause.verdict}`);
  console.log(
    `  false alarms on ${documents.length} valid documents (UBL and CII): ${alarms.length} ${alarms.join(', ')}`,
  );
  expect(alarms).toEqual([]);
});

const RADIANS_PER_SECOND = (2 * Math.PI) / 60;
const field = (name: string) => ({ var: name });
const POWER = { '*': [field('Torque'), field('Speed'), RADIANS_PER_SECOND] };
const STRAIN = { '*': [field('Wear'), field('Torque')] };
/** Matzka 2020: a machine holds where the failure rule does not. */
const FAILURES = [
  {
    id: 'HDF',
    requirement: 'Heat goes off: at least 8.6 K warmer than the air, or at least 1380 rpm.',
    rule: {
      or: [
        { '>=': [{ '-': [field('Process'), field('Air')] }, 8.6] },
        { '>=': [field('Speed'), 1380] },
      ],
    },
  },
  { id: 'PWF', requirement: 'Power between 3500 and 9000 W.', rule: { '<=': [3500, POWER, 9000] } },
  {
    id: 'OSF',
    requirement: 'Wear × torque at most 11,000 (L), 12,000 (M), 13,000 (H) minNm.',
    rule: {
      '<=': [
        STRAIN,
        {
          if: [
            { '==': [field('Type'), 'L'] },
            11_000,
            { '==': [field('Type'), 'M'] },
            12_000,
            13_000,
          ],
        },
      ],
    },
  },
];

test('AI4I 2020: the published failure rules in our form', async () => {
  needs('ai4i2020');
  const rows = readCsv('ai4i2020/ai4i2020.csv').map(
    (row) => new Map(Object.entries(row).map(([name, value]) => [name.trim(), value.trim()])),
  );
  const right = new Map(FAILURES.map(({ id }) => [id, 0]));
  let whole = 0;
  for (const row of rows) {
    const number = (name: string) => Number(row.get(name));
    const record = {
      Type: row.get('Type'),
      Air: number('Air temperature [K]'),
      Process: number('Process temperature [K]'),
      Speed: number('Rotational speed [rpm]'),
      Torque: number('Torque [Nm]'),
      Wear: number('Tool wear [min]'),
    };
    const { clauses } = await check('specifications', '', {
      specification: { rules: FAILURES },
      record,
    });
    const agree = clauses.map(
      (clause) => (clause.verdict === 'fail') === (row.get(clause.id) === '1'),
    );
    clauses.forEach((clause, i) =>
      right.set(clause.id, (right.get(clause.id) ?? 0) + Number(agree[i])),
    );
    whole += Number(agree.every(Boolean));
  }
  console.log(
    `AI4I 2020: all three rules as published: ${share(whole, rows.length)}; ${[...right].map(([id, n]) => `${id} ${n}`).join(', ')}`,
  );
  expect(whole).toBe(rows.length);
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });

interface SchemaGroup {
  schema: unknown;
  tests: { data: unknown; valid: boolean }[];
}

test('JSON schema: the test suite through the shipped validator', () => {
  needs('json_schema_tests');
  const root = join(DATA_DIR, 'json_schema_tests');
  for (const [folder, draft] of [
    ['draft7', '7'],
    ['draft2020-12', '2020-12'],
  ] as const) {
    const remotes = filesBelow(join(root, 'remotes')).flatMap((file): object[] => {
      const name = file.slice(join(root, 'remotes').length + 1);
      if (name.startsWith('draft') && !name.startsWith(folder)) return [];
      const schema = JSON.parse(readFileSync(file, 'utf8')) as object | boolean;
      return typeof schema === 'object'
        ? [{ $id: `http://localhost:1234/${name}`, ...schema }]
        : [];
    });
    for (const kind of ['required', 'optional'] as const) {
      const files = filesBelow(join(root, 'tests', folder)).filter(
        (file) => file.includes('/optional/') === (kind === 'optional'),
      );
      const wrong = new Map<string, number>();
      let [right, total] = [0, 0];
      for (const file of files)
        for (const { schema, tests } of JSON.parse(readFileSync(file, 'utf8')) as SchemaGroup[])
          for (const { data, valid } of tests) {
            total++;
            const errors = errorsOf(schema, data, remotes, draft);
            if (typeof errors !== 'string' && (errors.length === 0) === valid) right++;
            else
              wrong.set(
                file.split('/').at(-1) ?? '',
                (wrong.get(file.split('/').at(-1) ?? '') ?? 0) + 1,
              );
          }
      console.log(
        `JSON schema ${folder}, ${kind} parts: ${share(right, total)}; not as the suite says: ${[...wrong].map(([name, n]) => `${name} ${n}`).join(', ')}`,
      );
      if (kind === 'required') expect(right / total).toBeGreaterThan(0.95);
    }
  }
});

test('inspection reports: generated with known answers, four languages, mixed units and number formats', async () => {
  const random = seeded(2768);
  const N = 2_000;
  const counts = { right: 0, unclear: 0, wrong: 0 };
  for (let i = 0; i < N; i++) {
    const { specification, text, expected } = inspection(random);
    const { clauses } = await check('specifications', text, { specification });
    clauses.forEach((clause, at) => {
      if (clause.verdict === expected[at]) counts.right++;
      else if (clause.verdict === 'unclear') counts.unclear++;
      else {
        counts.wrong++;
        if (counts.wrong <= 5)
          console.log(
            `  wrong: ${clause.requirement} | ${clause.verdict}, not ${String(expected[at])} | ${text}`,
          );
      }
    });
  }
  const n = counts.right + counts.unclear + counts.wrong;
  console.log(
    `Inspection reports (generated): ${share(counts.right, n)} right, ${counts.unclear} said to be unclear, ${counts.wrong} wrong`,
  );
  expect(counts.wrong / n).toBeLessThan(0.005);
});

test('5,000 clauses', async () => {
  const letters = (i: number) =>
    [i % 26, Math.floor(i / 26) % 26, Math.floor(i / 676)]
      .map((k) => String.fromCharCode(97 + k))
      .join('');
  const ms: number[] = [];
  for (const count of [1_250, 5_000]) {
    const names = Array.from({ length: count }, (_, i) => `Length ${letters(i)}`);
    const startedAt = performance.now();
    const { clauses } = await check(
      'specifications',
      names.map((name) => `${name}: 12.03 mm`).join('\n'),
      {
        specification: names
          .map((name, i) => `${i + 1}. The ${name} shall not exceed 12.05 mm.`)
          .join('\n'),
      },
    );
    ms.push(performance.now() - startedAt);
    expect(clauses.every((clause) => clause.verdict === 'pass')).toBe(true);
  }
  console.log(
    `Numbered clauses: 1,250 in ${ms[0]?.toFixed(0)} ms, 5,000 in ${ms[1]?.toFixed(0)} ms`,
  );
});
