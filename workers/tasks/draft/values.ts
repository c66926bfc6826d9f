/** Does a message give what a passage asks for? Numbers, codes, addresses, dates, by their shape. */
import type { Wording } from './schema.ts';

type Need = Wording['needs'][number];

const SHAPES: Record<Exclude<Need['value'], 'none'>, RegExp> = {
  number: /(?<![\p{L}\d])#?(?:\p{L}{1,4}[-/ ]?)?\d[\d-]{3,24}(?![\p{L}\d])/u,
  code: /(?<![\p{L}\d])(?=[\p{L}\d-]{0,20}\d)[\p{L}\d]{2,12}(?:-[\p{L}\d]{2,12}){0,4}(?![\p{L}\d])/u,
  email: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/u,
  date: /(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.? \p{L}{3,9}\.? ?\d{0,4})(?!\d)/u,
  phone: /(?<!\d)\+?\d[\d ()/-]{5,18}\d(?!\d)/u,
};
const MAX_UNITS = 8000;

export const gives = (message: string, value: Need['value']): boolean =>
  value !== 'none' && SHAPES[value].test(message.slice(0, MAX_UNITS));

/** A number that stands right behind a word for it (“order 12345”, “Rechnung Nr. RE-77”); null where there is none. */
export function numberNear(message: string, things: readonly string[]): string | null {
  for (const found of message.slice(0, MAX_UNITS).matchAll(new RegExp(SHAPES.number, 'gu'))) {
    const before = message.slice(Math.max(0, found.index - 40), found.index).toLowerCase();
    if (things.some((thing) => before.includes(thing))) return found[0];
  }
  return null;
}
