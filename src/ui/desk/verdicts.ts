/** What accepting an answer means, by task: as it is, with the person's changes, or not yet. */
import type { CodeOutput } from '../../core/outputs.ts';
import type { HistoryEntry } from '../../core/history.ts';
import type { Verdict } from '../../core/threads.ts';
import { currentOutputOf } from '../../state/history-entry.ts';
import { counted } from '../figures.ts';
import { chosenCodes } from '../answers/chosen-codes.ts';
import { classificationOf, draftOf } from '../words.ts';

/** A verdict to keep, or why there is none to give. */
export type Acceptance = { verdict: Verdict; words: string } | { why: string };

export function acceptanceOf(entry: HistoryEntry): Acceptance {
  const { answer, edited } = entry;
  if (draftOf(answer) !== null)
    return { why: 'A draft has no label to accept. Copy it and check it.' };
  if (answer.task === 'classify')
    return classificationOf(answer)?.label
      ? { verdict: 'accepted', words: 'Kept as right.' }
      : { why: 'There is no label to accept. Correct it instead.' };
  if (answer.output === null) return { why: 'There is nothing to accept.' };
  if (answer.task === 'code') return acceptedCodes(entry);
  return edited === undefined
    ? { verdict: 'accepted', words: 'Kept as right.' }
    : { verdict: { correctedOutput: edited }, words: 'Kept with your changes, in this browser.' };
}

/** Codes are never taken as they come: a person ticks them. */
function acceptedCodes(entry: HistoryEntry): Acceptance {
  const n = chosenCodes(entry).size;
  if (n === 0) return { why: 'Tick the codes that are right first.' };
  const output = currentOutputOf(entry) as CodeOutput;
  return {
    verdict: output === entry.answer.output ? 'accepted' : { correctedOutput: output },
    words: `${counted(n, 'code')} confirmed, kept in this browser.`,
  };
}

/** Words on the button. */
export function acceptWords(entry: HistoryEntry): string {
  if (entry.answer.task === 'code' && entry.answer.output !== null) {
    const n = chosenCodes(entry).size;
    return n === 0 ? 'Confirm' : `Confirm ${counted(n, 'code')}`;
  }
  return entry.edited === undefined ? 'Accept' : 'Accept with changes';
}
