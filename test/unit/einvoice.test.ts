/** Reading e-invoices: the same terms out of UBL and CII, places in the XML, and hostile XML refused. */
import { describe, expect, it } from 'vitest';
import { looksLikeInvoice, readInvoice } from '../../workers/einvoice/read-invoice.ts';
import { pathOf } from '../../workers/einvoice/xml.ts';
import { cii, ubl } from './doubles/invoices.ts';

const read = (xml: string) => {
  const result = readInvoice(xml);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('both syntaxes', () => {
  it.each([
    ['ubl-invoice', ubl()],
    ['cii', cii()],
  ])('%s gives the terms of the standard', (syntax, xml) => {
    const invoice = read(xml);
    expect(invoice.syntax).toBe(syntax);
    expect(invoice.number?.value).toBe('INV-7');
    expect(invoice.issueDate?.value).toBe('2026-03-02');
    expect(invoice.dueDate?.value).toBe('2026-04-01');
    expect(invoice.currency?.value).toBe('EUR');
    expect(invoice.seller?.name?.value).toBe('Müller & Co');
    expect(invoice.seller?.vatId?.value).toBe('DE123456789');
    expect(invoice.buyer?.address?.country?.value).toBe('FR');
    expect(invoice.paymentMeans[0]?.account?.id?.value).toBe('DE02120300000000202051');
    expect(invoice.totals.gross?.value).toBe('119.00');
    expect(invoice.totals.tax?.value).toBe('19.00');
    expect(invoice.vatBreakdown[0]?.category?.value).toBe('S');
    expect(invoice.lines).toHaveLength(1);
    expect(invoice.lines[0]).toMatchObject({ unit: { value: 'C62' }, name: { value: 'Bolt M8' } });
  });

  it('every term says where it stands', () => {
    const xml = `\n  ${ubl()}`;
    const invoice = read(xml);
    const { number, totals, seller } = invoice;
    expect(xml.slice(number?.start, number?.end)).toBe('INV-7');
    expect(xml.slice(totals.gross?.start, totals.gross?.end)).toBe('119.00');
    expect(xml.slice(seller?.name?.start, seller?.name?.end)).toBe('Müller &amp; Co');
    expect(pathOf(invoice.lines[0]?.name?.element ?? invoice.root)).toBe(
      'Invoice/InvoiceLine/Item/Name',
    );
  });

  it('places hold beyond one chunk and after characters outside the BMP', () => {
    const xml = ubl().replace('INV-7', `<!-- ${'😀'.repeat(70_000)} -->INV-7`);
    const due = read(xml).totals.due;
    expect(xml.slice(due?.start, due?.end)).toBe('119.00');
  });
});

describe('what is no invoice', () => {
  it.each([
    ['', 'empty_input'],
    ['<Invoice/>', 'unsupported_input'],
    ['<html xmlns="http://www.w3.org/1999/xhtml"/>', 'unsupported_input'],
    [ubl().slice(0, 500), 'file_broken'],
    [
      `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${ubl().replace('INV-7', '&a;')}`,
      'file_broken',
    ],
    [ubl().replace('INV-7', '&nbsp;'), 'file_broken'],
    [ubl().replace('INV-7', '<a>'.repeat(100) + '</a>'.repeat(100)), 'file_broken'],
  ])('%#: refused with a code', (xml, code) => {
    const result = readInvoice(xml);
    expect(result.ok ? null : result.failure.code).toBe(code);
  });

  it('a billion laughs are refused at once', () => {
    const entities = Array.from(
      { length: 20 },
      (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
    );
    const xml = `<!DOCTYPE l [<!ENTITY l0 "ha">${entities.join('')}]><l>&l20;</l>`;
    const result = readInvoice(xml);
    expect(result.ok ? '' : result.failure.message).toContain('DTD');
  });

  it('a look at the head is enough to tell', () => {
    expect(looksLikeInvoice(ubl())).toBe(true);
    expect(looksLikeInvoice(cii())).toBe(true);
    expect(looksLikeInvoice('<a/>')).toBe(false);
    expect(looksLikeInvoice('An invoice')).toBe(false);
  });
});
