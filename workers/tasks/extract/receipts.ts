/** The fields of a receipt: four learned and calibrated, the rest by rules that say nothing where they are not sure. */
import type { ReadDocument } from '../../../src/core/document.ts';
import type { ExtractedField } from '../../../src/core/outputs.ts';
import { decimalOf, moneyOf, type Money } from './amounts.ts';
import type { Choice } from './choose.ts';
import { contextOf, type AmountPlace, type Context } from './context.ts';
import { fieldAt, fieldOf, INVOICE_FIELDS, missing, type Fields } from './fields.ts';
import { chooseCurrency, chooseIban, chooseVatId } from './invoice-fields.ts';
import { chooseReceipt } from './receipt-fields.ts';
import { linesThatAddUp } from './rows-that-add-up.ts';
import { confidenceOf, type ScoringModel } from './trees.ts';
import { validate } from './validate.ts';
import { numberByLabel, registrationByLabel } from './labelled.ts';

/** Learned fields by the names of the contract. */
export const RECEIPT_FIELDS = {
  seller_name: 'company',
  seller_address: 'address',
  issue_date: 'date',
  total_gross: 'total',
} as const;

/** What a booking needs: the whole is right where these are. The address has a confidence of its own. */
export const RECEIPT_REQUIRED = ['seller_name', 'issue_date', 'total_gross'] as const;

export interface Extracted {
  fields: Fields;
  /** P(all required fields are right). */
  confidence: number;
  doubts: string[];
}

const logit = (p: number): number => Math.log(Math.max(p, 1e-6) / Math.max(1 - p, 1e-6));

/** Evidence for the whole: log-odds of the fields, and the weakest of them. */
export const wholeEvidence = (confidences: readonly number[]): number[] => {
  const odds = confidences.map(logit);
  return [...odds, Math.min(...odds)];
};

export function extractReceipt(document: ReadDocument, model: ScoringModel): Extracted {
  const context = contextOf(document);
  const scorerOf = (field: string) => model.scorers[field] as ScoringModel['scorers'][string];
  const calibrated = (name: string, evidence: readonly number[]): number =>
    confidenceOf(model.calibrations[name] ?? { weights: [], bias: -6 }, evidence);
  const choices = chooseReceipt(context, scorerOf);
  const fields: Fields = {};
  for (const name of INVOICE_FIELDS) fields[name] = missing();
  for (const [name, field] of Object.entries(RECEIPT_FIELDS)) {
    const choice = choices[field];
    if (choice) fields[name] = fieldOf(choice, calibrated(field, choice.evidence));
  }
  const confidences = RECEIPT_REQUIRED.map((name) => fields[name]?.confidence ?? 0);
  addByRules(context, fields, choices.total);
  const checked = validate(fields);
  const doubts = [...checked.doubts, ...openQuestions(context, checked.fields)];
  return {
    fields: checked.fields,
    confidence: calibrated('all', wholeEvidence(confidences)),
    doubts,
  };
}

function addByRules(context: Context, fields: Fields, total: Choice | null): void {
  const gross = moneyOf(total?.candidate.value);
  const currency = chooseCurrency(context);
  if (currency) {
    const problems = currency.assumed
      ? [`No currency is named: ${currency.code} is usual in the country of the document.`]
      : [];
    const field = fieldAt(
      currency.code,
      0,
      currency.cell ? [currency.cell] : [],
      currency.cell && [currency.start, currency.end],
      problems,
    );
    fields['currency'] = { ...field, valid: true };
  }
  const tax = gross === null ? null : taxOf(context, gross);
  if (tax) {
    fields['total_tax'] = amountField(tax.tax);
    fields['total_net'] = amountField(tax.net);
  }
  const iban = chooseIban(context);
  if (iban) fields['iban'] = identifierField(iban.chosen);
  const vat = chooseVatId(context, null, null);
  fields['seller_vat_id'] = vat ? identifierField(vat.chosen) : registrationByLabel(context);
  fields['invoice_number'] = numberByLabel(context);
  const totals = [gross, tax?.net.money ?? null].filter((money) => money !== null);
  const table = linesThatAddUp(context, totals);
  if (table) fields['lines'] = fieldAt(table.lines, 0, table.cells, null);
}

const identifierField = ({
  cell,
  found,
}: {
  cell: Parameters<typeof fieldAt>[2][number];
  found: { value: string; start: number; end: number };
}): ExtractedField =>
  fieldAt(found.value, 0, [cell], [cell.start + found.start, cell.start + found.end]);

const amountField = ({ cell, found, money }: AmountPlace): ExtractedField =>
  fieldAt(decimalOf(money), 0, [cell], [cell.start + found.start, cell.start + found.end]);

/** Net and tax that add up to the total, where a label names the tax; nothing else is said. */
function taxOf(context: Context, gross: Money): { net: AmountPlace; tax: AmountPlace } | null {
  const money = context.amounts.filter((a) => a.found.read.decimals === 2 && !a.found.percent);
  for (const tax of money) {
    if (tax.money <= 0 || tax.money >= gross / 3) continue;
    const row = context.layout.rows[tax.cell.row]?.map((cell) => cell.text).join(' ') ?? '';
    const above = context.layout.rows.slice(Math.max(0, tax.cell.row - 4), tax.cell.row).flat();
    const headed = above.some(
      (cell) =>
        context.labelsOf(cell.text).has('tax') && cell.x0 < tax.cell.x1 && cell.x1 > tax.cell.x0,
    );
    if (!context.labelsOf(row).has('tax') && !headed) continue;
    const net = money.find((other) => other.money === gross - tax.money);
    if (net) return { net, tax };
  }
  return null;
}

/** What a person should look at although every field may be right. */
function openQuestions({ cut, document }: Context, fields: Fields): string[] {
  const out = Object.values(fields).flatMap(({ problems }) =>
    problems.filter((p) => p.includes('nothing else in the document')),
  );
  if (cut) out.push('The document is longer than what was looked at.');
  if (document.notices.some((notice) => notice.includes('could not be read')))
    out.push('Parts of the document could not be read.');
  return out;
}
