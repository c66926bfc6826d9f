/** One clause held against what was measured: the worst value is quoted, and nothing is guessed. */
import type { ClauseResult } from '../../../../src/core/outputs.ts';
import {
  nameKey,
  type Clause,
  type LimitDemand,
  type PhraseDemand,
  type WordDemand,
} from './clause.ts';
import { holds, margin } from './limits.ts';
import type { Measurement, Measurements } from './measurements.ts';
import { ambiguityReason, summaryOf, type Summary, type Value } from './summary.ts';

type Judged = Pick<ClauseResult, 'verdict' | 'found' | 'evidence'> & { reason?: string };

/** Summaries by parameter and unit. */
export type Summaries = Map<string, Summary>;

function summaryFor(demand: LimitDemand, measurements: Measurements, kept: Summaries): Summary {
  const parameter = nameKey(demand.parameter);
  const key = `${parameter}\n${demand.unit?.written ?? ''}`;
  const known = kept.get(key);
  if (known) return known;
  const summary = summaryOf(measurements.get(parameter) ?? [], demand.unit);
  kept.set(key, summary);
  return summary;
}

/** The value that is furthest outside the limit, or closest to its edge: one of the two ends. */
function worstOf(
  { limit }: LimitDemand,
  { least, most }: Summary,
): (Value & { ok: boolean }) | null {
  const ends = [least, most].filter((end) => end !== null);
  const judged = ends.map((end) => ({
    ...end,
    ok: holds(limit, end.value),
    inside: margin(limit, end.value),
  }));
  return judged.reduce<(typeof judged)[number] | null>(
    (worst, one) =>
      !worst || (one.ok === worst.ok ? one.inside.lt(worst.inside) : !one.ok) ? one : worst,
    null,
  );
}

/** A measurement that no rule can judge, unless another one already breaks the limit. */
function doubtOf({ limit }: LimitDemand, { unclear, secondReadings }: Summary): Summary['unclear'] {
  if (unclear) return unclear;
  const twofold = secondReadings.find(
    ({ value, first }) => holds(limit, value) !== holds(limit, first),
  );
  return twofold ? { measurement: twofold.measurement, reason: ambiguityReason } : null;
}

function judgeLimit(demand: LimitDemand, summary: Summary): Judged {
  const worst = worstOf(demand, summary);
  const doubt = doubtOf(demand, summary);
  if (doubt && (worst?.ok !== false || doubt.measurement === worst.measurement))
    return { ...quote(doubt.measurement), verdict: 'unclear', reason: doubt.reason };
  if (!worst) return { verdict: 'missing', found: null, evidence: null };
  const reasons = [
    summary.count > 1 ? `The worst of ${summary.count} measurements.` : null,
    summary.assumedUnit ? `No unit is given there; taken as ${demand.unit?.written ?? ''}.` : null,
  ].filter((reason) => reason !== null);
  return {
    ...quote(worst.measurement),
    verdict: worst.ok ? 'pass' : 'fail',
    ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}),
  };
}

const quote = (measurement: Measurement): Pick<Judged, 'found' | 'evidence'> => ({
  found: measurement.found,
  evidence: measurement.at,
});

/** Every value is one of the allowed words. */
function judgeWords(demand: WordDemand, measurements: readonly Measurement[]): Judged {
  const allowed = new Set(demand.allowed.map(nameKey));
  const wrong = measurements.find((measurement) => !allowed.has(nameKey(measurement.found)));
  const shown = wrong ?? measurements[0];
  if (!shown) return { verdict: 'missing', found: null, evidence: null };
  if (!wrong) return { ...quote(shown), verdict: 'pass' };
  // Running text may say the word among others: then a person has to read it.
  const among = ` ${nameKey(wrong.found)} `;
  if ([...allowed].some((word) => among.includes(` ${word} `)))
    return { ...quote(wrong), verdict: 'unclear', reason: 'The word stands there among others.' };
  return { ...quote(wrong), verdict: 'fail' };
}

/** Whole words, without regard to case. */
function judgePhrase({ phrase, present }: PhraseDemand, text: string, lower: string): Judged {
  const wanted = phrase.trim().toLowerCase();
  const isLetter = (at: number) => /[\p{L}\p{N}]/u.test(text[at] ?? '');
  let start = lower.indexOf(wanted);
  while (start >= 0 && (isLetter(start - 1) || isLetter(start + wanted.length)))
    start = lower.indexOf(wanted, start + 1);
  if (start < 0)
    return present
      ? {
          verdict: 'fail',
          found: null,
          evidence: null,
          reason: `"${phrase}" does not stand in the document.`,
        }
      : { verdict: 'pass', found: null, evidence: null };
  const end = start + wanted.length;
  return {
    verdict: present ? 'pass' : 'fail',
    found: text.slice(start, end),
    evidence: { start, end },
  };
}

/** Everything but rules of JSON logic and open clauses, which `null` is for. */
export function judgeClause(
  clause: Clause,
  measurements: Measurements,
  document: { text: string; lower: string },
  kept: Summaries,
): Judged | null {
  const { demand } = clause;
  if (demand.kind === 'phrase') return judgePhrase(demand, document.text, document.lower);
  if (demand.kind !== 'limit' && demand.kind !== 'words') return null;
  if (demand.kind === 'words')
    return judgeWords(demand, measurements.get(nameKey(demand.parameter)) ?? []);
  return judgeLimit(demand, summaryFor(demand, measurements, kept));
}
