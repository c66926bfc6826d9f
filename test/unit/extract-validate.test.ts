/** What must hold between the fields of an invoice, and how a contradiction is told. */
import { describe, expect, it } from 'vitest';
import { fieldAt, missing, type Fields } from '../../workers/tasks/extract/fields.ts';
import { validate } from '../../workers/tasks/extract/validate.ts';

const fieldsOf = (values: Record<string, unknown>): Fields =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value === null ? missing() : fieldAt(value, 0.9, [], null),
    ]),
  );
const line = (total: string, quantity: string | null = null, unit_price: string | null = null) => ({
  name: 'x',
  quantity,
  unit_price,
  total,
  tax_percent: null,
});

describe('validate', () => {
  it('finds nothing wrong where everything adds up', () => {
    const { doubts, totalsAgree, fields } = validate(
      fieldsOf({
        total_net: '100.00',
        total_tax: '19.00',
        total_gross: '119.00',
        lines: [line('60.00', '3', '20.00'), line('40.00')],
        issue_date: '2024-02-29',
        due_date: '2024-03-30',
        currency: 'EUR',
        iban: 'DE89370400440532013000',
      }),
    );
    expect(doubts).toEqual([]);
    expect(totalsAgree).toBe(true);
    expect(Object.values(fields).every(({ valid }) => valid)).toBe(true);
  });

  it('allows the cents of rounding and no more', () => {
    expect(
      validate(fieldsOf({ total_net: '10.00', total_tax: '1.90', total_gross: '11.92' })).doubts,
    ).toEqual([]);
    const { doubts, fields } = validate(
      fieldsOf({ total_net: '10.00', total_tax: '1.90', total_gross: '11.95' }),
    );
    expect(doubts).toEqual(['Net 10.00 and tax 1.90 make 11.90, not the gross total 11.95.']);
    expect(fields['total_gross']?.valid).toBe(false);
  });

  it('takes credit notes: everything negative adds up too', () =>
    expect(
      validate(
        fieldsOf({
          total_net: '-100.00',
          total_tax: '-19.00',
          total_gross: '-119.00',
          lines: [line('-100.00', '2', '50.00')],
        }),
      ).doubts,
    ).toEqual([]));

  it.each([
    [{ total_gross: '10.00', lines: [line('4.00'), line('5.00')] }, /add up to 9.00/],
    [{ lines: [line('7.00', '2', '3.00')] }, /Line 1: 2 × 3.00 is 6.00, not 7.00/],
    [{ issue_date: '2024-03-01', due_date: '2024-02-01' }, /lies before/],
    [{ issue_date: '2023-02-29' }, /no date of the calendar/],
    [{ currency: 'EUQ' }, /ISO 4217/],
    [{ iban: 'DE89370400440532013001' }, /check digits of the IBAN/],
    [{ seller_vat_id: 'DE136695975' }, /VAT id/],
    [{ total_tax: '20.00', total_gross: '10.00' }, /larger/],
    [{ total_gross: 'ten' }, /no amount/],
  ])('%j', (values, problem) => {
    const { doubts, fields } = validate(fieldsOf(values));
    expect(doubts.join()).toMatch(problem);
    expect(Object.values(fields).some(({ valid }) => !valid)).toBe(true);
  });

  it('changes nothing that it was given', () => {
    const fields = fieldsOf({ total_net: '1.00', total_tax: '1.00', total_gross: '9.00' });
    const before = JSON.stringify(fields);
    validate(fields);
    expect(JSON.stringify(fields)).toBe(before);
  });
});
