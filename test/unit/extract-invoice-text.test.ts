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

describe('a name', () => {
  it('is never a line with money or a date', () => {
    if (!model.ok) throw new Error(model.failure.message);
    const text = 'Invoice number: 4711\nInvoice date: 3 March 2026\nTotal EUR 119.00';
    const { fields } = extractInvoice(documentOfText(text), model.value);
    for (const name of ['seller_name', 'buyer_name'])
      expect(fields[name]?.value ?? '').not.toMatch(/119|March/);
  });
});
