/** Sentences about answers: labels, reasons, promises. Plain words, no promise beyond what was measured. */
import type {
  Answer,
  AnswerStatus,
  Certificate,
  ChatOutput,
  ClassifyOutput,
  LabelScore,
  Tier,
} from '../core/answer.ts';
import type { Verdict } from '../core/threads.ts';
import { count, duration, share, sureness } from './figures.ts';
import { labelWords } from './label-words.ts';
import { isByRules, isDraftLike, workHeadline } from './work-words.ts';

export { labelWords };

/** The label of a raw id that differs visibly from its words; null when showing both would repeat. */
export const rawIfDifferent = (label: string): string | null =>
  labelWords(label).toLowerCase() === label.toLowerCase() ? null : label;

/** The output of a classification, or null when the answer has none or is of another task. */
export function classificationOf(answer: Answer): ClassifyOutput | null {
  const output = answer.output;
  if (answer.task !== 'classify' || typeof output !== 'object' || output === null) return null;
  return 'label' in output && 'scores' in output ? (output as ClassifyOutput) : null;
}

/** The text that a language model wrote, or null when the answer is of another task or has none. */
export function draftOf(answer: Answer): string | null {
  if (answer.task !== 'chat' || answer.output === null) return null;
  return (answer.output as ChatOutput).message.content;
}

/** What an answer says in a few words: its label, or why it has none. */
export function headlineOf(answer: Answer): string {
  const output = classificationOf(answer);
  if (output?.label) return labelWords(output.label);
  if (draftOf(answer) !== null) return 'A draft';
  const work = workHeadline(answer);
  if (work !== null) return work;
  if (answer.decision.reason === 'open_ended') return 'An open question';
  if (output) return 'None of its labels';
  return answer.status === 'refused' ? 'Not answered' : 'No answer on this device';
}

export const STATUS_WORDS: Record<AnswerStatus, string> = {
  accepted: 'Accepted',
  needs_review: 'Needs a person',
  refused: 'Refused',
  cancelled: 'Stopped',
};

export const TIER_WORDS: Record<Tier, string> = {
  rules: 'Rules',
  static: 'Static',
  encoder: 'Encoder',
  slm: 'Local model',
  server: 'Server',
  person: 'Person',
};

export function whereWords(answer: Answer): string {
  if (answer.inferenceSource === 'on_device') return 'on this device';
  if (answer.inferenceSource === 'in_cloud') return 'on a server';
  return 'left to a person';
}

function sureWords(answer: Answer): string {
  // What this device thinks of a server's label is no measure of the server.
  if (answer.decision.tier === 'server' || isDraftLike(answer)) return 'certainty not measured';
  if (isByRules(answer))
    return answer.confidence === 1 ? 'decided by rules' : 'worked out by rules';
  const subject = answer.task === 'extract' ? 'required fields ' : '';
  return `${subject}${sureness(answer.confidence)} sure`;
}

/** "banking-tickets 1.0.0 · 97 % sure · 6 ms · on this device". */
export const whoLine = (answer: Answer): string =>
  [
    `${answer.specialist.id} ${answer.specialist.version}`.trim(),
    sureWords(answer),
    duration(answer.usage.ms),
    whereWords(answer),
  ]
    .filter((part) => part !== '')
    .join(' · ');

/** The promise behind a threshold, with its condition. */
export const promiseWords = (c: Certificate): string =>
  `Wrong in at most ${share(c.maxError)} of the requests it accepts, ${sureness(c.confidence)} sure, measured on ` +
  `${count(c.n + c.outOfScopeN)} held-out rows. It accepts ${share(c.coverage)} of the requests it knows by itself. ` +
  `This holds for the same mix of requests, with ${share(c.outOfScopeShare)} out of scope.`;

export const NO_PROMISE =
  'There is no certificate behind this answer: its confidence is calibrated, its error is not promised.';

export const EXACT_PROMISE =
  'Rules decided this, nothing was estimated: it is as right as what was given and what was read.';

export const CANDIDATE_PROMISE =
  'Nothing is promised of a draft: it may be wrong, or leave something out. A person decides.';

export const DRAFT_PROMISE =
  'Nothing is promised of generated text: it may be wrong, or invented. Check it before you use it.';

/** Other labels that were possible, best first, without the one that was given. */
export function alternativesOf(output: ClassifyOutput): LabelScore[] {
  return output.scores.filter((score) => score.label !== output.label).slice(0, 5);
}

/** What the person said of it, in a word, for the history list. */
export const verdictWords = (verdict: Verdict | null): string | null => {
  if (verdict === null) return null;
  if (verdict === 'accepted') return 'Accepted by you';
  return 'correctedTo' in verdict
    ? `Corrected to ${labelWords(verdict.correctedTo)}`
    : 'Corrected by you';
};
