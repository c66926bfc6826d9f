/** Amounts, dates, IBANs and VAT ids as documents write them. */
import { describe, expect, it } from 'vitest';
import {
  amountsIn,
  decimalMarkOf,
  decimalOf,
  moneyOf,
  readDigits,
  settle,
  type DecimalMark,
} from '../../workers/tasks/extract/amounts.ts';
import { countryOf, currencyOf } from '../../workers/tasks/extract/countries.ts';
import { dateOrderOf, datesIn, settleDate } from '../../workers/tasks/extract/dates.ts';
import { ibansIn, vatIdsIn, vatProblem } from '../../workers/tasks/extract/identifiers.ts';

const amounts = (text: string, mark: DecimalMark | null = null): string[] =>
  amountsIn(text).map(({ read, negative }) =>
    decimalOf(settle(read, mark).money * (negative ? -1 : 1)),
  );

describe('amounts', () => {
  it.each([
    ['1.234,56', '1234.56'],
    ['1,234.56', '1234.56'],
    ["1'234.56", '1234.56'],
    ['1’234.56', '1234.56'],
    ['1 234,56', '1234.56'],
    ['1\u202f234\u202f567,89 €', '1234567.89'],
    ['12.345.678,90', '12345678.90'],
    ['RM9.00', '9.00'],
    ['5.90SR', '5.90'],
    ['-12,50', '-12.50'],
    ['12,50-', '-12.50'],
    ['(12.50)', '-12.50'],
    ['EUR 4,250.00', '4250.00'],
    ['$ 3.5', '3.50'],
    ['0,075', '0.075'],
  ])('%s is %s', (written, value) => expect(amounts(written)).toEqual([value]));

  it('takes no part of dates, times, codes and numbers of versions for an amount', () => {
    for (const text of [
      '07/01/18',
      '14:41',
      'A4-12',
      '1.2.3',
      'X51005447861',
      '03-7507405/20',
      'ISO9001',
    ])
      expect(amountsIn(text).filter(({ read }) => read.decimals === 2)).toEqual([]);
  });

  it('leaves 1.234 open until the document says which mark it uses', () => {
    const read = readDigits('1.234');
    if (!read) throw new Error('unread');
    expect(settle(read, ',')).toEqual({ money: 12_340_000, ambiguous: false });
    expect(settle(read, '.')).toEqual({ money: 12_340, ambiguous: false });
    expect(settle(read, null).ambiguous).toBe(true);
    const others = amountsIn('19,99 und 5,00').map((found) => found.read);
    expect(decimalMarkOf(others)).toBe(',');
    expect(decimalMarkOf([])).toBeNull();
  });

  it('refuses groups that are none', () => {
    for (const text of ['1.23.456,00', '12,34,56', '1,2345.00'])
      expect(readDigits(text)).toBeNull();
  });

  it('writes and reads decimals exactly', () => {
    for (const text of ['0.00', '-12.50', '0.075', '99999999999.99'])
      expect(decimalOf(moneyOf(text) ?? NaN)).toBe(text);
    for (const text of ['', 'x', '1,5', '1e5', '999999999999']) expect(moneyOf(text)).toBeNull();
  });

  it('is linear in hostile input', () => {
    const from = performance.now();
    for (const text of [
      '1 '.repeat(50_000),
      '1.'.repeat(50_000),
      ' ('.repeat(50_000),
      '9'.repeat(100_000),
      'A'.repeat(100_000),
    ]) {
      amountsIn(text);
      datesIn(text);
      ibansIn(text);
      vatIdsIn(text);
    }
    expect(performance.now() - from).toBeLessThan(2000);
  });
});

describe('dates', () => {
  it.each([
    ['2018-03-05', '2018-03-05'],
    ['05.03.2018', '2018-03-05'],
    ['5. März 2018', '2018-03-05'],
    ['18 MAR 2018 18:25', '2018-03-18'],
    ['March 5, 2018', '2018-03-05'],
    ['5 de marzo de 2018', '2018-03-05'],
    ['le 1er août 2021', '2021-08-01'],
    ['25/12/2018 8:13:39 PM', '2018-12-25'],
    ['30-08-17', '2017-08-30'],
    ['20180305', '2018-03-05'],
  ])('%s is %s', (written, iso) => expect(datesIn(written)[0]?.readings[0]?.iso).toBe(iso));

  it('finds no date where there is none', () => {
    for (const text of [
      '31.02.2020',
      '99/99/2020',
      '1.2.3.4',
      '12/2018',
      'March 2018',
      '03-3271 9872',
    ])
      expect(datesIn(text)).toEqual([]);
  });

  it('reads 03/04/2026 by the other dates, by the country, or says that it is open', () => {
    const [open] = datesIn('03/04/2026');
    if (!open) throw new Error('unread');
    expect(settleDate(open, dateOrderOf([open, ...datesIn('25/12/2025')], null)).iso).toBe(
      '2026-04-03',
    );
    expect(settleDate(open, dateOrderOf([open, ...datesIn('12/25/2025')], null)).iso).toBe(
      '2026-03-04',
    );
    expect(
      settleDate(
        open,
        dateOrderOf([open], countryOf('Ship to Springfield, IL 62701', null).dateOrder),
      ).iso,
    ).toBe('2026-03-04');
    expect(settleDate(open, dateOrderOf([open], null))).toEqual({
      iso: '2026-04-03',
      ambiguous: true,
      other: '2026-03-04',
    });
  });
});

describe('currencies', () => {
  it('reads a dollar by the country and no currency out of words', () => {
    expect(currencyOf('$', countryOf('SDN BHD, JOHOR', null))).toBe('MYR');
    expect(currencyOf('$', countryOf('Austin, TX 78701', null))).toBe('USD');
    expect(currencyOf('$', countryOf('', null))).toBeNull();
    expect(currencyOf('ALL', countryOf('', null))).toBeNull();
  });
});

describe('identifiers', () => {
  it('finds an IBAN with blanks, and one with a wrong digit says so', () => {
    expect(ibansIn('IBAN: DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX')).toMatchObject([
      { value: 'DE89370400440532013000', problem: null },
    ]);
    expect(ibansIn('DE89 3704 0044 0532 0130 01')[0]?.problem).toMatch(/check digits/);
  });

  it('holds VAT ids against their check digits', () => {
    expect(vatIdsIn('USt-IdNr. DE136695976')).toMatchObject([
      { value: 'DE136695976', problem: null },
    ]);
    expect(vatProblem('DE136695975')).toMatch(/check digits/);
    expect(vatProblem('ATU13585627')).toBeNull();
    expect(vatIdsIn('DE89 3704 0044 0532 0130 00')).toEqual([]);
  });
});
