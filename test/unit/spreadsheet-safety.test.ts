/** No text cell of an export can start a formula. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeCell, escapeRow } from '../../src/core/spreadsheet-safety.ts';

describe('a cell', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0=1',
    '\ufeff=1',
    '\uff1d1',
    "=cmd|' /C calc'!A0",
  ])('%j gets an apostrophe', (text) => {
    expect(escapeCell(text)).toBe(`'${text}`);
  });
  it.each(['', 'a=1', '1-2', 'me@home', "'=1", 'ordinary text'])('%j stays', (text) => {
    expect(escapeCell(text)).toBe(text);
  });
  it('that is a number stays a number', () => {
    expect(escapeRow([-1.5, 0, true, null, undefined])).toEqual(['-1.5', '0', 'true', '', '']);
  });
  it('never starts like a formula, and only an apostrophe is added', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', 'a', '1', "'"),
        }),
        (text) => {
          const cell = escapeCell(text);
          expect(/^\s*[=+\-@]/.test(cell) || /^[\t\r\n]/.test(cell)).toBe(false);
          expect(cell.endsWith(text)).toBe(true);
          expect(cell.length - text.length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
