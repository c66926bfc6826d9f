/** Which candidates of a coding answer a person has ticked. */
import type { HistoryEntry } from '../../core/history.ts';
import type { CodeOutput } from '../../core/outputs.ts';
import { currentOutputOf } from '../../state/history-entry.ts';

/** Positions of the ticked candidates; none before a person has ticked one. */
export function chosenCodes(entry: HistoryEntry): Set<number> {
  const all = (entry.answer.output as CodeOutput).codes;
  const current = currentOutputOf(entry) as CodeOutput;
  if (current === entry.answer.output)
    return new Set(entry.verdict === 'accepted' ? all.keys() : []);
  const ticked = new Set(current.codes.map(({ code }) => code));
  return new Set([...all.keys()].filter((index) => ticked.has(all[index]?.code ?? '')));
}
