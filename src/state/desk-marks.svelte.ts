/** The places of the source that an answer rests on, and the one that is looked at: shared by answer and document. */
import type { Answer } from '../core/answer.ts';
import type { Box } from '../core/document.ts';
import type {
  CheckOutput,
  CodeOutput,
  ExtractOutput,
  RedactOutput,
  SummarizeOutput,
} from '../core/outputs.ts';
import type { TextMark } from '../core/text-pieces.ts';
import { sortedMarks } from '../core/text-pieces.ts';

export interface Mark extends TextMark {
  /** What stands there, e.g. the name of the field. */
  label: string;
  /** Where the answer itself names the place on a page. */
  placed?: { page: number; box: Box };
}

/** Group of a mark, which is also the end of the id of the element that belongs to it in the answer. */
export const groupOf = {
  field: (name: string): string => `field-${name}`,
  code: (index: number): string => `code-${index}`,
  clause: (index: number): string => `clause-${index}`,
  point: (index: number): string => `point-${index}`,
  entity: (index: number): string => `entity-${index}`,
};

/** Id of the element of the answer that a group belongs to. */
export const targetId = (group: string): string => `for-${group}`;

type MarksOf = (output: unknown) => Mark[];

const MARKS: Partial<Record<Answer['task'], MarksOf>> = {
  extract: (output) =>
    Object.entries((output as ExtractOutput).fields).flatMap(([name, field]) => {
      const [start, end] = field.span ?? [0, 0];
      const placed =
        field.box && field.page !== undefined
          ? { placed: { page: field.page, box: field.box } }
          : {};
      if (!field.span && !field.box) return [];
      return [{ group: groupOf.field(name), label: name, start, end, ...placed }];
    }),
  code: (output) =>
    (output as CodeOutput).codes.flatMap(({ code, evidence }, index) =>
      evidence ? [{ group: groupOf.code(index), label: code, ...evidence }] : [],
    ),
  check: (output) =>
    (output as CheckOutput).clauses.flatMap(({ id, evidence }, index) =>
      evidence ? [{ group: groupOf.clause(index), label: id, ...evidence }] : [],
    ),
  summarize: (output) =>
    (output as SummarizeOutput).points.flatMap(({ text, evidence }, index) =>
      evidence.map((span) => ({ group: groupOf.point(index), label: text, ...span })),
    ),
  redact: (output) =>
    (output as RedactOutput).entities.map(({ type, start, end }, index) => ({
      group: groupOf.entity(index),
      label: type,
      start,
      end,
    })),
};

/** Pure: the places that the answer names, in the order of the text. */
export function marksOf(answer: Answer): Mark[] {
  if (answer.output === null) return [];
  const marks = MARKS[answer.task]?.(answer.output) ?? [];
  const placedOnly = marks.filter((mark) => mark.placed && mark.end <= mark.start);
  return [...sortedMarks(marks), ...placedOnly];
}

export class Marks {
  list = $state.raw<readonly Mark[]>([]);
  /** Group that is looked at, by pointer or by focus. */
  active = $state<string | null>(null);
  /** Group whose place in the answer a person wants to see; the answer brings it into view and forgets it. */
  wanted = $state<string | null>(null);
  #of: string | null = null;

  /** Takes the marks of an answer, once. */
  take(answer: Answer | null): void {
    if (this.#of === (answer?.id ?? null)) return;
    this.#of = answer?.id ?? null;
    this.list = answer ? marksOf(answer) : [];
    this.active = null;
    this.wanted = null;
  }

  look(group: string): void {
    this.active = group;
  }

  /** The pointer or the focus went away; what was looked at since stays. */
  lookAway(group: string): void {
    if (this.active === group) this.active = null;
  }

  /** From the document to the answer. */
  goTo(group: string): void {
    this.active = group;
    this.wanted = group;
  }

  /** The mark after (`step` 1) or before (-1) the active one, around the end. */
  neighbour(step: 1 | -1): Mark | null {
    const n = this.list.length;
    if (n === 0) return null;
    const at = this.list.findIndex((mark) => mark.group === this.active);
    const next = at === -1 ? (step === 1 ? 0 : n - 1) : (at + step + n) % n;
    return this.list[next] ?? null;
  }
}
