/** Makes entries of the history, reads them, and lists without some of them. */
import type { Answer } from '../core/answer.ts';
import type { HistoryEntry } from '../core/history.ts';
import type { NamedBlob } from '../core/intake.ts';

/** What was asked about: a file, or else the text. */
export interface Asked {
  text: string;
  file: NamedBlob | null;
}

export const entryOf = ({ text, file }: Asked, answer: Answer): HistoryEntry => ({
  id: answer.id,
  time: new Date().toISOString(),
  ...(file ? { text: '', file } : { text }),
  answer,
  verdict: null,
});

/** The text that the offsets of the answer refer to. */
export const sourceTextOf = ({ answer, text }: HistoryEntry): string => answer.input_text ?? text;

/** What names the request in a list: the file, or the beginning of the text. */
export const titleOf = ({ file, text }: HistoryEntry): string => file?.name ?? text.slice(0, 200);

/** The output as it stands: with the person's changes, if there are any. */
export function currentOutputOf({ answer, edited, verdict }: HistoryEntry): unknown {
  if (edited !== undefined) return edited;
  if (verdict !== null && typeof verdict === 'object' && 'correctedOutput' in verdict)
    return verdict.correctedOutput;
  return answer.output;
}

/** `entries` without those that share an id with `removed`. */
export function without(entries: HistoryEntry[], removed: HistoryEntry[]): HistoryEntry[] {
  const ids = new Set(removed.map((entry) => entry.id));
  return entries.filter((entry) => !ids.has(entry.id));
}
