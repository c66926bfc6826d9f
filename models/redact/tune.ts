/**
 * Sets what the tagger's numbers mean, on the rows kept for tuning: `tsx models/redact/tune.ts <folder>`.
 * Thresholds for the best F2, the curve from shares to confidence, how often each rule is right, how sure a whole text is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitConfidence, type CalibrationRow } from '../../src/core/calibrate.ts';
import { plainText } from '../../src/core/plain-characters.ts';
import { findEntities } from '../../workers/tasks/redact/find.ts';
import { knownSpans } from '../../workers/tasks/redact/known.ts';
import { ruleSpans } from '../../workers/tasks/redact/rules.ts';
import { doubtFeatures } from '../../workers/tasks/redact/sureness.ts';
import {
  logOdds,
  NAME_TYPES,
  openTagger,
  rawNames,
  type RawName,
  type Tagger,
  type TaggerHeader,
} from '../../workers/tasks/redact/tagger.ts';
import { ner, pii, presidio, type GoldRow } from './corpora.ts';
import { Score, TYPE_OF } from './score.ts';

const THRESHOLDS = [0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7];
const LEAST_FINDS = 25;
/** For rules that the sets show too rarely: forms and check digits, a word beside it, bare digits, the rest. */
const UNSEEN = { form: 0.97, label: 0.9, digits: 0.6, other: 0.85 };

const [folder = ''] = process.argv.slice(2);
const read = (name: string): Uint8Array => readFileSync(join(folder, name));
const header: TaggerHeader = {
  ...(JSON.parse(readFileSync(join(folder, 'tagger.json'), 'utf8')) as TaggerHeader),
  thresholds: NAME_TYPES.map(() => 0.5),
  calibration: NAME_TYPES.map(() => [1, 0]),
  rules: {},
  whole: { weights: [0, 0], bias: 0 },
};

function openWith(changes: Partial<TaggerHeader>): Tagger {
  const json = new TextEncoder().encode(JSON.stringify({ ...header, ...changes }));
  const tagger = openTagger(json, read('weights.bin'), read('words.bin'));
  if (!tagger.ok) throw new Error(tagger.failure.message);
  return tagger.value;
}

const rows = [...presidio(), ...pii(), ...ner()].filter((row) => row.part === 'tune');
const sets = [...new Set(rows.map((row) => row.set))];
const plain = openWith({});

interface Judged {
  set: GoldRow['set'];
  name: RawName;
  isRight: boolean;
}

const meets = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end;
const isOf = (type: string, kind: number): boolean => TYPE_OF[type] === NAME_TYPES[kind];

function judge(threshold: number): { names: Judged[]; missed: number[][] } {
  const names: Judged[] = [];
  const missed = sets.map(() => NAME_TYPES.map(() => 0));
  for (const row of rows) {
    const text = plainText(row.text);
    const { raw } = rawNames(
      text.text,
      knownSpans(text.text),
      plain,
      NAME_TYPES.map(() => threshold),
    );
    const placed = raw.map((name) => {
      const [start, end] = text.spanOf(name.start, name.end);
      return { ...name, start, end };
    });
    for (const name of placed)
      names.push({
        set: row.set,
        name,
        isRight: row.spans.some((span) => isOf(span.type, name.kind) && meets(span, name)),
      });
    for (const span of row.spans)
      for (let kind = 0; kind < NAME_TYPES.length; kind++)
        if (
          isOf(span.type, kind) &&
          !placed.some((name) => name.kind === kind && meets(name, span))
        )
          (missed[sets.indexOf(row.set)] as number[])[kind] =
            ((missed[sets.indexOf(row.set)] as number[])[kind] ?? 0) + 1;
  }
  return { names, missed };
}

/** F2 of a kind, averaged over the sets that have enough of it. */
function f2Of(kind: number, { names, missed }: ReturnType<typeof judge>): number {
  const figures = sets.flatMap((set, at) => {
    const gold = rows
      .filter((row) => row.set === set)
      .flatMap((row) => row.spans)
      .filter((span) => isOf(span.type, kind)).length;
    if (gold < LEAST_FINDS) return [];
    const mine = names.filter((one) => one.set === set && one.name.kind === kind);
    const precision = mine.filter((one) => one.isRight).length / Math.max(1, mine.length);
    const recall = 1 - (missed[at]?.[kind] ?? 0) / gold;
    return [(5 * precision * recall) / Math.max(1e-9, 4 * precision + recall)];
  });
  return figures.reduce((sum, one) => sum + one, 0) / Math.max(1, figures.length);
}

const judged = THRESHOLDS.map(judge);
const best = NAME_TYPES.map((_, kind) => {
  const figures = judged.map((one) => f2Of(kind, one));
  return figures.indexOf(Math.max(...figures));
});
const thresholds = best.map((at) => THRESHOLDS[at] as number);
console.log(
  'thresholds',
  NAME_TYPES.map(
    (type, kind) =>
      `${type} ${thresholds[kind]} (F2 ${f2Of(kind, judged[best[kind] as number] as ReturnType<typeof judge>).toFixed(3)})`,
  ).join(', '),
);

const calibration = NAME_TYPES.map((_, kind): [number, number] => {
  const mine = (judged[best[kind] as number]?.names ?? []).filter((one) => one.name.kind === kind);
  const { weights, bias } = fitConfidence(
    mine.map((one): CalibrationRow => ({
      features: [logOdds(one.name.share)],
      right: one.isRight,
      inScope: true,
    })),
    0,
  );
  return [+(weights[0] ?? 1).toFixed(3), +bias.toFixed(3)];
});

/** Rules whose finds the sets do not name throughout (a date of a visit, an age, a link): no figure can be had from them. */
const NOT_NAMED: ReadonlySet<string> = new Set(['age', 'url', 'date', 'handle', 'domain', 'zip']);

/** Precision by rule, with one more right and one more wrong find than seen. */
function ruleFigures(): Record<string, number> {
  const counts = new Map<string, { right: number; all: number }>();
  for (const row of rows.filter((one) => one.set === 'presidio' || one.set === 'pii'))
    for (const span of ruleSpans(row.text)) {
      const count = counts.get(span.rule) ?? { right: 0, all: 0 };
      count.all++;
      if (row.spans.some((gold) => meets(gold, span))) count.right++;
      counts.set(span.rule, count);
    }
  const seen = [...counts]
    .filter(([rule, count]) => count.all >= LEAST_FINDS && !NOT_NAMED.has(rule))
    .map(([rule, count]): [string, number] => [
      rule,
      +((count.right + 1) / (count.all + 2)).toFixed(3),
    ]);
  return { ...UNSEEN, ...Object.fromEntries(seen.sort()) };
}

const rules = ruleFigures();
const tagger = openWith({ thresholds, calibration, rules });
const whole: CalibrationRow[] = rows.map((row) => {
  const found = findEntities(row.text, tagger);
  return {
    features: doubtFeatures(found, row.text.length),
    right: new Score().add(row, found.entities),
    inScope: true,
  };
});
const { weights, bias } = fitConfidence(whole, 0);
const tuned = {
  ...header,
  thresholds,
  calibration,
  rules,
  whole: { weights: weights.map((one) => +one.toFixed(4)), bias: +bias.toFixed(4) },
};
writeFileSync(join(folder, 'tagger.json'), JSON.stringify(tuned));
console.log(
  `${rows.length} rows, clean ${whole.filter((one) => one.right).length}`,
  JSON.stringify({ calibration, rules, whole: tuned.whole }),
);
