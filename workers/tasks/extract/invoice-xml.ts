/** The fields of an invoice from the XML that it is or carries: exact values, nothing guessed. */
import type { ReadDocument } from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { InvoiceLine } from '../../../src/core/outputs.ts';
import type { Address, Invoice, InvoiceLine as XmlLine, Term } from '../../einvoice/invoice.ts';
import { readInvoice } from '../../einvoice/read-invoice.ts';
import { decimalOf, moneyOf, ONE } from './amounts.ts';
import { contextOf, type Context } from './context.ts';
import { fieldAt, missing, type Fields } from './fields.ts';
import { compact } from './identifiers.ts';
import { fold } from './names.ts';
import type { ValidateOptions } from './validate.ts';

const textOf = (term: Term | null | undefined): string | null => fold(term?.value ?? '') || null;

/** `12.5000` as `12.50`; what is no decimal stays as it is written, for the validator to name. */
function amountOf(term: Term | null | undefined): string | null {
  const written = textOf(term);
  const money = moneyOf(written);
  return money === null ? written : decimalOf(money);
}

/** `20.0000` as `20`. */
const quantityOf = (term: Term | null): string | null =>
  textOf(term)
    ?.replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '') ?? null;

const addressOf = (address: Address | null): string | null =>
  address === null
    ? null
    : [
        ...address.lines.map(textOf),
        [textOf(address.postCode), textOf(address.city)].filter(Boolean).join(' '),
        textOf(address.country),
      ]
        .filter(Boolean)
        .join(', ') || null;

function lineOf(line: XmlLine): InvoiceLine {
  const price = moneyOf(textOf(line.netPrice));
  const base = moneyOf(textOf(line.baseQuantity)) ?? ONE;
  return {
    name: textOf(line.name) ?? textOf(line.description) ?? '',
    quantity: quantityOf(line.quantity),
    unit_price: price === null ? null : decimalOf(base > 0 ? (price * ONE) / base : price),
    total: amountOf(line.net),
    tax_percent: quantityOf(line.vatRate),
  };
}

/** Values by field, as the contract names them. */
export function valuesOf(invoice: Invoice): Record<string, unknown> {
  const { seller, buyer, totals } = invoice;
  const account = invoice.paymentMeans.map(({ account }) => account?.id).find((id) => id);
  const iban = textOf(account);
  return {
    seller_name: textOf(seller?.name),
    seller_address: addressOf(seller?.address ?? null),
    seller_vat_id: textOf(seller?.vatId) ?? textOf(seller?.taxRegistration),
    buyer_name: textOf(buyer?.name),
    invoice_number: textOf(invoice.number),
    issue_date: textOf(invoice.issueDate),
    due_date: textOf(invoice.dueDate),
    currency: textOf(invoice.currency),
    total_net: amountOf(totals.net),
    total_tax: amountOf(totals.tax),
    total_gross: amountOf(totals.gross),
    iban: iban && /^[a-z]{2}\d{2}/i.test(iban) ? compact(iban) : null,
    lines: invoice.lines.length > 0 ? invoice.lines.map(lineOf) : null,
  };
}

export interface FromXml {
  fields: Fields;
  options: ValidateOptions;
}

/** Reads the XML. Fails with file_broken where it is no e-invoice that can be read. */
export function fieldsOfXml(document: ReadDocument, xml: string): Result<FromXml> {
  const read = readInvoice(xml);
  if (!read.ok) return fail('file_broken', read.failure.message);
  const context = contextOf(document);
  const fields: Fields = {};
  for (const [name, value] of Object.entries(valuesOf(read.value)))
    fields[name] = value === null ? missing() : placed(context, value);
  const products = read.value.lines.every((line) => line.allowanceCharges.length === 0);
  return ok({ fields, options: { linesTotal: amountOf(read.value.totals.lines), products } });
}

/** Where the page or text shows the same value; without a place where it does not. */
function placed(context: Context, value: unknown): Fields[string] {
  if (typeof value !== 'string') return fieldAt(value, 1, [], null);
  const date = context.dates.find(({ iso }) => iso === value);
  const money = moneyOf(value);
  const amount =
    money === null ? undefined : context.amounts.find((place) => place.money === money);
  const found = date ?? (/\.\d\d/.test(value) ? amount : undefined);
  if (found) {
    const start = found.cell.start + found.found.start;
    return fieldAt(value, 1, [found.cell], [start, start + found.found.end - found.found.start]);
  }
  const cell = context.layout.cells.find(({ text }) => text.includes(value));
  if (!cell) return fieldAt(value, 1, [], null);
  const start = cell.start + cell.text.indexOf(value);
  return fieldAt(value, 1, [cell], [start, start + value.length]);
}
