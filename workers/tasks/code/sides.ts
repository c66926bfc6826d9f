/** Left and right: of a description, and near a finding in the note. */
import type { Sentence } from './words.ts';

export type Side = 'left' | 'right' | 'bilateral';

/** Words before and after a finding that may name its side. */
const NEAR = 3;

const SIDES: ReadonlyMap<string, Side> = new Map([
  ['left', 'left'],
  ['right', 'right'],
  ['bilateral', 'bilateral'],
  ['bilaterally', 'bilateral'],
  ['both', 'bilateral'],
]);

/** Null where the description names no side, or more than one. */
export function sideOfDescription(description: string): Side | null {
  const named = [...description.toLowerCase().matchAll(/\b(?:left|right|bilateral)\b/g)];
  return named.length === 1 ? (SIDES.get(named[0]?.[0] ?? '') ?? null) : null;
}

export function sidesAround(sentence: Sentence, first: number, last: number): Set<Side> {
  const sides = sentence
    .slice(Math.max(0, first - NEAR), last + NEAR + 1)
    .map(({ plain }) => SIDES.get(plain))
    .filter((side) => side !== undefined);
  return new Set(sides);
}
