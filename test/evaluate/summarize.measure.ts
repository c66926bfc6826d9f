/**
 * `npm run evaluate`: `summarize` through its shipped code and scorer on MTS-Dialog, ACI-Bench and QMSum: ROUGE against
 * the first three turns and against as many words from the start, what was invented, calibration, kinds, speed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { hasTranscripts, readRows, type Part, type Row } from '../../models/transcripts/corpora.ts';
import { isInReference } from '../../models/transcripts/in-reference.ts';
import { portsInNode, workOf } from '../../models/transcripts/ports-in-node.ts';
import { rouge, type Rouge } from '../../models/transcripts/rouge.ts';
import { sectionOfHeader } from '../../models/transcripts/note-sections.ts';
import type { SummarizeOutput } from '../../src/core/outputs.ts';
import { wilson } from '../../src/core/binomial.ts';
import { expectedCalibrationError } from '../../src/core/measure.ts';
import { seeded } from '../../src/core/random.ts';
import { readCandidates } from '../../workers/tasks/summarize/candidates.ts';
import { findKind } from '../../workers/tasks/summarize/find-kind.ts';
import { readTurns } from '../../workers/tasks/summarize/read-turns.ts';
import { run } from '../../workers/tasks/summarize/run.ts';
import type { Kind } from '../../workers/tasks/summarize/schema.ts';
import { spelled } from '../../workers/tasks/summarize/number-words.ts';
import { supportProblems } from '../../workers/tasks/summarize/support.ts';

const RESAMPLES = 2000;
const LEAD = 3;

interface Summarized {
  row: Row;
  output: SummarizeOutput;
  confidence: number;
  replaced: number;
}

const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const ports = hasTranscripts() ? portsInNode() : null;

test.skip(!hasTranscripts(), 'the data folder is not here (set FLOTILLA_DATA)');
test.describe.configure({ mode: 'serial' });
test.setTimeout(1_800_000);

async function summarize(row: Row, input: unknown): Promise<Summarized> {
  const found = await run(workOf(row.text, input), ports as NonNullable<typeof ports>);
  if (!found.ok || !found.value.output) throw new Error(`${row.id}: no summary`);
  const replaced = Number(
    /(\d+) quoted as they stand/.exec(found.value.attempts[0]?.outcome ?? '')?.[1],
  );
  return { row, output: found.value.output, confidence: found.value.confidence, replaced };
}

/** Turns in their words, without the speakers. */
const turnsOf = (text: string): string[] =>
  readTurns(text).turns.map((turn) => turn.lines.map(([a, b]) => text.slice(a, b)).join(' '));

const lead = (row: Row): string => turnsOf(row.text).slice(0, LEAD).join(' ');
const leadOfLength = (row: Row, words: number): string =>
  turnsOf(row.text).join(' ').split(/\s+/).slice(0, words).join(' ');

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** Mean in percent with the 95 % interval of the percentile bootstrap over groups (meetings, rows). */
function interval(values: readonly number[], groups: readonly string[]): string {
  const byGroup = new Map<string, number[]>();
  values.forEach((value, i) =>
    byGroup.set(groups[i] ?? '', [...(byGroup.get(groups[i] ?? '') ?? []), value]),
  );
  const all = [...byGroup.values()];
  const random = seeded(1);
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(all.flatMap(() => all[Math.floor(random() * all.length)] ?? [])),
  ).sort((a, b) => a - b);
  const at = (share: number): string =>
    ((means[Math.floor(share * RESAMPLES)] ?? 0) * 100).toFixed(1);
  return `${(mean(values) * 100).toFixed(1)} (${at(0.025)}–${at(0.975)})`;
}

const SETS: { title: string; of: (row: Row) => boolean }[] = [
  { title: 'MTS-Dialog', of: ({ set }) => set === 'mts_dialog' },
  { title: 'ACI-Bench', of: ({ set }) => set === 'aci_bench' },
  { title: 'QMSum, whole meeting', of: ({ set, query }) => set === 'qmsum' && query === null },
  { title: 'QMSum, question', of: ({ set, query }) => set === 'qmsum' && query !== null },
];

const done = new Map<Part, Summarized[]>();

for (const part of ['held_out', 'val'] as const)
  test(`ROUGE, ${part}`, async () => {
    const all: Summarized[] = [];
    for (const row of readRows(part))
      all.push(await summarize(row, row.query === null ? undefined : { query: row.query }));
    done.set(part, all);
    say(
      `\n### summarize, ${part === 'val' ? 'validation parts' : '15 % of the training parts, not trained on'}: ROUGE F1, 95 % bootstrap by row (QMSum: by meeting)`,
    );
    say(
      '| set | n | ROUGE-1 | ROUGE-2 | ROUGE-L | lead-3 R-1 | lead of the same length R-1 | gain over lead-3 |',
    );
    say('|---|---|---|---|---|---|---|---|');
    for (const { title, of } of SETS)
      report(
        title,
        all.filter(({ row }) => of(row)),
      );
  });

function report(title: string, rows: readonly Summarized[]): void {
  const groups = rows.map(({ row }) => row.id.split('#')[0] ?? '');
  const scores = rows.map(({ row, output }) => rouge(output.summary, row.reference));
  const first = rows.map(({ row }) => rouge(lead(row), row.reference).r1);
  const same = rows.map(
    ({ row, output }) =>
      rouge(leadOfLength(row, output.summary.split(/\s+/).length), row.reference).r1,
  );
  const of = (name: keyof Rouge): string =>
    interval(
      scores.map((score) => score[name]),
      groups,
    );
  const gain = scores.map(({ r1 }, i) => r1 - (first[i] ?? 0));
  say(
    `| ${title} | ${rows.length} | ${of('r1')} | ${of('r2')} | ${of('rL')} | ${interval(first, groups)} | ${interval(same, groups)} | ${interval(gain, groups)} |`,
  );
  expect(mean(gain)).toBeGreaterThan(0.05);
}

test('nothing is invented', () => {
  say(
    '\n| points | quoted because the check failed | numbers or units | names | negations | other words |',
  );
  say('|---|---|---|---|---|---|');
  const all = [...done.values()].flat();
  const counts = new Map<string, number>();
  let points = 0;
  for (const { row, output } of all) {
    // The label of the speaker stands before the words.
    const speakers = [...new Set(readTurns(row.text).turns.map(({ speaker }) => speaker ?? ''))];
    for (const point of output.points) {
      points++;
      const pieces = point.evidence.map(({ start, end }) => row.text.slice(start, end));
      const named = speakers.find((speaker) =>
        point.text.toLowerCase().startsWith(`${speaker.toLowerCase()}: `),
      );
      for (const { kind } of supportProblems(
        point.text,
        named ? [`${named}:`, ...pieces] : pieces,
        true,
      ))
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  const of = (...kinds: string[]): number =>
    kinds.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
  const replaced = all.reduce((sum, one) => sum + one.replaced, 0);
  say(
    `| ${points} | ${replaced} | ${of('number', 'unit')} | ${of('name')} | ${of('negation')} | ${of('word')} |`,
  );
  expect(of('number', 'unit', 'name', 'negation', 'word')).toBe(0);
});

test('an independent look: every digit and every capitalised word of a summary stands in its text', () => {
  let invented = 0;
  let numbers = 0;
  for (const { row, output } of done.get('val') ?? []) {
    // QMSum writes abbreviations as `L_C_D_`.
    const source = row.text.toLowerCase().replaceAll('_', '');
    for (const { text } of output.points) {
      const names = text.match(/(?<=[\p{Ll},] )\p{Lu}\p{L}+/gu) ?? [];
      invented += names.filter((name) => !source.includes(name.toLowerCase())).length;
      const figures = (text.match(/\d+/g) ?? []).filter((figure) => !source.includes(figure));
      numbers += figures.filter((figure) => !saidInWords(source, figure)).length;
    }
  }
  say(
    `\nValidation parts, capitalised words inside a point that the text does not have: ${invented}; figures that it has neither as figures nor in words: ${numbers}`,
  );
  expect(invented + numbers).toBe(0);
});

const saidInWords = (source: string, figure: string): boolean =>
  source
    .replaceAll('-', ' ')
    .replaceAll(' and ', ' ')
    .includes(spelled(Number(figure)) ?? '\n\n');

test('confidence: share of points that the reference has', () => {
  for (const set of ['consultation'] as const) {
    const rows = (done.get('val') ?? []).filter(
      ({ row }) => row.kind === set && row.query === null,
    );
    const shares = rows.map(({ row, output, confidence }) => ({
      confidence,
      share: mean(output.points.map(({ text }) => (isInReference(text, row.reference) ? 1 : 0))),
    }));
    const scored = rows.flatMap(({ row, output, confidence }) =>
      output.points.map(({ text }) => ({
        score: confidence,
        right: isInReference(text, row.reference),
      })),
    );
    say(
      `\n${set}, validation: mean confidence ${mean(shares.map((s) => s.confidence)).toFixed(3)}, points in the reference ${interval(
        shares.map((s) => s.share),
        rows.map(({ row }) => row.id),
      )} %, ECE over ${scored.length} points ${expectedCalibrationError(scored).toFixed(3)}`,
    );
  }
});

test('sections and kinds', () => {
  const visits = (done.get('val') ?? []).filter(({ row }) => sectionOfHeader(row.header) !== null);
  const right = visits.filter(({ row, output }) => {
    const sections = output.points.map(({ section }) => section);
    const most = [...new Set(sections)].sort(
      (a, b) => sections.filter((s) => s === b).length - sections.filter((s) => s === a).length,
    )[0];
    return most === sectionOfHeader(row.header);
  }).length;
  say(
    `\nSOAP part of an MTS-Dialog row by its points, validation: ${share(right, visits.length)}; always "subjective": ${share(visits.filter(({ row }) => sectionOfHeader(row.header) === 'subjective').length, visits.length)}`,
  );
  const texts = readRows('val').filter(({ query }) => query === null);
  const kinds = texts.filter(({ text, kind }) => kindOf(text) === kind).length;
  say(
    `Kind as it is written: ${share(kinds, texts.length)}; with the speakers' labels as letters: ${share(texts.filter(({ text, kind }) => kindOf(anonymous(text)) === kind).length, texts.length)}; without speakers, 12 turns or more: ${withoutSpeakers(texts)}`,
  );
});

const share = (k: number, n: number): string => {
  const [low, high] = wilson(k, n);
  return `${k} of ${n} (${(low * 100).toFixed(0)}–${(high * 100).toFixed(0)} %)`;
};

function kindOf(text: string): Kind {
  const transcript = readTurns(text);
  return findKind(transcript, readCandidates(text, transcript));
}

function anonymous(text: string): string {
  const letters = new Map<string, string>();
  return readTurns(text)
    .turns.map(({ speaker, lines: said }) => {
      const key = speaker ?? '';
      if (!letters.has(key)) letters.set(key, `Speaker ${String.fromCharCode(65 + letters.size)}`);
      return `${letters.get(key) ?? ''}: ${said.map(([a, b]) => text.slice(a, b)).join(' ')}`;
    })
    .join('\n');
}

function withoutSpeakers(rows: readonly Row[]): string {
  const long = rows.filter(({ text }) => readTurns(text).turns.length >= 12);
  return share(
    long.filter(({ text, kind }) => kindOf(turnsOf(text).join('\n')) === kind).length,
    long.length,
  );
}

test('speed', async () => {
  const meeting = readRows('val').find(({ set }) => set === 'qmsum')?.text ?? '';
  const long = meeting.repeat(Math.ceil(1_048_576 / meeting.length)).slice(0, 1_048_576);
  const many = Array.from({ length: 100_000 }, (_, i) => `Anna: point ${i}`).join('\n');
  const one = 'word '.repeat(209_715);
  for (const [name, text] of [
    ['1 MiB of meetings', long],
    ['100,000 lines', many],
    ['one line of 1 MiB', one],
  ] as const) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    const found = await run(workOf(text), ports as NonNullable<typeof ports>);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const busy = (user + system) / 1e6;
    say(`${name}: ${seconds.toFixed(1)} s, of the processor ${busy.toFixed(1)} s`);
    expect(found.ok).toBe(true);
    expect(busy).toBeLessThan(20);
  }
});

test('the abstractive tier, where abstractive.py wrote its texts', async () => {
  const file = 'models/build/abstractive.json';
  test.skip(!existsSync(file), 'models/transcripts/abstractive.py was not run');
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<
    'id' | 'dialogue' | 'zero' | 'one',
    string
  >[];
  const rows = new Map(readRows('held_out').map((row) => [row.text, row]));
  const pairs = texts.flatMap((text) =>
    rows.get(text.dialogue) ? [{ text, row: rows.get(text.dialogue) as Row }] : [],
  );
  const ids = pairs.map(({ row }) => row.id);
  const ours = await Promise.all(pairs.map(({ row }) => summarize(row, undefined)));
  say(`\nHouse model against extracts, ${pairs.length} MTS-Dialog rows that training did not see:`);
  say(
    `extracts R-1 ${interval(
      ours.map(({ row, output }) => rouge(output.summary, row.reference).r1),
      ids,
    )}`,
  );
  for (const prompt of ['zero', 'one'] as const) {
    const r1 = pairs.map(({ text, row }) => rouge(text[prompt], row.reference).r1);
    const wrong = pairs.filter(
      ({ text, row }) => supportProblems(text[prompt], turnsOf(row.text), false).length > 0,
    ).length;
    say(
      `${prompt}-shot R-1 ${interval(r1, ids)}; with a number, name or negation that the dialogue does not support: ${share(wrong, pairs.length)}`,
    );
  }
});

test.afterAll(() => {
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/summarize.md', `${lines.join('\n')}\n`);
});
