/** Samples the first rows of a table, so that the text and label columns can be guessed. */
import type { ColumnSample } from '../../src/core/columns.ts';

const SAMPLED_ROWS = 2000;

export class ColumnSampler {
  readonly #columns: {
    name: string;
    filled: number;
    units: number;
    numbers: number;
    values: Set<string>;
  }[];
  #rows = 0;

  constructor(names: string[]) {
    this.#columns = names.map((name) => ({
      name,
      filled: 0,
      units: 0,
      numbers: 0,
      values: new Set(),
    }));
  }

  add(rows: string[][]): void {
    for (const row of rows.slice(0, SAMPLED_ROWS - this.#rows)) {
      this.#rows += 1;
      for (const [index, column] of this.#columns.entries()) {
        const cell = row[index]?.trim() ?? '';
        if (cell === '') continue;
        column.filled += 1;
        column.units += cell.length;
        column.values.add(cell);
        if (!Number.isNaN(Number(cell))) column.numbers += 1;
      }
    }
  }

  samples(): ColumnSample[] {
    return this.#columns.map(({ name, filled, units, numbers, values }) => ({
      name,
      filled,
      meanLength: filled === 0 ? 0 : units / filled,
      distinct: values.size,
      numbers,
    }));
  }
}
