/** Every figure of task `redact`, through the shipped code and files: `npm run evaluate -- redact`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { hasData } from '../../models/heads/corpora.ts';
import { ner, pii, presidio, type GoldRow } from '../../models/redact/corpora.ts';
import { makeIdentifiers } from '../../models/redact/identifiers.ts';
import {
  characterRates,
  exactRates,
  overlapRates,
  Score,
  type Rates,
} from '../../models/redact/score.ts';
import { wilson } from '../../src/core/binomial.ts';
import { expectedCalibrationError } from '../../src/core/measure.ts';
import type { EntityType } from '../../src/core/outputs.ts';
import { findEntities } from '../../workers/tasks/redact/find.ts';
import { ruleSpans } from '../../workers/tasks/redact/rules.ts';
import { sureness } from '../../workers/tasks/redact/sureness.ts';
import { openTagger } from '../../workers/tasks/redact/tagger.ts';

const FOLDER = join(import.meta.dirname, '../../public/fleet/personal-data/1.0.0');
const unpacked = (name: string): Uint8Array =>
  gunzipSync(readFileSync(join(FOLDER, `${name}.gzip`)));
const opened = openTagger(unpacked('tagger.json'), unpacked('weights.bin'), unpacked('words.bin'));
if (!opened.ok) throw new Error(opened.failure.message);
const tagger = opened.value;

const REAL: ReadonlySet<EntityType> = new Set(['person', 'organization', 'location', 'username']);
const ROUNDS = 1000;

const three = (value: number): string => value.toFixed(3);
const line = ({ precision, recall, f2 }: Rates): string =>
  `precision ${three(precision)}, recall ${three(recall)}, F2 ${three(f2)}`;

/** 95 % interval of a figure over rows drawn again with replacement, whole templates at a time. */
function interval(parts: readonly Score[], figure: (score: Score) => number): string {
  let state = 1;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * parts.length);
  };
  const figures = Array.from({ length: ROUNDS }, () => {
    const score = new Score();
    for (let i = 0; i < parts.length; i++) score.join(parts[draw()] as Score);
    return figure(score);
  }).sort((a, b) => a - b);
  return `[${three(figures[Math.floor(0.025 * ROUNDS)] ?? 0)}, ${three(figures[Math.floor(0.975 * ROUNDS)] ?? 0)}]`;
}

function measure(name: string, rows: readonly GoldRow[], only?: ReadonlySet<EntityType>): Score {
  const byTemplate = new Map<string, Score>();
  const whole = new Score();
  const sure: { score: number; right: boolean }[] = [];
  const single: { score: number; right: boolean }[] = [];
  for (const [index, row] of rows.entries()) {
    const found = findEntities(row.text, tagger);
    const key = row.template === '' ? String(index) : row.template;
    const part = byTemplate.get(key) ?? new Score();
    byTemplate.set(key, part);
    const isClean = part.add(row, found.entities, only);
    sure.push({ score: sureness(found, row.text.length, tagger.header), right: isClean });
    for (const { type, start, end, confidence } of found.entities)
      if (only === undefined || only.has(type))
        single.push({
          score: confidence,
          right: row.spans.some((span) => span.start < end && start < span.end),
        });
  }
  const parts = [...byTemplate.values()];
  parts.forEach((part) => whole.join(part));
  console.log(
    `\n${name}: ${rows.length} rows of ${parts.length} templates, ${whole.all.gold} spans`,
  );
  console.log(
    `  by type, overlapping: ${line(overlapRates(whole.all))}, F2 95 % ${interval(parts, (s) => overlapRates(s.all).f2)}`,
  );
  console.log(
    `  by type, exact:       ${line(exactRates(whole.all))}, F2 95 % ${interval(parts, (s) => exactRates(s.all).f2)}`,
  );
  console.log(
    `  characters, any type: ${line(characterRates(whole))}, F2 95 % ${interval(parts, (s) => characterRates(s).f2)}`,
  );
  console.log(
    `  nothing left: ${whole.clean} of ${whole.rows} rows, 95 % [${wilson(whole.clean, whole.rows).map(three).join(', ')}]`,
  );
  console.log(
    `  ECE of single finds ${three(expectedCalibrationError(single))} (n ${single.length}), of whole texts ${three(expectedCalibrationError(sure))}`,
  );
  for (const [type, counts] of [...whole.byType].sort())
    console.log(
      `    ${type.padEnd(14)} gold ${counts.gold}, found ${counts.found}: overlapping ${line(overlapRates(counts))}; exact ${line(exactRates(counts))}`,
    );
  return whole;
}

test.describe('redact', () => {
  test('structured identifiers', () => {
    const made = makeIdentifiers(12_400, 2027);
    const missed = new Map<string, string[]>();
    let rightType = 0;
    for (const { kind, type, text, value, start } of made) {
      const spans = ruleSpans(text);
      const places = Array.from({ length: value.length }, (_, at) => start + at);
      const isLeft = places.some(
        (at) =>
          /[\p{L}\p{N}]/u.test(text[at] ?? '') &&
          !spans.some((one) => one.start <= at && at < one.end),
      );
      if (isLeft) missed.set(kind, [...(missed.get(kind) ?? []), text]);
      if (
        spans.some(
          (one) => one.type === type && one.start < start + value.length && start < one.end,
        )
      )
        rightType++;
    }
    const misses = [...missed.values()].flat();
    const hits = made.length - misses.length;
    console.log(
      `\nstructured identifiers: ${hits} of ${made.length} wholly covered, 95 % [${wilson(hits, made.length).map(three).join(', ')}]; with the expected type ${rightType}`,
    );
    console.log(
      [...missed]
        .map(([kind, texts]) => `  ${kind}: ${texts.length}, e.g. ${JSON.stringify(texts[0])}`)
        .join('\n'),
    );
    expect(hits).toBe(made.length);
  });

  test('held-out templates and real text', () => {
    test.skip(!hasData(), 'FLOTILLA_DATA is missing');
    const rows = [...presidio(), ...pii(), ...ner()].filter((row) => row.part === 'test');
    const of = (set: GoldRow['set']): GoldRow[] => rows.filter((row) => row.set === set);
    const sentences = measure('presidio_research', of('presidio'));
    const records = measure('pii_anon_eval', of('pii'));
    measure('Broad Twitter Corpus, validation (names only)', of('btc'), REAL);
    measure('WNUT17, validation (names only)', of('wnut'), REAL);
    expect(overlapRates(records.all).f2).toBeGreaterThan(0.9);
    expect(characterRates(sentences).f2).toBeGreaterThan(0.9);
  });

  test('speed', () => {
    test.skip(!hasData(), 'FLOTILLA_DATA is missing');
    const text = pii()
      .map((row) => row.text)
      .join('\n\n')
      .slice(0, 1_048_576);
    const time = (name: string, input: string, work: () => unknown): void => {
      const cpu = process.cpuUsage();
      const started = performance.now();
      work();
      const seconds = (performance.now() - started) / 1000;
      const busy = process.cpuUsage(cpu).user / 1e6;
      console.log(
        `  ${name}: ${(input.length / 1024 / seconds).toFixed(0)} KB/s by the clock, ${(input.length / 1024 / busy).toFixed(0)} KB per second of the processor (${seconds.toFixed(1)} s)`,
      );
      expect(busy).toBeLessThan(10);
    };
    console.log('\nspeed, 1 MiB');
    time('rules, records', text, () => ruleSpans(text));
    time('whole task, records', text, () => findEntities(text, tagger));
    for (const unit of ['1 ', 'A1 ', '2020-', 'id: ', 'Anna Meier ', '北京']) {
      const hostile = unit.repeat(Math.ceil(1_048_576 / unit.length));
      time(`whole task, ${JSON.stringify(unit)} repeated`, hostile, () =>
        findEntities(hostile, tagger),
      );
    }
  });
});
