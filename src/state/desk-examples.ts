/** Examples of the fleet: one for each kind of work, or those of what was chosen. */
import type { SpecialistCard, WorkCard } from '../core/specialist.ts';
import type { TaskId } from '../core/request.ts';
import type { WorkExample } from '../core/work.ts';

export interface DeskExample extends WorkExample {
  task: TaskId;
  specialist: string;
}

interface Cards {
  cards: readonly SpecialistCard[];
  works: readonly WorkCard[];
}

const MOST = 6;

function examplesOf({ cards, works }: Cards): DeskExample[] {
  const sorted = cards.flatMap(({ id, title, task, examples }) =>
    examples.map((text) => ({ title, text, task, specialist: id })),
  );
  const worked = works.flatMap(({ id, task, examples }) =>
    examples.map((example) => ({ ...example, task, specialist: id })),
  );
  return [...sorted, ...worked];
}

/** The first of each group, in order. */
const firstBy = (examples: DeskExample[], keyOf: (example: DeskExample) => string): DeskExample[] =>
  [
    ...new Map(examples.toReversed().map((example) => [keyOf(example), example])).values(),
  ].reverse();

/** One for each kind of work; of a chosen task one for each specialist; of a chosen specialist all. */
export function offeredExamples(fleet: Cards, task: TaskId | '', choice: string): DeskExample[] {
  const all = examplesOf(fleet);
  const ofChoice = all.filter(({ specialist }) => specialist === choice);
  if (ofChoice.length > 0) return ofChoice.slice(0, MOST);
  const ofTask = all.filter((example) => example.task === task);
  if (ofTask.length > 0) return firstBy(ofTask, ({ specialist }) => specialist).slice(0, MOST);
  return firstBy(all, (example) => example.task);
}
