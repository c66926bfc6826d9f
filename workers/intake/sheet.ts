/** One batch job in memory: rows, answers, corrections, counts, and the order in which they are shown. */
import {
  addToTally,
  emptyTally,
  orderRows,
  type RowAnswer,
  type RowQuery,
  type SheetRow,
} from '../../src/core/batch-rows.ts';
import type { Job, NamedBlob, ShownRow } from '../../src/core/intake.ts';
import type { RunRequest } from '../../src/core/request.ts';

/** Units of a text that the table shows; the whole text stays here. */
const SHOWN_UNITS = 300;

const asObject = (value: unknown): object =>
  typeof value === 'object' && value !== null ? value : {};

export class Sheet {
  job: Job;
  readonly rows: string[][];
  readonly answers: RowAnswer[];
  readonly corrections: Map<number, string>;
  /** The files of a batch of files that was made in this page; others are read from the store. */
  files: NamedBlob[] | null = null;
  #order: number[] | null = null;

  constructor(job: Job, rows: string[][], answers: RowAnswer[], corrections: Map<number, string>) {
    this.job = job;
    this.rows = rows;
    this.answers = answers;
    this.corrections = corrections;
  }

  rowAt(index: number): SheetRow {
    const { textColumn, labelColumn } = this.job.choice;
    const cells = this.rows[index];
    return {
      text: cells?.[textColumn] ?? '',
      given: labelColumn === null ? null : (cells?.[labelColumn] ?? null),
      answer: this.answers[index],
      corrected: this.corrections.get(index),
    };
  }

  texts(from: number, count: number): string[] {
    return this.rows
      .slice(from, from + count)
      .map((cells) => cells[this.job.choice.textColumn] ?? '');
  }

  /** One row as a request to the fleet. `file` is the row's file in a batch of files. */
  requestOf(row: number, file: NamedBlob | null): RunRequest {
    const { choice, columns } = this.job;
    const cells = this.rows[row] ?? [];
    const { task, specialist, input } = choice;
    const record = Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
    const extras = choice.rowIsRecord ? { ...asObject(input), record } : input;
    return {
      ...(choice.files && file
        ? { file }
        : { text: choice.files ? '' : (cells[choice.textColumn] ?? '') }),
      ...(task !== undefined && { task }),
      ...(specialist !== null && { specialist }),
      ...(extras !== undefined && { input: extras }),
    };
  }

  /** Takes answers of the rows from `from` on; rows that have an answer already are left alone. */
  take(from: number, answers: RowAnswer[]): void {
    const fresh = answers.slice(Math.max(0, this.answers.length - from));
    const tally = structuredClone(this.job.tally);
    for (const answer of fresh) {
      addToTally(tally, answer, this.rowAt(this.answers.length).given);
      this.answers.push(answer);
    }
    this.job = { ...this.job, tally };
  }

  /** Counts anew from the kept answers: what was kept is the truth, not the counter beside it. */
  recount(): void {
    const tally = emptyTally();
    for (const [index, answer] of this.answers.entries())
      addToTally(tally, answer, this.rowAt(index).given);
    this.job = { ...this.job, tally };
  }

  view(query: RowQuery): number {
    const isPlain =
      query.show === 'all' &&
      query.search.trim() === '' &&
      query.sort === 'row' &&
      !query.descending;
    this.#order = isPlain ? null : orderRows(this.rows.length, (index) => this.rowAt(index), query);
    return this.#order?.length ?? this.rows.length;
  }

  slice(from: number, count: number): ShownRow[] {
    const end = Math.min(from + count, this.#order?.length ?? this.rows.length);
    const shown: ShownRow[] = [];
    for (let position = from; position < end; position++) {
      const row = this.#order === null ? position : (this.#order[position] ?? 0);
      const { text, given, answer, corrected } = this.rowAt(row);
      const cut = text.length > SHOWN_UNITS ? `${text.slice(0, SHOWN_UNITS)}…` : text;
      shown.push({ row, text: cut, given, answer: answer ?? null, corrected: corrected ?? null });
    }
    return shown;
  }
}
