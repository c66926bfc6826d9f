/** Entities of a redaction: by type, and which of them a person has shown again. */
import { redacted } from '../../core/corrected.ts';
import type { HistoryEntry } from '../../core/history.ts';
import type { RedactedEntity, RedactOutput } from '../../core/outputs.ts';
import type { TextMark } from '../../core/text-pieces.ts';
import { groupOf } from '../../state/desk-marks.svelte.ts';
import { currentOutputOf, sourceTextOf } from '../../state/history-entry.ts';

export interface EntityMark extends TextMark {
  index: number;
  entity: RedactedEntity;
}

export const entityMarks = (entities: readonly RedactedEntity[]): EntityMark[] =>
  entities.map((entity, index) => ({
    group: groupOf.entity(index),
    start: entity.start,
    end: entity.end,
    index,
    entity,
  }));

const keyOf = ({ start, end }: RedactedEntity): string => `${start}-${end}`;

/** Positions of the entities that a person has shown again. */
export function shownAgain(entry: HistoryEntry): Set<number> {
  const all = (entry.answer.output as RedactOutput).entities;
  const current = currentOutputOf(entry) as RedactOutput;
  if (current === entry.answer.output) return new Set();
  const hidden = new Set(current.entities.map(keyOf));
  const visible = [...all.entries()].filter(([, entity]) => !hidden.has(keyOf(entity)));
  return new Set(visible.map(([index]) => index));
}

/** The output with these entities shown; the answer's own where there are none. */
export const withShown = (entry: HistoryEntry, shown: ReadonlySet<number>): RedactOutput =>
  redacted(sourceTextOf(entry), (entry.answer.output as RedactOutput).entities, shown);

export interface TypeCount {
  type: string;
  indexes: number[];
}

/** By type, the most frequent first. */
export function typesOf(entities: readonly RedactedEntity[]): TypeCount[] {
  const types = new Map<string, number[]>();
  for (const [index, { type }] of entities.entries()) {
    const indexes = types.get(type);
    if (indexes) indexes.push(index);
    else types.set(type, [index]);
  }
  return [...types]
    .map(([type, indexes]) => ({ type, indexes }))
    .sort((a, b) => b.indexes.length - a.indexes.length);
}
