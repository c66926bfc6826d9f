/** Net, tax and gross of a document, chosen together: what adds up is preferred to what scores a little higher. */
import { decimalOf, moneyOf, ONE, type Money } from './amounts.ts';
import { amountCandidates, type Candidate } from './candidates.ts';
import { choose, type Choice } from './choose.ts';
import type { Context } from './context.ts';
import { labelBefore } from './labelled.ts';
import type { LabelClass } from './labels.ts';
import type { Scorer } from './trees.ts';

export interface Totals {
  net: Choice | null;
  tax: Choice | null;
  gross: Choice | null;
  /** A gross amount for which nothing but its label speaks; null where there is a better one. */
  called: Choice | null;
  /** Net + tax = gross. */
  agree: boolean;
}

/** How much log-odds the agreement of three amounts is worth. */
const AGREEMENT = 6;
/** Below these log-odds a total that stands alone is not named. */
const LEAST = -1.5;
const CENTS = ONE / 50;
const CALLED: LabelClass[] = ['gross', 'due_amount', 'total'];

interface Option {
  money: Money;
  score: number;
  candidate: Candidate;
}

const moneyIn = (candidate: Candidate): Money => moneyOf(candidate.value) ?? 0;

export function chooseTotals(context: Context, scorerOf: (field: string) => Scorer): Totals {
  const candidates = amountCandidates(context, decimalOf);
  const alone = {
    net: choose(candidates, scorerOf('net')),
    tax: choose(candidates, scorerOf('tax')),
    gross: choose(candidates, scorerOf('gross')),
  };
  const options = (choice: Choice | null): Option[] =>
    choice
      ? [
          { money: moneyIn(choice.candidate), score: choice.score, candidate: choice.candidate },
          ...choice.rivals.map(({ score, candidate }) => ({
            money: moneyIn(candidate),
            score,
            candidate,
          })),
        ]
      : [];
  const best = bestTriple(options(alone.net), options(alone.tax), options(alone.gross));
  const sure = (choice: Choice | null): Choice | null =>
    choice && choice.score > LEAST ? choice : null;
  const called = isCalledTotal(context, alone.gross?.candidate, candidates) ? alone.gross : null;
  const single = {
    net: sure(alone.net),
    tax: sure(alone.tax),
    gross: sure(alone.gross),
    called: sure(alone.gross) ? null : called,
    agree: false,
  };
  if (!best) return single;
  const apart = [alone.net, alone.tax, alone.gross].reduce(
    (sum, choice) => sum + (choice?.score ?? -6),
    0,
  );
  if (best.score + AGREEMENT < apart) return single;
  const take = (choice: Choice | null, option: Option | null): Choice | null =>
    choice && option && { ...choice, candidate: option.candidate, score: option.score };
  return {
    net: take(alone.net, best.net),
    tax: take(alone.tax, best.tax),
    gross: take(alone.gross, best.gross),
    called: null,
    agree: true,
  };
}

/** `Total due: €119.00`, and no amount of the document is larger. */
function isCalledTotal(
  context: Context,
  candidate: Candidate | undefined,
  all: readonly Candidate[],
): boolean {
  if (!candidate) return false;
  const labels = context.labelsOf(labelBefore(context, candidate));
  return (
    CALLED.some((name) => labels.get(name) === 0) &&
    all.every((other) => moneyIn(other) <= moneyIn(candidate))
  );
}

interface Triple {
  net: Option | null;
  tax: Option | null;
  gross: Option | null;
  score: number;
}

/** The amounts that add up with the largest sum of log-odds. */
function bestTriple(nets: Option[], taxes: Option[], grosses: Option[]): Triple | null {
  let best: Triple | null = null;
  for (const net of nets)
    for (const gross of grosses)
      for (const tax of taxes) {
        const score = net.score + gross.score + tax.score;
        if (Math.abs(net.money + tax.money - gross.money) > CENTS || (best && score <= best.score))
          continue;
        if (tax.money === net.money || (tax.money !== 0 && tax.money === gross.money)) continue;
        best = { net, tax, gross, score };
      }
  return best;
}

/** Figures for the calibration of a total. */
export const totalEvidence = (choice: Choice, agree: boolean): number[] => [
  ...choice.evidence.slice(1),
  choice.score,
  agree ? 1 : 0,
];
