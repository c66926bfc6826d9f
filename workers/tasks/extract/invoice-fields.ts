/** The fields of an invoice that is text with or without layout: what is chosen, and the figures that speak for it. */
import { blockFeatures } from './blocks.ts';
import { COMMON, currencyOf } from './countries.ts';
import { dateCandidates, numberCandidates, type Candidate } from './candidates.ts';
import { choose, type Choice } from './choose.ts';
import type { Context } from './context.ts';
import { compact, ibansIn, vatIdsIn, type FoundIdentifier } from './identifiers.ts';
import { LEGAL_FORMS, textFeatures } from './features.ts';
import type { LabelClass } from './labels.ts';
import { labelBefore } from './labelled.ts';
import type { Cell } from './layout.ts';
import {
  addressPart,
  fold,
  isNoAddress,
  lineFeatures,
  nameCandidates,
  wordyCells,
} from './names.ts';
import { chooseTotals, type Totals } from './totals.ts';
import { scoreOf, type Scorer } from './trees.ts';

/** Names are looked for among this many cells with words. */
export const PARTY_REACH = 160;

export interface InvoiceChoices {
  seller: Choice | null;
  buyer: Choice | null;
  address: Choice | null;
  number: Choice | null;
  issue: Choice | null;
  due: Choice | null;
  totals: Totals;
}

/** Labels and headings of columns are no names, unless a legal form says otherwise. */
const NO_NAME: LabelClass[] = [
  'other_number',
  'number',
  'customer_number',
  'description',
  'quantity',
  'unit_price',
  'rate',
];

/** Money and dates stand beside labels, never in a name. */
const holdsFigures = ({ amounts, dates }: Context, cell: Cell): boolean =>
  dates.some((date) => date.cell === cell) ||
  amounts.some(
    ({ cell: of, found }) => of === cell && (found.currency !== null || found.read.decimals === 2),
  );

/** Labels whose value is a code, a date or an amount. */
const OF_CODES: LabelClass[] = [
  'invoice_number',
  'customer_number',
  'order_number',
  'other_number',
  'number',
  'issue_date',
  'due_date',
  'date',
  'vat_id',
  'tax_number',
  'reference',
];

/** `Invoice number: 4711` */
function isLabelledCode(context: Context, text: string): boolean {
  const [, label] = /^(.{2,40}?)[\s:#]+[^\s\d]{0,8}\d\S*$/u.exec(text) ?? [];
  if (label === undefined) return false;
  const labels = context.labelsOf(label);
  return OF_CODES.some((name) => labels.get(name) === 0);
}

function canBeName(context: Context, { value, cells }: Candidate): boolean {
  if (/:$/.test(cells.at(-1)?.text.trim() ?? '')) return false;
  if (cells.some((cell) => holdsFigures(context, cell) || isLabelledCode(context, cell.text)))
    return false;
  const labels = context.labelsOf(value);
  const isLabel = NO_NAME.some((name) => (labels.get(name) ?? 9) <= 1);
  return !isLabel || (textFeatures(value)[LEGAL_FORMS] ?? 0) > 0;
}

/** `Invoice … No. 123`: the number stands in the title itself. */
function isInTitle(context: Context, { start, cells }: Candidate): boolean {
  const before = cells[0]?.text.slice(0, start - cells[0].start) ?? '';
  const labels = context.labelsOf(before);
  return labels.has('invoice_number') && labels.get('number') === 0;
}

/** `Due date: 12 December 2026`: the words before it leave no doubt which date it is. */
const isCalledDue = (context: Context, candidate: Candidate): boolean =>
  context.labelsOf(labelBefore(context, candidate)).get('due_date') === 0;

const lettersOf = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Log-odds from which a field that an invoice may leave out is named. */
const NAMED_FROM = 0;

export function chooseInvoice(
  context: Context,
  scorerOf: (field: string) => Scorer,
): InvoiceChoices {
  const names = nameCandidates(context, PARTY_REACH, blockFeatures(context)).filter((candidate) =>
    canBeName(context, candidate),
  );
  const numbers = numberCandidates(context);
  const titled = numbers.filter((candidate) => isInTitle(context, candidate));
  const dates = dateCandidates(context);
  const issue = choose(dates, scorerOf('issue'));
  const due = choose(dates, scorerOf('due'));
  const seller = choose(names, scorerOf('seller'), lettersOf);
  const others = names.filter(
    (c) => lettersOf(c.value) !== lettersOf(seller?.candidate.value ?? ''),
  );
  const isDue = due && (due.score > NAMED_FROM || isCalledDue(context, due.candidate));
  return {
    seller,
    buyer: choose(others, scorerOf('buyer'), lettersOf),
    address: chooseBlock(context, scorerOf('address')),
    number: choose(titled.length > 0 ? titled : numbers, scorerOf('number')),
    issue,
    due: isDue ? due : null,
    totals: chooseTotals(context, scorerOf),
  };
}

/** Lines of the seller's address that stand below each other in one column. */
export function chooseBlock(context: Context, scorer: Scorer): Choice | null {
  const cells = wordyCells(context).slice(0, PARTY_REACH);
  const more = blockFeatures(context);
  const scored = cells.map((cell, i) => ({
    cell,
    score: isNoAddress(cell.text)
      ? -12
      : scoreOf(scorer, [...lineFeatures(context, cells, i), ...more(cell)]),
  }));
  let best: { cell: Cell; score: number }[] = [];
  for (const start of scored.filter(({ score }) => score > 0)) {
    const block = [start];
    for (const next of scored) {
      const last = block.at(-1) as { cell: Cell };
      const below =
        next.cell.row > last.cell.row &&
        next.cell.row - last.cell.row <= 2 &&
        next.cell.page === last.cell.page;
      if (next.score > 0 && below && Math.abs(next.cell.x0 - last.cell.x0) < 0.04) block.push(next);
    }
    const sum = (list: typeof block): number => list.reduce((total, { score }) => total + score, 0);
    if (sum(block) > sum(best)) best = block;
  }
  const [first, last] = [best[0], best.at(-1)];
  if (!first || !last) return null;
  const value = fold(
    best.map(({ cell }) => cell.text.slice(...addressPart(cell.text))).join(', '),
  ).replace(/,,/g, ',');
  const end = last.cell.start + addressPart(last.cell.text)[1];
  const candidate: Candidate = {
    value,
    start: first.cell.start,
    end,
    cells: best.map(({ cell }) => cell),
    features: [],
    problems: [],
  };
  const scores = best.map(({ score }) => score);
  const rest = scored.filter((entry) => !best.includes(entry)).map(({ score }) => score);
  return {
    candidate,
    score: Math.min(...scores),
    rivals: [],
    evidence: [Math.min(...scores), -Math.max(-12, ...rest), best.length],
  };
}

export interface Identified {
  cell: Cell;
  found: FoundIdentifier;
}

const everywhere = (context: Context, find: (text: string) => FoundIdentifier[]): Identified[] =>
  context.layout.cells.flatMap((cell) => find(cell.text).map((found) => ({ cell, found })));

/** The account that is to be paid: a right IBAN before one with wrong check digits. */
export function chooseIban(context: Context): { chosen: Identified; several: boolean } | null {
  const all = everywhere(context, ibansIn);
  const chosen = all.find(({ found }) => found.problem === null) ?? all[0];
  if (!chosen) return null;
  return { chosen, several: new Set(all.map(({ found }) => found.value)).size > 1 };
}

/** The seller's VAT id: not the one that stands in the buyer's block. */
export function chooseVatId(
  context: Context,
  seller: Choice | null,
  buyer: Choice | null,
): { chosen: Identified; several: boolean } | null {
  const ibans = new Set(everywhere(context, ibansIn).map(({ found }) => found.value));
  const all = everywhere(context, vatIdsIn).filter(
    ({ found }) => ![...ibans].some((iban) => iban.includes(found.value)),
  );
  const away = (cell: Cell, choice: Choice | null): number => {
    const at = choice?.candidate.cells[0];
    if (!at || at.page !== cell.page) return 10;
    const below = cell.row - at.row;
    return (below >= 0 && below < 8 ? below / 20 : 1) + Math.abs(cell.x0 - at.x0);
  };
  const ofBuyer = ({ cell }: Identified): boolean =>
    away(cell, buyer) < 0.4 && away(cell, buyer) < away(cell, seller);
  const chosen = all.find((entry) => !ofBuyer(entry)) ?? (all.length > 1 ? all[0] : undefined);
  if (!chosen) return null;
  return { chosen, several: new Set(all.map(({ found }) => compact(found.value))).size > 1 };
}

export interface CurrencyFound {
  code: string;
  cell: Cell | null;
  start: number;
  end: number;
  /** Other currencies of the document. */
  others: string[];
  /** True where nothing in the document names it but its country. */
  assumed: boolean;
}

/** The currency of most amounts; a code that stands by itself behind a label counts too. */
export function chooseCurrency(context: Context): CurrencyFound | null {
  const { country } = context;
  const votes = new Map<string, { count: number; cell: Cell; start: number; end: number }>();
  const vote = (written: string, cell: Cell, start: number, end: number, weight: number): void => {
    const code = currencyOf(written, country);
    if (!code) return;
    const known = votes.get(code) ?? { count: 0, cell, start, end };
    known.count += weight;
    votes.set(code, known);
  };
  for (const { found, cell } of context.amounts)
    if (found.currency)
      vote(found.currency, cell, cell.start + found.start, cell.start + found.end, 1);
  for (const cell of context.layout.cells)
    for (const match of cell.text
      .slice(0, 200)
      .matchAll(/(?<![A-Za-z\d])(?:[A-Z]{3}|RM|[€£])(?![A-Za-z\d])/g))
      if (COMMON.has(match[0]) && (match[0] !== 'RM' || country.code === 'MY'))
        vote(
          match[0],
          cell,
          cell.start + match.index,
          cell.start + match.index + match[0].length,
          0.5,
        );
  const sorted = [...votes.entries()].sort((a, b) => b[1].count - a[1].count);
  const [best, ...others] = sorted;
  if (!best)
    return country.currency
      ? { code: country.currency, cell: null, start: 0, end: 0, others: [], assumed: true }
      : null;
  const [code, { cell, start, end }] = best;
  return {
    code,
    cell,
    start,
    end,
    others: others.filter(([, o]) => o.count >= 1).map(([name]) => name),
    assumed: false,
  };
}
