/** What is wrong with labelled rows before they are trained on: duplicates, conflicts, leakage, rare labels. */
import type { DataProblem } from './specialist.ts';
import type { TrainRow } from './threads.ts';

/** Rows with fewer examples of a label than this cannot be held out and learned from at once. */
export const RARE_LABEL = 8;
const LONG_TEXT_UNITS = 4000;

/** Lower case, single spaces: the key under which two texts count as the same. */
export const normalise = (text: string): string =>
  text.toLowerCase().split(/\s+/u).filter(Boolean).join(' ');

/** Puts a member into its group, in time that does not grow with the group. */
function addTo<T>(groups: Map<string, T[]>, key: string, member: T): void {
  const group = groups.get(key);
  if (group) group.push(member);
  else groups.set(key, [member]);
}

/** Problems of the rows, each with the row numbers (from 0) that it is about. */
export function checkRows(rows: readonly TrainRow[]): DataProblem[] {
  const byText = new Map<string, number[]>();
  const byLabel = new Map<string, number[]>();
  const empty: number[] = [];
  const long: number[] = [];
  rows.forEach((row, i) => {
    const key = normalise(row.text);
    if (!key || !row.label.trim()) return void empty.push(i);
    if (row.text.length > LONG_TEXT_UNITS) long.push(i);
    addTo(byText, key, i);
    addTo(byLabel, row.label, i);
  });
  const same = [...byText.values()].filter((group) => group.length > 1);
  const conflicts = same.filter((group) => new Set(group.map((i) => rows[i]?.label)).size > 1);
  const conflicting = new Set(conflicts);
  const duplicates = same.filter((group) => !conflicting.has(group));
  const rare = [...byLabel].filter(([, group]) => group.length < RARE_LABEL);
  const problem = (
    kind: DataProblem['kind'],
    groups: number[][],
    words: (n: number) => string,
  ): DataProblem[] =>
    groups.length ? [{ kind, message: words(groups.length), rows: groups.flat() }] : [];
  return [
    ...problem(
      'empty_text',
      empty.map((i) => [i]),
      (n) => `${n} rows have no text or no label and are left out.`,
    ),
    ...problem(
      'conflict',
      conflicts,
      (n) => `${n} texts occur with different labels. Decide which is right.`,
    ),
    ...problem(
      'duplicate',
      duplicates,
      (n) => `${n} texts occur more than once. Each is used once.`,
    ),
    ...rare.map(([label, group]): DataProblem => ({
      kind: 'rare_label',
      message: `Only ${group.length} rows have the label “${label}”. Add more, or merge it with another.`,
      rows: group,
    })),
    ...problem(
      'too_long',
      long.map((i) => [i]),
      (n) => `${n} texts are long; only their beginning is read.`,
    ),
  ];
}

/** The rows that training uses: non-empty, one per text, without texts whose labels contradict each other. */
export function usableRows(rows: readonly TrainRow[]): TrainRow[] {
  const first = new Map<string, TrainRow>();
  const conflicting = new Set<string>();
  for (const row of rows) {
    const key = normalise(row.text);
    if (!key || !row.label.trim()) continue;
    const known = first.get(key);
    if (known && known.label !== row.label) conflicting.add(key);
    if (!known) first.set(key, row);
  }
  return [...first].filter(([key]) => !conflicting.has(key)).map(([, row]) => row);
}

/**
 * Splits rows into training and held-out, label by label, so that each label keeps its share on both sides.
 * `random` decides; rows of labels with fewer than two examples all train.
 */
export function splitByLabel(
  rows: readonly TrainRow[],
  heldOutShare: number,
  random: () => number,
): { train: TrainRow[]; heldOut: TrainRow[] } {
  const byLabel = new Map<string, TrainRow[]>();
  for (const row of rows) addTo(byLabel, row.label, row);
  const train: TrainRow[] = [];
  const heldOut: TrainRow[] = [];
  for (const group of byLabel.values()) {
    const keyed = group.map((row) => ({ row, key: random() })).sort((a, b) => a.key - b.key);
    const out = group.length < 2 ? 0 : Math.max(1, Math.round(group.length * heldOutShare));
    keyed.forEach(({ row }, i) => (i < out ? heldOut : train).push(row));
  }
  return { train, heldOut };
}
