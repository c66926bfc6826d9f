/** What all candidates of one document share: cells, their labels, its amounts and dates, its marks and its country. */
import type { ReadDocument } from '../../../src/core/document.ts';
import {
  amountsIn,
  decimalMarkOf,
  settle,
  type DecimalMark,
  type FoundAmount,
  type Money,
} from './amounts.ts';
import { countryOf, type Country } from './countries.ts';
import { dateOrderOf, datesIn, settleDate, type DateOrder, type FoundDate } from './dates.ts';
import { labelsIn, type LabelClass } from './labels.ts';
import { layoutOf, type Cell, type Layout } from './layout.ts';

export interface AmountPlace {
  cell: Cell;
  found: FoundAmount;
  money: Money;
  ambiguous: boolean;
}

export interface DatePlace {
  cell: Cell;
  found: FoundDate;
  iso: string;
  ambiguous: boolean;
  other: string | null;
}

export interface Context {
  document: ReadDocument;
  layout: Layout;
  /** True where the document is longer than what is looked at. */
  cut: boolean;
  country: Country;
  mark: DecimalMark | null;
  order: DateOrder | null;
  amounts: AmountPlace[];
  dates: DatePlace[];
  labelsOf(text: string): Map<LabelClass, number>;
}

export function contextOf(document: ReadDocument): Context {
  const { layout, cut } = layoutOf(document);
  const country = countryOf(document.text, document.language?.code ?? null);
  const dates = layout.cells.flatMap((cell) =>
    datesIn(cell.text).map((found) => ({ cell, found })),
  );
  const amounts = layout.cells.flatMap((cell) => amountsOf(cell));
  const mark = decimalMarkOf(amounts.map(({ found }) => found.read)) ?? country.decimalMark;
  const order = dateOrderOf(
    dates.map(({ found }) => found),
    country.dateOrder,
  );
  const cache = new Map<string, Map<LabelClass, number>>();
  return {
    document,
    layout,
    cut,
    country,
    mark,
    order,
    amounts: amounts.map((place) => ({ ...place, ...signed(place.found, mark) })),
    dates: dates.map((place) => ({ ...place, ...settleDate(place.found, order) })),
    labelsOf(text) {
      const known = cache.get(text);
      if (known) return known;
      const labels = labelsIn(text);
      cache.set(text, labels);
      return labels;
    },
  };
}

/** Amounts of a cell that are no part of a date in it. */
function amountsOf(cell: Cell): { cell: Cell; found: FoundAmount }[] {
  const dates = datesIn(cell.text).filter((date) => !date.bare);
  return amountsIn(cell.text)
    .filter((found) => !dates.some((date) => date.start < found.end && date.end > found.start))
    .map((found) => ({ cell, found }));
}

function signed(
  found: FoundAmount,
  mark: DecimalMark | null,
): { money: Money; ambiguous: boolean } {
  const { money, ambiguous } = settle(found.read, mark);
  return { money: found.negative && money !== 0 ? -money : money, ambiguous };
}
