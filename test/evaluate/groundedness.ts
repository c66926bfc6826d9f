/**
 * Is a sentence of a reply supported by what it was written from? At least 60 % of its content words (stems), all of its
 * numbers and all of its names (capitals inside a sentence) stand in the passages or the message. Sentences of courtesy
 * alone (no content word left) and open places in brackets are not counted.
 */
import { sentencesOf } from '../../workers/tasks/draft/sentences.ts';
import { contentStems, stemOf, wordsOf } from '../../workers/tasks/draft/words.ts';

const SHARE = 0.6;
/** Words of courtesy and of saying back what was asked: no claim is made with them. */
const COURTESY = new Set(
  (
    'thank thanks message write wrote ask asked question reply answer contact reach touch regard kind best dear sincerely hello ' +
    'glad happy sorry apologise apologize apology inconvenience assist assistance help please unclear still anything else let ' +
    'welcome appreciate look forward hear further team customer support service feel free concern understand would like'
  )
    .split(' ')
    .map(stemOf),
);

export interface Grounding {
  claims: number;
  supported: number;
  /** Numbers and names that stand nowhere in what was given. */
  invented: string[];
}

export function groundingOf(reply: string, given: readonly string[]): Grounding {
  const source = given.join('\n');
  const stems = new Set(contentStems(source));
  const words = new Set(wordsOf(source));
  const result: Grounding = { claims: 0, supported: 0, invented: [] };
  for (const { text } of sentencesOf(reply.replace(/\[[^\]]*\]/gu, ''))) {
    const content = contentStems(text).filter((stem) => !COURTESY.has(stem));
    if (content.length === 0) continue;
    const numbers = text.match(/\d+(?:[.,]\d+)*/gu) ?? [];
    const names = [...text.matchAll(/(?<=[\p{L},] )\p{Lu}[\p{L}]{2,}/gu)].map(([name]) => name);
    const unknown = [
      ...numbers.filter((number) => !source.includes(number)),
      ...names.filter(
        (name) => !words.has(name.toLowerCase()) && !COURTESY.has(stemOf(name.toLowerCase())),
      ),
    ];
    const share = content.filter((stem) => stems.has(stem)).length / content.length;
    result.claims += 1;
    result.supported += share >= SHARE && unknown.length === 0 ? 1 : 0;
    result.invented.push(...unknown);
  }
  return result;
}
