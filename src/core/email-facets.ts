/** Three further questions about an e-mail: its language, whether it asks for something, and how urgent it says it is. */
import type { Answer, ClassifyOutput, LabelScore } from './answer.ts';
import type { ReadDocument } from './document.ts';
import type { HandleOptions, Ports } from './ports.ts';
import { findSpecialist } from './read-request.ts';

/** The specialist that says of a sentence whether it asks for something (labels `yes` and `no`). */
const ASKS = 'email-intents';
/** Sentences that are looked at: requests stand at the beginning or at the end. */
const FIRST_SENTENCES = 8;
const LAST_SENTENCES = 4;
const SENTENCE_UNITS = 400;

/** Words by which people mark what cannot wait, in the languages that the fleet's mail is in. */
const URGENT =
  /\b(?:urgent(?:ly)?|asap|as soon as possible|immediately|right away|emergency|deadline today|outage|is down|dringend|eilt|sofort|umgehend|unverzüglich|schnellstmöglich|d[’']urgence|au plus vite|immédiatement|urgente|lo antes posible|con urgenza|subito|spoed|dringende)(?![\p{L}\p{N}])/iu;

/** The answer with `facets`; the answer itself where the document is no e-mail or has no label. */
export async function withEmailFacets(
  answer: Answer,
  document: ReadDocument,
  ports: Ports,
  options: HandleOptions,
): Promise<Answer> {
  const { email, language } = document;
  const output = answer.output as ClassifyOutput | null;
  if (!email || !output || !('scores' in output)) return answer;
  const body = document.text.slice(...email.body);
  const asks = await asksForSomething(`${email.subject}\n${body}`, ports, options);
  const facets: Record<string, LabelScore> = {
    ...output.facets,
    priority: { label: URGENT.test(`${email.subject}\n${body}`) ? 'high' : 'normal', score: 1 },
    ...(language && { language: { label: language.code, score: language.score } }),
    ...(asks && { asks_for_something: asks }),
  };
  return { ...answer, output: { ...output, facets } };
}

/** Yes if one sentence asks; the score is the specialist's confidence in the sentence that decided it. */
async function asksForSomething(
  text: string,
  ports: Ports,
  { signal }: HandleOptions,
): Promise<LabelScore | null> {
  const specialist = findSpecialist(ASKS, ports.specialists());
  if (!specialist) return null;
  const deadlineAt = ports.now() + 5000;
  let best: LabelScore | null = null;
  for (const sentence of sentencesOf(text)) {
    const onStatic = await ports.embed('static', sentence, deadlineAt, signal);
    const onEncoder = await ports.embed('encoder', sentence, deadlineAt, signal);
    if (!onStatic.ok || !onEncoder.ok) return best;
    const embeddings = { static: onStatic.value, encoder: onEncoder.value };
    const { bestLabel: label, confidence: score } = ports.classify(
      'encoder',
      specialist,
      embeddings,
    );
    const isBetter = !best || (label === best.label ? score > best.score : label === 'yes');
    if (isBetter) best = { label, score };
  }
  return best;
}

function sentencesOf(text: string): string[] {
  const all = [
    ...new Intl.Segmenter('und', { granularity: 'sentence' }).segment(text.slice(0, 20_000)),
  ]
    .map(({ segment }) => segment.trim().slice(0, SENTENCE_UNITS))
    .filter((sentence) => /\p{L}{2}/u.test(sentence));
  if (all.length <= FIRST_SENTENCES + LAST_SENTENCES) return all;
  return [...all.slice(0, FIRST_SENTENCES), ...all.slice(-LAST_SENTENCES)];
}
