/** What an answer says in a few words, in the widget's language where they are its own. */
import type { Answer } from '../../core/answer.ts';
import type { HistoryEntry } from '../../core/history.ts';
import { currentOutputOf } from '../../state/history-entry.ts';
import { isByRules, isDraftLike, workHeadline } from '../work-words.ts';
import { classificationOf, draftOf, labelWords } from '../words.ts';
import type { Speech } from './speech.ts';

/** `lang`: null for the widget's own words; empty where the language of the text is not known (a label). */
export interface Headline {
  text: string;
  lang: string | null;
}

export function headlineOf(answer: Answer, { words }: Speech): Headline {
  const output = classificationOf(answer);
  if (output?.label) return { text: labelWords(output.label), lang: '' };
  if (draftOf(answer) !== null) return { text: words.draft, lang: null };
  const work = workHeadline(answer);
  if (work !== null) return { text: work, lang: 'en' };
  if (answer.decision.reason === 'open_ended') return { text: words.openQuestion, lang: null };
  if (output) return { text: words.noLabel, lang: null };
  return { text: answer.status === 'refused' ? words.refused : words.noAnswer, lang: null };
}

/** "97 % sure", or why there is no such figure. */
export function sureOf(answer: Answer, { words, figures }: Speech): string {
  // What this device thinks of a server's label is no measure of the server.
  if (answer.decision.tier === 'server' || isDraftLike(answer)) return words.sureUnknown;
  if (isByRules(answer)) return words.byRules;
  const sure = answer.task === 'extract' ? words.sureOfRequired : words.sure;
  return sure(figures.sure(answer.confidence));
}

/** Who answered, how sure, how long, where. */
export function whoOf(answer: Answer, speech: Speech): string {
  const { words, figures } = speech;
  const where = { on_device: words.onDevice, in_cloud: words.inCloud };
  return [
    `${answer.specialist.id} ${answer.specialist.version}`.trim(),
    sureOf(answer, speech),
    figures.time(answer.usage.ms),
    answer.inferenceSource === null ? words.byPerson : where[answer.inferenceSource],
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export function verdictOf({ verdict }: HistoryEntry, { words }: Speech): string | null {
  if (verdict === null) return null;
  if (verdict === 'accepted') return words.acceptedByYou;
  return words.correctedByYou('correctedTo' in verdict ? labelWords(verdict.correctedTo) : '');
}

/** What Copy takes: the label or the text where the answer is one, else the output as JSON. */
export function copyOf(entry: HistoryEntry): string {
  const { verdict, answer } = entry;
  if (verdict !== null && typeof verdict === 'object' && 'correctedTo' in verdict)
    return verdict.correctedTo;
  const label = classificationOf(answer)?.label;
  const output = currentOutputOf(entry) as Record<string, unknown> | null;
  const text = label ?? draftOf(answer) ?? output?.reply ?? output?.text ?? output?.summary;
  return typeof text === 'string' ? text : JSON.stringify(output ?? answer, null, 2);
}
