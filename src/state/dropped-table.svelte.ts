/** A file that was dropped to be read as a table: progress while it is read, what was found, or why it cannot be read. */
import type { Intake, NamedBlob, ReadProgress, TableSummary } from '../core/intake.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

export class DroppedTable {
  reading = $state.raw<(ReadProgress & { fileName: string }) | null>(null);
  table = $state.raw<TableSummary | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  file: NamedBlob | null = null;
  readonly #intake: Intake;
  #turn = 0;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  isEmpty(): boolean {
    return this.table === null && this.reading === null;
  }

  /** Reads the file once from end to end. Resolves to true when there is a table to go on with. */
  async open(file: NamedBlob): Promise<boolean> {
    const turn = ++this.#turn;
    this.trouble = null;
    this.file = null;
    this.#closeTable();
    this.reading = { fileName: file.name, rows: 0, bytes: 0, totalBytes: file.size };
    try {
      const opened = await this.#intake.open(file, (progress) => {
        // It comes on a way of its own: the last figures may arrive after the result.
        if (turn === this.#turn && this.reading)
          this.reading = { ...progress, fileName: file.name };
      });
      if (turn !== this.#turn) {
        if (opened.ok) void this.#intake.close(opened.value.id);
        return false;
      }
      if (opened.ok) {
        this.table = opened.value;
        this.file = file;
        return true;
      }
      if (opened.failure.code !== 'cancelled') this.trouble = troubleOfFailure(opened.failure);
    } catch (error) {
      if (turn === this.#turn) this.trouble = troubleOf(error);
    } finally {
      if (turn === this.#turn) this.reading = null;
    }
    return false;
  }

  /** Forgets the file, also while it is being read. */
  clear(): void {
    this.#turn += 1;
    if (this.reading) void this.#intake.stopOpening();
    this.#closeTable();
    this.file = null;
    this.reading = null;
    this.trouble = null;
  }

  #closeTable(): void {
    if (this.table) void this.#intake.close(this.table.id);
    this.table = null;
  }
}
