/** When a text is looked at as a document, and what follows from its kind. */
import { describe, expect, it } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { asksForKind, mayBeDocument, onlySorts } from '../../src/core/route-file.ts';

const INVOICE = 'ACME Ltd\nInvoice number: 4711\nDate: 3 March 2026\nBill to: Jo\nTotal EUR 119.00';
const TICKET = 'My card has not arrived.\n\nIt has been two weeks.\n\nThanks\nJo';

describe('a text without a word on what to do', () => {
  it.each([
    ['five lines', INVOICE, true],
    ['a ticket in four', TICKET, false],
    ['lines of figures only', '1\n2\n3\n4\n5\n6\n7', false],
    ['one long line', 'a '.repeat(5000), false],
    ['nothing', '', false],
  ])('may be a document: %s', (_, text, expected) => {
    expect(mayBeDocument(text)).toBe(expected);
    expect(asksForKind({ text }, documentOfText(text))).toBe(expected);
    expect(onlySorts({ text })).toBe(!expected);
  });

  it('is not asked for its kind where the request says what to do', () => {
    const document = documentOfText(INVOICE);
    expect(asksForKind({ text: INVOICE, task: 'classify' }, document)).toBe(false);
    expect(asksForKind({ text: INVOICE, specialist: 'banking-tickets' }, document)).toBe(false);
    expect(onlySorts({ text: INVOICE, task: 'classify' })).toBe(true);
    expect(onlySorts({ text: INVOICE, specialist: 'banking-tickets' })).toBe(true);
    expect(onlySorts({ text: INVOICE, task: 'extract' })).toBe(false);
  });
});
