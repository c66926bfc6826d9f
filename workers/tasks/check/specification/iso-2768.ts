/** General tolerances for lengths, ISO 2768-1, table 1, in millimetres. */
import Big from 'big.js';

/** Largest nominal length of each row, and ± by class. */
const ROWS: [
  upTo: number,
  f: number | null,
  m: number | null,
  c: number | null,
  v: number | null,
][] = [
  [3, 0.05, 0.1, 0.2, null],
  [6, 0.05, 0.1, 0.3, 0.5],
  [30, 0.1, 0.2, 0.5, 1],
  [120, 0.15, 0.3, 0.8, 1.5],
  [400, 0.2, 0.5, 1.2, 2.5],
  [1000, 0.3, 0.8, 2, 4],
  [2000, 0.5, 1.2, 3, 6],
  [4000, null, 2, 4, 8],
];
const SMALLEST = 0.5;
const CLASSES = ['f', 'm', 'c', 'v'];

/** Null where the text names no class, or the class has no tolerance for the length. */
export function iso2768(text: string, nominal: Big): Big | null {
  const named = /\bISO\s?2768(?:-1)?\s?-?\s?([fmcv])/i.exec(text)?.[1]?.toLowerCase();
  if (named === undefined || nominal.lt(SMALLEST)) return null;
  const row = ROWS.find(([upTo]) => nominal.lte(upTo));
  const size = row?.[CLASSES.indexOf(named) + 1] ?? null;
  return size === null ? null : new Big(size);
}
