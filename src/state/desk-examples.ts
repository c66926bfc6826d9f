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

/** One for each kind of work. */
export const examplesByTask = (fleet: Cards): DeskExample[] =>
  firstBy(examplesOf(fleet), (example) => example.task);

/** Those of a chosen specialist, or one for each specialist of a chosen task; none where nothing was chosen. */
export function examplesOfChoice(fleet: Cards, task: TaskId | '', choice: string): DeskExample[] {
  const all = examplesOf(fleet);
  const ofChoice = all.filter(({ specialist }) => specialist === choice);
  if (ofChoice.length > 0) return ofChoice.slice(0, MOST);
  const ofTask = all.filter((example) => example.task === task);
  return firstBy(ofTask, ({ specialist }) => specialist).slice(0, MOST);
}
