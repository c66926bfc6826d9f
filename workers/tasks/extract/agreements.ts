/** How the amounts of a document support each other: sums and differences that hold to the cent. */
import { ONE, type Money } from './amounts.ts';

/** Most distinct amounts that are compared with each other. */
const MOST = 80;
/** Cash is rounded to five or ten cents in several countries. */
const ROUNDING = ONE / 10;

/**
 * Of each amount v: is it a sum of two others; the larger part of a sum; the sum of the amounts before it; a total that is
 * off by a rounding; cash less change; the sum of all smaller ones in a run.
 */
export function agreementsOf(amounts: readonly Money[]): Map<Money, number[]> {
  const distinct = [...new Set(amounts)];
  const few =
    distinct.length > MOST ? [...distinct].sort((a, b) => b - a).slice(0, MOST) : distinct;
  const known = new Set(few);
  const out = new Map<Money, number[]>();
  for (const v of distinct) {
    const parts = few.filter((a) => a !== 0 && a !== v && known.has(v - a) && v - a !== 0);
    const sums = few.filter((a) => a !== 0 && known.has(v + a));
    const close = few.some((a) => a !== v && Math.abs(a - v) <= ROUNDING && known.has(a - v));
    out.set(v, [
      Math.min(parts.length, 6),
      Math.min(sums.length, 6),
      close ? 1 : 0,
      runBefore(amounts, v),
      rateOf(v, few),
    ]);
  }
  return out;
}

/** Longest run of amounts right before the first place of v that adds up to v. */
function runBefore(amounts: readonly Money[], v: Money): number {
  const at = amounts.indexOf(v);
  let sum = 0;
  let best = 0;
  for (let i = at - 1; i >= Math.max(0, at - 40); i--) {
    sum += amounts[i] as Money;
    if (Math.abs(sum - v) <= ROUNDING / 10) best = at - i;
  }
  return best;
}

const RATES = [0.05, 0.06, 0.07, 0.077, 0.081, 0.055, 0.1, 0.19, 0.2, 0.21, 0.22, 0.23, 0.25];

/** 1 where v = net · (1 + r) for another amount and a usual rate, 2 where v is the net, 3 where it is the tax. */
function rateOf(v: Money, others: readonly Money[]): number {
  const known = new Set(others);
  if (v <= 0) return 0;
  for (const a of others) {
    if (a <= 0 || a === v) continue;
    for (const rate of RATES) {
      const near = (x: Money, y: Money): boolean => Math.abs(x - y) <= ONE / 80;
      if (near(a * (1 + rate), v) && a > v * rate && known.has(v - a)) return 1;
      if (near(v * (1 + rate), a) && known.has(a - v)) return 2;
      if (near(a * rate, v) && known.has(a + v)) return 3;
    }
  }
  return 0;
}
