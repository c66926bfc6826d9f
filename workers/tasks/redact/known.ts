/** What the rules found, as the tagger sees it: one word each. Loose finds stay words: they may be a part of an address. */
import type { RuleSpan } from './rules.ts';
import { ruleSpans } from './rules.ts';
import type { Known } from './words.ts';

export const LOOSE_RULES: ReadonlySet<string> = new Set([
  'digits',
  'code',
  'NATIONAL_ID digits',
  'hidden name',
  'zip',
  'place',
]);

export const knownOf = (spans: readonly RuleSpan[]): Known[] =>
  spans
    .filter(({ rule }) => !LOOSE_RULES.has(rule))
    .map(({ start, end, type }) => ({ start, end, name: type }));

export const knownSpans = (text: string): Known[] => knownOf(ruleSpans(text));
