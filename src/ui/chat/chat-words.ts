/** Sentences of the chat page: who answered, how sure, how fast; nothing is claimed that was not measured. */
import type { Answer } from '../../core/answer.ts';
import type { Outcome, Turn } from '../../core/conversation.ts';
import type { SpecialistCard } from '../../core/specialist.ts';
import { duration, sureness } from '../figures.ts';
import { classificationOf, headlineOf, whereWords } from '../words.ts';

/** The answer's own confidence is a probability only where it was calibrated. */
export function surenessWords({ decision, confidence }: Answer): string {
  const { tier, certificate } = decision;
  const calibrated = certificate !== null || tier === 'static' || tier === 'encoder';
  return calibrated && confidence > 0 ? `${sureness(confidence)} sure` : 'certainty not measured';
}

/** "house-slm 1.0.0 · certainty not measured · WebAssembly, 2 threads · 61 tok/s · on this device". */
export function whoWords({ model, answer, backend, tokensPerSecond }: Outcome): string {
  const parts = [
    model.replace('@', ' '),
    answer ? surenessWords(answer) : '',
    backend,
    tokensPerSecond === null ? '' : `${rateWords(tokensPerSecond)} tok/s`,
    answer && tokensPerSecond === null ? duration(answer.usage.ms) : '',
    answer ? whereWords(answer) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

export const rateWords = (perSecond: number): string =>
  perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);

/** Written by a language model, so a draft; a specialist's answer is a label with a measured confidence. */
export const isGenerated = ({ answer, format }: Outcome): boolean =>
  answer === null || format !== 'text' || classificationOf(answer) === null;

/** Why an answer ends in the middle. */
export const cutWords = ({ answer }: Outcome): string =>
  answer?.decision.reason === 'deadline' ? 'Cut off: the time was up' : 'Cut off: too long';

/** For screen readers, when an answer has ended. */
export function spokenWords({ text, outcome }: Turn): string {
  if (outcome === null) return '';
  if (outcome.state === 'failed') return outcome.failure?.message ?? 'The answer failed.';
  if (outcome.state === 'stopped') return 'Stopped. What was written is kept.';
  const { answer } = outcome;
  const words = answer && !isGenerated(outcome) ? headlineOf(answer) : text.slice(0, 600);
  return `${words}. ${whoWords(outcome)}`;
}

/** The object of a JSON answer, laid out; the text as it is where it is not whole. */
export function jsonWords(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text) as unknown, null, 2);
  } catch {
    return text;
  }
}

const OPEN_EXAMPLES = [
  { title: 'Explain a term', text: 'What is a chargeback? Explain it in two sentences.' },
  {
    title: 'Write a short reply',
    text: 'Write two friendly sentences that thank a customer for waiting.',
  },
  { title: 'Make a list', text: 'List three things to check before sending an invoice.' },
];

/** One that a specialist knows, then three open-ended ones. */
export function examplesFor(cards: readonly SpecialistCard[]): { title: string; text: string }[] {
  const [card] = cards.filter(({ examples }) => examples.length > 0);
  const known = card ? [{ title: card.title, text: card.examples[0] ?? '' }] : [];
  return [...known, ...OPEN_EXAMPLES];
}
