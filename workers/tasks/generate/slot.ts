/** The name inside a slot: a column or a path, and how its value is written: `{{due_date|date:long}}`. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';

export const FORMATS = ['number', 'money', 'percent', 'date'] as const;

export interface Slot {
  /** As written, without the format. */
  name: string;
  format: (typeof FORMATS)[number] | null;
  /** What stands after the colon: digits, a currency, a style; empty where none does. */
  option: string;
}

const OPTIONS: Record<(typeof FORMATS)[number], RegExp> = {
  number: /^[0-8]?$/u,
  money: /^(?:[A-Z]{3})?$/u,
  percent: /^[0-8]?$/u,
  date: /^(?:short|medium|long|full)?$/u,
};
const HINT = 'Formats are number:2, money:EUR, percent:1 and date:long.';

export function readSlot(text: string): Result<Slot> {
  const [name = '', format, ...more] = text.split('|').map((part) => part.trim());
  if (name === '') return fail('bad_request', 'A slot of the template has no name.');
  if (format === undefined) return ok({ name, format: null, option: '' });
  const [word = '', option = ''] = format.split(':').map((part) => part.trim());
  const known = FORMATS.find((one) => one === word);
  if (!known || more.length > 0 || !OPTIONS[known].test(option))
    return fail('bad_request', `The format of “${text}” is not known. ${HINT}`);
  return ok({ name, format: known, option });
}
