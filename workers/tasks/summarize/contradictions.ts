/** Points that may contradict each other: nearly the same words by the same speaker, other numbers or another negation. */
import type { Candidate } from './candidates.ts';

const ALIKE = 0.75;
const MOST_DOUBTS = 3;
const NEGATION =
  /^(?:no|not|never|none|nein|nicht|kein\p{L}*|nie|pas|jamais|aucun\p{L}*)$|n['’]t$/u;

/** Plain sentences for the person. `chosen`: what became points. */
export function contradictions(chosen: readonly Candidate[]): string[] {
  const doubts: string[] = [];
  const read = chosen.map((c) => ({ c, ...statementOf(c) }));
  for (let i = 0; i < read.length; i++)
    for (let j = i + 1; j < read.length && doubts.length < MOST_DOUBTS; j++) {
      const [a, b] = [read[i], read[j]];
      if (!a || !b || a.c.speaker !== b.c.speaker || likeness(a.stems, b.stems) < ALIKE) continue;
      if (
        a.negated !== b.negated ||
        (a.numbers !== b.numbers && a.numbers !== '' && b.numbers !== '')
      )
        doubts.push(`Two statements may contradict each other: “${a.c.said}” and “${b.c.said}”.`);
    }
  return doubts;
}

function statementOf({ content, words, polarity }: Candidate) {
  const stems = new Set(
    content.filter((word) => !/\d/u.test(word) && !NEGATION.test(word)).map(stem),
  );
  return {
    stems,
    negated: polarity === 'no' || words.some((word) => NEGATION.test(word)),
    numbers: words.filter((word) => /\d/u.test(word)).join(' '),
  };
}

const stem = (word: string): string => word.replace(/(?:ing|ed|es|s|e)$/u, '');

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / Math.max(a.size, b.size);
}
