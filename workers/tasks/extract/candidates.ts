/** Candidates of fields with the figures that describe each: amounts, dates, numbers of documents. */
import { ONE, type Money } from './amounts.ts';
import { agreementsOf } from './agreements.ts';
import type { AmountPlace, Context, DatePlace } from './context.ts';
import { labelFeatures, placeFeatures, textFeatures } from './features.ts';
import type { Cell } from './layout.ts';

export interface Candidate {
  /** The normalised value: equal values of several places support each other. */
  value: string;
  /** Offsets into the document's text. */
  start: number;
  end: number;
  cells: Cell[];
  features: number[];
  /** What a person should know about this reading. */
  problems: string[];
}

/** Most candidates of one field that are scored. */
const MOST = 400;

/** Amounts that may be a total. */
export function amountCandidates(context: Context, valueOf: (money: Money) => string): Candidate[] {
  const places = context.amounts.filter(isMoney);
  const agreement = agreementsOf(places.map((place) => place.money));
  const most = Math.max(0, ...places.map(({ money }) => Math.abs(money)));
  const values = [...new Set(places.map(({ money }) => money))].sort((a, b) => b - a);
  const picked =
    places.length > MOST ? [...places.slice(0, 50), ...places.slice(50 - MOST)] : places;
  return picked.map((place) => {
    const { cell, found, money } = place;
    const same = places.filter((other) => other.money === money);
    const features = [
      ...labelFeatures(context, cell, found.start, found.end),
      ...placeFeatures(context, cell),
      Math.log10(1 + Math.abs(money) / ONE),
      most === 0 ? 0 : money / most,
      Math.min(values.indexOf(money), 30),
      Math.min(same.length, 10),
      same.indexOf(place),
      found.read.decimals,
      found.currency ? 1 : 0,
      money < 0 ? 1 : 0,
      money === 0 ? 1 : 0,
      found.start === 0 && found.end >= cell.text.length - 3 ? 1 : 0,
      ...(agreement.get(money) as number[]),
    ];
    const problems = place.ambiguous
      ? [
          `“${cell.text.slice(found.start, found.end)}” can be read in two ways: nothing else in the document says which.`,
        ]
      : [];
    return { ...placed(cell, found.start, found.end), value: valueOf(money), features, problems };
  });
}

/** Amounts with decimals, a currency or thousands; plain whole numbers only where a label could make them one. */
function isMoney({ found, cell }: AmountPlace): boolean {
  if (found.percent) return false;
  const { read, currency } = found;
  if (read.decimals === 2 || currency || read.other) return true;
  if (read.decimals > 2) return false;
  return (
    read.mark !== null ||
    (found.start === 0 &&
      cell.text.length - found.end < 3 &&
      read.money < 1e8 * ONE &&
      cell.x0 > 0.4)
  );
}

const placed = (
  cell: Cell,
  start: number,
  end: number,
): Pick<Candidate, 'start' | 'end' | 'cells'> => ({
  start: cell.start + start,
  end: cell.start + end,
  cells: [cell],
});

export function dateCandidates(context: Context): Candidate[] {
  const places = context.dates.slice(0, MOST);
  const sorted = [...new Set(places.map(({ iso }) => iso))].sort();
  return places.map((place) => {
    const { cell, found, iso } = place;
    const same = places.filter((other) => other.iso === iso);
    const features = [
      ...labelFeatures(context, cell, found.start, found.end),
      ...placeFeatures(context, cell),
      found.bare ? 1 : 0,
      found.shortYear ? 1 : 0,
      sorted.indexOf(iso),
      sorted.length,
      Math.min(same.length, 10),
      places.indexOf(place),
      places.length,
      found.end - found.start,
      cell.text.length,
      /\d{1,2}:\d{2}/.test(cell.text) ? 1 : 0,
      Number(iso.slice(0, 4)),
      (Date.parse(iso) - Date.parse(sorted[0] ?? iso)) / 86_400_000,
    ];
    return {
      ...placed(cell, found.start, found.end),
      value: iso,
      features,
      problems: dateProblems(place),
    };
  });
}

function dateProblems({ cell, found, ambiguous, iso, other }: DatePlace): string[] {
  if (!ambiguous || other === null) return [];
  const written = cell.text.slice(found.start, found.end);
  return [`“${written}” can be ${iso} or ${other}: nothing else in the document says which.`];
}

const TOKEN =
  /(?<![\p{L}\d])(?=[\p{L}\-/._]{0,12}\d)[\p{L}\d][\p{L}\d\-/._]{0,29}(?: ?[-/] ?[\p{L}\d]{1,12})?(?![\p{L}\d])/gu;

/** Codes with a digit in them that may be the number of the document. */
export function numberCandidates(context: Context): Candidate[] {
  const out: Candidate[] = [];
  for (const cell of context.layout.cells) {
    if (out.length >= MOST) break;
    for (const match of cell.text.slice(0, 200).matchAll(TOKEN)) {
      const value = match[0].replace(/[.,]$/, '');
      const end = match.index + value.length;
      const features = [
        ...labelFeatures(context, cell, match.index, end),
        ...placeFeatures(context, cell),
        ...textFeatures(value),
        ...textFeatures(cell.text),
        context.dates.some(
          (d) => d.cell === cell && d.found.start <= match.index && d.found.end >= end,
        )
          ? 1
          : 0,
        context.amounts.some(
          (a) =>
            a.cell === cell &&
            a.found.start <= match.index &&
            a.found.end >= end &&
            a.found.read.decimals === 2,
        )
          ? 1
          : 0,
        out.length,
        match.index === 0 ? 1 : 0,
        cell.text.length - end,
        /[([]$/.test(cell.text.slice(0, match.index)) ? 1 : 0,
        /^[)\]]/.test(cell.text.slice(end)) ? 1 : 0,
        /[#:]\s*$/.test(cell.text.slice(0, match.index)) ? 1 : 0,
      ];
      out.push({ ...placed(cell, match.index, end), value, features, problems: [] });
    }
  }
  return out;
}
