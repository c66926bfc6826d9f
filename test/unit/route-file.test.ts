/** When a text is looked at as a document, and what follows from its kind. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import { documentOfText } from '../../src/core/document.ts';
import {
  asksForKind,
  mayBeDocument,
  onlySorts,
  specialistOfKind,
} from '../../src/core/route-file.ts';

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

describe('the specialist for a kind', () => {
  const told = (label: string, confidence = 0.95) =>
    ({ output: { label, scores: [] }, confidence }) as unknown as Answer;
  const LETTER = `Hello,\n${TICKET}\nfrom your customer`;
  const CALL =
    'Agent: Hello\nCaller: My card is lost.\nAgent: When?\nCaller: Today.\nAgent: Blocked.';

  it.each([
    ['invoice', INVOICE, 'invoices'],
    ['invoice', LETTER, null],
    ['transcript', CALL, 'transcripts'],
    ['transcript', LETTER, null],
    ['clinical_note', LETTER, 'icd10-codes'],
    ['contract', LETTER, null],
  ])('a pasted text that is told as %s', (label, text, expected) => {
    expect(specialistOfKind(told(label), documentOfText(text))).toBe(expected);
  });

  it('is not taken where the kind is doubtful; a file needs no shape', () => {
    expect(specialistOfKind(told('invoice', 0.7), documentOfText(INVOICE))).toBeNull();
    const scan = { ...documentOfText(LETTER), kind: 'pdf' as const };
    expect(specialistOfKind(told('invoice'), scan)).toBe('invoices');
  });
});
