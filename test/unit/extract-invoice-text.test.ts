/** Invoices as plain text, through the shipped model: due dates that a label names, and what is no name. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { extractInvoice } from '../../workers/tasks/extract/invoices.ts';
import { readModel } from '../../workers/tasks/extract/trees.ts';

const model = readModel(gunzipSync(readFileSync('public/fleet/invoices/1.0.0/model.json.gzip')));

const invoice = (line: string) =>
  `HOLLOW OAK PRINT WORKS LTD
7 Tannery Lane, Kilkenny R95 X2K1, Ireland

Invoice number:   HO-26-3381
Invoice date:     12 November 2026
${line}

Leaflets, A5                        5000           0.09        450.00
Total due                                          EUR         450.00`;

function dueDateOf(line: string): unknown {
  if (!model.ok) throw new Error(model.failure.message);
  return extractInvoice(documentOfText(invoice(line)), model.value).fields['due_date']?.value;
}

describe('the due date', () => {
  it.each([
    ['Due date:         12 December 2026', '2026-12-12'],
    ['Due date: 12/12/2026', '2026-12-12'],
    ['Fällig am         12.12.2026', '2026-12-12'],
    ['Échéance :        12 décembre 2026', '2026-12-12'],
    ['Delivered on:     9 November 2026', null],
    ['', null],
  ])('“%s”', (line, expected) => {
    expect(dueDateOf(line)).toBe(expected);
  });
});

function fieldsOf(text: string): ReturnType<typeof extractInvoice>['fields'] {
  if (!model.ok) throw new Error(model.failure.message);
  return extractInvoice(documentOfText(text), model.value).fields;
}

describe('a name', () => {
  it.each([
    'Invoice number: 4711\nInvoice date: 3 March 2026\nTotal EUR 119.00',
    'ACME Ltd\nInvoice number: 4711\nInvoice date: 3 March 2026\nTotal due: €119.00',
    'Rechnung Nr. 4711\nDatum: 03.03.2026\nGesamtbetrag 119,00 EUR',
  ])('is never a line with money, a date or a labelled number: %j', (text) => {
    const fields = fieldsOf(text);
    for (const name of ['seller_name', 'buyer_name'])
      expect(fields[name]?.value ?? '').not.toMatch(/\d/);
  });
});

describe('a total that stands alone', () => {
  it.each([
    'Total EUR 119.00',
    'Total: 119.00 EUR',
    'Total due: €119.00',
    'Gesamtbetrag 119,00 EUR',
  ])('“%s” is named, and left to a person', (line) => {
    const fields = fieldsOf(`Invoice number: 4711\nInvoice date: 3 March 2026\n${line}`);
    expect(fields['total_gross']).toMatchObject({ value: '119.00', confidence: 0 });
  });

  it('is not the smaller of two amounts', () => {
    const fields = fieldsOf('Invoice number: 4711\nPaid before 250.00\nTotal 119.00');
    expect(fields['total_gross']?.value ?? null).toBeNull();
  });
});

describe('lines without a row of headings', () => {
  const sheet = (rows: string, totals = 'Subtotal 160.00\nVAT 20% 32.00\nTotal EUR 192.00') =>
    `Northwind Paper Ltd\n12 Mill Lane, Leeds\n\nINVOICE\nInvoice number: NP-20418\nInvoice date: 3 March 2026\n\n${rows}\n\n${totals}`;
  const line = (name: string, quantity: string | null, unit: string | null, total: string) => ({
    name,
    quantity,
    unit_price: unit,
    total,
    tax_percent: null,
  });

  it.each([
    ['two blanks between cells', '10 x Copy paper A4  4.20  42.00\n2 x Toner black  59.00  118.00'],
    ['one blank', '10 x Copy paper A4 4.20 42.00\n2 x Toner black 59.00 118.00'],
    ['the quantity behind', 'Copy paper A4  10 x 4.20  42.00\nToner black  2 x 59.00  118.00'],
    [
      'columns',
      'Copy paper A4    10     4.20     42.00 EUR\nToner black       2    59.00    118.00 EUR',
    ],
  ])('are taken where they add up to the net total: %s', (_, rows) => {
    const field = fieldsOf(sheet(rows))['lines'];
    expect(field?.value).toEqual([
      line('Copy paper A4', '10', '4.20', '42.00'),
      line('Toner black', '2', '59.00', '118.00'),
    ]);
    expect(field?.confidence, 'no calibration knows such lines').toBe(0);
  });

  it('a row without quantity and price keeps its total alone', () =>
    expect(fieldsOf(sheet('Consulting in March  160.00'))['lines']?.value).toEqual([
      line('Consulting in March', null, null, '160.00'),
    ]));

  it('are not taken where they do not add up', () =>
    expect(
      fieldsOf(sheet('10 x Copy paper A4  4.20  42.00\n2 x Toner black  59.00  117.00'))['lines']
        ?.value,
    ).toBeNull());

  it('nor where there is no total to add up to', () =>
    expect(fieldsOf(sheet('10 x Copy paper A4  4.20  42.00', ''))['lines']?.value).toBeNull());
});
