/** What must hold between the fields of an invoice or a receipt: sums, dates, check digits, codes. Pure. */
import type { ExtractedField, InvoiceLine } from '../../../src/core/outputs.ts';
import { decimalOf, moneyOf, ONE, type Money } from './amounts.ts';
import { isCurrency } from './countries.ts';
import type { Fields } from './fields.ts';
import { ibanProblem, vatProblem } from './identifiers.ts';
import { isoOf } from './dates.ts';

/** Two cents: each of two sums may have been rounded. */
const CENTS = ONE / 50;
const near = (a: Money, b: Money, within: number = CENTS): boolean => Math.abs(a - b) <= within;

export interface Validated {
  fields: Fields;
  /** Sentences about contradictions between fields. */
  doubts: string[];
  /** True where net + tax = gross was checked and holds. */
  totalsAgree: boolean;
}

const textOf = (field: ExtractedField | undefined): string | null =>
  typeof field?.value === 'string' ? field.value : null;

export interface ValidateOptions {
  /** A further total that the lines may add up to: before discounts and charges of the whole invoice. */
  linesTotal?: string | null;
  /** False where a line has discounts of its own, so that quantity × price need not be its total. */
  products?: boolean;
}

/** Checks every field by itself and all together. Returns new fields; nothing is corrected. */
export function validate(fields: Fields, options: ValidateOptions = {}): Validated {
  const out: Fields = {};
  for (const [name, field] of Object.entries(fields))
    out[name] = { ...field, problems: [...field.problems] };
  const doubts: string[] = [];
  const blame = (names: readonly string[], problem: string): void => {
    doubts.push(problem);
    for (const name of names) {
      const field = out[name];
      if (!field || field.value === null) continue;
      field.valid = false;
      field.problems.push(problem);
    }
  };
  for (const [name, field] of Object.entries(out)) {
    const problem = problemOf(name, field.value);
    if (problem) blame([name], problem);
  }
  const totalsAgree = checkTotals(out, blame);
  checkLines(out, blame, options);
  checkDates(out, blame);
  return { fields: out, doubts, totalsAgree };
}

type Blame = (names: readonly string[], problem: string) => void;

/** What is wrong with a value by itself. */
function problemOf(name: string, value: unknown): string | null {
  if (value === null || typeof value !== 'string') return null;
  if (name === 'iban') return ibanProblem(value);
  if (name === 'seller_vat_id') return /^[A-Z]{2,3}/.test(value) ? vatProblem(value) : null;
  if (name === 'currency') return isCurrency(value) ? null : `${value} is no currency of ISO 4217.`;
  if (name.endsWith('_date')) return isDate(value) ? null : `${value} is no date of the calendar.`;
  if (name.startsWith('total_')) return moneyOf(value) === null ? `${value} is no amount.` : null;
  return null;
}

export function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return match !== null && isoOf(Number(match[1]), Number(match[2]), Number(match[3])) === value;
}

function checkTotals(fields: Fields, blame: Blame): boolean {
  const moneyIn = (name: string): Money | null => moneyOf(textOf(fields[name]));
  const [net, tax, gross] = [moneyIn('total_net'), moneyIn('total_tax'), moneyIn('total_gross')];
  if (gross === null) return false;
  if (net !== null && tax !== null) {
    if (near(net + tax, gross)) return true;
    blame(
      ['total_net', 'total_tax', 'total_gross'],
      `Net ${decimalOf(net)} and tax ${decimalOf(tax)} make ${decimalOf(net + tax)}, not the gross total ${decimalOf(gross)}.`,
    );
  } else if (tax !== null && Math.abs(tax) > Math.abs(gross))
    blame(['total_tax', 'total_gross'], 'The tax is larger than the gross total.');
  else if (net !== null && Math.abs(net) > Math.abs(gross) + CENTS)
    blame(['total_net', 'total_gross'], 'The net total is larger than the gross total.');
  return false;
}

const linesOf = (field: ExtractedField | undefined): InvoiceLine[] =>
  Array.isArray(field?.value) ? (field.value as InvoiceLine[]) : [];

function checkLines(fields: Fields, blame: Blame, options: ValidateOptions): void {
  const lines = linesOf(fields['lines']);
  if (lines.length === 0) return;
  lines.forEach((line, index) => {
    const problem = options.products === false ? null : lineProblem(line, index + 1);
    if (problem) blame(['lines'], problem);
  });
  const totals = lines.map((line) => moneyOf(line.total));
  if (totals.some((total) => total === null)) return;
  const sum = totals.reduce<number>((a, b) => a + (b as number), 0);
  const wanted = ['total_net', 'total_gross'].map((name) => moneyOf(textOf(fields[name])));
  wanted.push(moneyOf(options.linesTotal));
  const within = CENTS + (lines.length * ONE) / 200;
  const known = wanted.filter((total) => total !== null);
  if (known.length === 0 || known.some((total) => near(total, sum, within))) return;
  blame(
    ['lines'],
    `The lines add up to ${decimalOf(sum)}, which is neither the net nor the gross total: a line is missing or misread, or there are discounts and charges.`,
  );
}

/** Quantity × unit price = total, within the rounding of the price. */
function lineProblem({ quantity, unit_price, total }: InvoiceLine, number: number): string | null {
  const [q, p, t] = [moneyOf(quantity), moneyOf(unit_price), moneyOf(total)];
  if (q === null || p === null || t === null) return null;
  const product = Math.round((q * p) / ONE);
  const within = CENTS + (Math.abs(q) / ONE) * (ONE / 200);
  return near(Math.abs(product), Math.abs(t), within)
    ? null
    : `Line ${number}: ${quantity} × ${unit_price} is ${decimalOf(product)}, not ${total}.`;
}

function checkDates(fields: Fields, blame: Blame): void {
  const issue = textOf(fields['issue_date']);
  const due = textOf(fields['due_date']);
  if (issue && due && isDate(issue) && isDate(due) && due < issue)
    blame(['issue_date', 'due_date'], `The due date ${due} lies before the invoice date ${issue}.`);
}
