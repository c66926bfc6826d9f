/** The fields of an invoice that carries no XML: learned and calibrated on invented invoices, checked by arithmetic. */
import type { ReadDocument } from '../../../src/core/document.ts';
import type { Choice } from './choose.ts';
import { decimalOf, moneyOf } from './amounts.ts';
import { contextOf, type Context } from './context.ts';
import { fieldAt, fieldOf, INVOICE_FIELDS, missing, type Fields } from './fields.ts';
import {
  chooseCurrency,
  chooseIban,
  chooseInvoice,
  chooseVatId,
  type Identified,
  type InvoiceChoices,
} from './invoice-fields.ts';
import { linesIn } from './line-items.ts';
import { wholeEvidence, type Extracted } from './receipts.ts';
import { linesThatAddUp } from './rows-that-add-up.ts';
import { totalEvidence } from './totals.ts';
import { confidenceOf, type ScoringModel } from './trees.ts';
import { validate } from './validate.ts';

/** Fields that every invoice must have: the whole is right where these are. */
export const REQUIRED = [
  'seller_name',
  'buyer_name',
  'invoice_number',
  'issue_date',
  'currency',
  'total_gross',
] as const;

/** Evidence by field of the contract, for calibrating and for answering. */
export function evidenceOf(
  choices: InvoiceChoices,
): Record<string, { choice: Choice; evidence: number[] } | null> {
  const { totals } = choices;
  const plain = (choice: Choice | null) => choice && { choice, evidence: choice.evidence };
  const total = (choice: Choice | null) =>
    choice && { choice, evidence: totalEvidence(choice, totals.agree) };
  return {
    seller_name: plain(choices.seller),
    buyer_name: plain(choices.buyer),
    seller_address: plain(choices.address),
    invoice_number: plain(choices.number),
    issue_date: plain(choices.issue),
    due_date: plain(choices.due),
    total_net: total(totals.net),
    total_tax: total(totals.tax),
    total_gross: total(totals.gross),
  };
}

export function extractInvoice(document: ReadDocument, model: ScoringModel): Extracted {
  const context = contextOf(document);
  const calibrated = (name: string, evidence: readonly number[]): number =>
    confidenceOf(model.calibrations[name] ?? { weights: [], bias: -6 }, evidence);
  const choices = chooseInvoice(
    context,
    (field) => model.scorers[field] as ScoringModel['scorers'][string],
  );
  const fields: Fields = {};
  for (const name of INVOICE_FIELDS) fields[name] = missing();
  for (const [name, found] of Object.entries(evidenceOf(choices)))
    if (found) fields[name] = fieldOf(found.choice, calibrated(name, found.evidence));
  const { called } = choices.totals;
  if (called) fields['total_gross'] = fieldOf(called, 0); // of such amounts no calibration knows anything
  addIdentifiers(context, fields, choices, calibrated);
  addCurrency(context, fields, calibrated);
  addWorkedOut(fields);
  addLines(context, fields, calibrated);
  const checked = validate(fields);
  const whole = REQUIRED.map((name) => checked.fields[name]?.confidence ?? 0);
  const doubts = [...checked.doubts, ...openQuestions(context, checked.fields)];
  return { fields: checked.fields, confidence: calibrated('all', wholeEvidence(whole)), doubts };
}

type Calibrated = (name: string, evidence: readonly number[]) => number;

/** Only tables with headings were among the calibration's rows: where none has any, what adds up is not called sure. */
function addLines(context: Context, fields: Fields, calibrated: Calibrated): void {
  const table = linesIn(context);
  if (table) {
    fields['lines'] = fieldAt(table.lines, calibrated('lines', [1]), table.cells, null);
    return;
  }
  const totals = [fields['total_net'], fields['total_gross']]
    .map((field) => moneyOf(field?.value as string | null | undefined))
    .filter((money) => money !== null);
  const rows = linesThatAddUp(context, totals);
  if (rows) fields['lines'] = fieldAt(rows.lines, 0, rows.cells, null);
}

function addIdentifiers(
  context: Context,
  fields: Fields,
  choices: InvoiceChoices,
  calibrated: Calibrated,
): void {
  const add = (name: string, found: { chosen: Identified; several: boolean } | null): void => {
    if (!found) return;
    const { cell, found: at } = found.chosen;
    const evidence = [found.several ? 1 : 0, at.problem ? 1 : 0];
    fields[name] = fieldAt(
      at.value,
      calibrated(name, evidence),
      [cell],
      [cell.start + at.start, cell.start + at.end],
    );
  };
  add('iban', chooseIban(context));
  add('seller_vat_id', chooseVatId(context, choices.seller, choices.buyer));
}

function addCurrency(context: Context, fields: Fields, calibrated: Calibrated): void {
  const found = chooseCurrency(context);
  if (!found) return;
  const problems: string[] = [];
  if (found.assumed)
    problems.push(`No currency is named: ${found.code} is usual in the country of the document.`);
  if (found.others.length > 0)
    problems.push(
      `The document names several currencies: ${[found.code, ...found.others].join(', ')}.`,
    );
  const confidence = calibrated('currency', [
    found.assumed ? 1 : 0,
    found.others.length > 0 ? 1 : 0,
  ]);
  const field = fieldAt(
    found.code,
    confidence,
    found.cell ? [found.cell] : [],
    found.cell && [found.start, found.end],
    problems,
  );
  fields['currency'] = { ...field, valid: true };
}

/** The third total where two are known: worked out, so without a place. Several rates of tax are often not added up. */
function addWorkedOut(fields: Fields): void {
  const money = (name: string) => moneyOf(fields[name]?.value as string | null);
  const [net, tax, gross] = [money('total_net'), money('total_tax'), money('total_gross')];
  if (tax === null && net !== null && gross !== null && Math.abs(gross) >= Math.abs(net)) {
    const confidence = Math.min(
      fields['total_net']?.confidence ?? 0,
      fields['total_gross']?.confidence ?? 0,
    );
    fields['total_tax'] = {
      ...missing('Worked out as gross less net: the document does not name it.'),
      value: decimalOf(gross - net),
      confidence,
    };
  }
}

function openQuestions({ cut, document }: Context, fields: Fields): string[] {
  const out = Object.values(fields).flatMap(({ problems }) =>
    problems.filter(
      (problem) =>
        problem.includes('nothing else in the document') || problem.includes('several currencies'),
    ),
  );
  if (cut) out.push('The document is longer than what was looked at.');
  if (document.notices.some((notice) => notice.includes('could not be read')))
    out.push('Parts of the document could not be read.');
  for (const name of REQUIRED)
    if ((fields[name]?.value ?? null) === null)
      out.push(`No ${name.replaceAll('_', ' ')} was found.`);
  return out;
}
