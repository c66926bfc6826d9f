/** The window of rows that the batch table shows. Filtering and sorting happen on the intake thread. */
import type { RowQuery } from '../core/batch-rows.ts';
import type { Intake, ShownRow } from '../core/intake.ts';

export const PLAIN_QUERY: RowQuery = {
  show: 'all',
  below: 0.9,
  search: '',
  sort: 'row',
  descending: false,
};

export class BatchView {
  query = $state.raw<RowQuery>(PLAIN_QUERY);
  /** Rows that the query shows. */
  total = $state(0);
  /** Position of the first row of `rows` in the query's order. */
  first = $state(0);
  rows = $state.raw<ShownRow[]>([]);
  /** Whether something was asked for and has not come yet. */
  busy = $state(false);
  #jobId: string | null = null;
  #wanted = { first: 0, count: 40 };
  #again: 'none' | 'rows' | 'all' = 'none';
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Shows another job, from its top and without a filter. */
  show(jobId: string): void {
    this.#jobId = jobId;
    this.query = PLAIN_QUERY;
    this.rows = [];
    this.total = 0;
    this.#wanted = { ...this.#wanted, first: 0 };
    this.refresh();
  }

  ask(change: Partial<RowQuery>): void {
    this.query = { ...this.query, ...change };
    this.refresh();
  }

  /** The table scrolled: these positions are visible. */
  look(first: number, count: number): void {
    if (first === this.#wanted.first && count === this.#wanted.count) return;
    this.#wanted = { first, count };
    void this.#fetch('rows');
  }

  /** Applies the query anew, e.g. because answers came in. */
  refresh(): void {
    void this.#fetch('all');
  }

  /** One fetch at a time; what was asked for meanwhile is done once, with the newest wishes. */
  async #fetch(what: 'rows' | 'all'): Promise<void> {
    if (this.busy) {
      if (this.#again !== 'all') this.#again = what;
      return;
    }
    const jobId = this.#jobId;
    if (jobId === null) return;
    this.busy = true;
    try {
      if (what === 'all') this.total = await this.#intake.view(jobId, this.query);
      const { first, count } = this.#wanted;
      const rows = await this.#intake.slice(jobId, first, count);
      if (jobId === this.#jobId) [this.rows, this.first] = [rows, first];
    } finally {
      this.busy = false;
      const again = this.#again;
      this.#again = 'none';
      if (again !== 'none') void this.#fetch(again);
    }
  }
}
