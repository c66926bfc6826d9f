/** Finds phone numbers: international ones, common national forms, and bare digits beside a word such as "call". */

/** A run of digits with single separators (or a parenthesis beside one), at most 40 units long. */
const CANDIDATE =
  /(?<![\w@.,])(?:\+|00)?\(?\d(?:[ \u00a0.\u2010-\u2013/()-]{0,3}\d){5,16}(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?(?![\w@])/gi;
const DATE =
  /(?<!\d|\d[-./])(?:\d{4}[-./][01]?\d[-./][0-3]?\d|[0-3]?\d([-./])[0-3]?\d\1(?:\d{4}|\d{2}))(?!\d|[-./]\d)/;
const LEADING_DATE = new RegExp(`^(?:${DATE.source})`);

/** Forms that are phone numbers without a word beside them, after separators became a single blank. */
const NATIONAL = [
  /^(?:1 )?\(?[2-9]\d\d\)? ?[2-9]\d\d \d{4}$/, // North America, area code apart
  /^\(?0\d{1,5}\)? \d{2,8}(?: \d{2,6}){0,4}$/, // trunk prefix 0, area code apart
  /^\(\d{2,4}\) ?\d{3,4} \d{3,4}$/,
  /^0\d(?: \d\d){4}$/, // France
];
const PHONE_WORD =
  /\b(?:phone|phoned|telephone|tel|call|calls|called|calling|dial|ring|mobile|mobil|cell|cellphone|fax|sms|whatsapp|handy|telefon|telefonnummer|t\u00e9l\u00e9phone|tel\u00e9fono|landline|hotline|desk|reach|contact|text|texts|message|messages|answering|(?:my|your|his|her|our|their) number)\b(?:[^\n]{0,40}|\s{0,4}:\s{0,4})$/i;
const OTHER_NUMBER_WORD =
  /(?:#|\b(?:order|invoice|bill|ref|reference|ticket|case|id|account|acct|customer|tracking|transaction|serial|part|article|sku|contract|policy|booking|card|isbn|vat|po|bestellung|bestellnummer|rechnung|rechnungsnummer|kundennummer|commande|facture)\b)[^\n\d]{0,16}$/i;

export function findPhones(text: string): [number, number][] {
  const found: [number, number][] = [];
  CANDIDATE.lastIndex = 0;
  for (let match = CANDIDATE.exec(text); match; match = CANDIDATE.exec(text)) {
    const phone = longestPhone(match[0], contextOf(text, match.index));
    if (phone !== null) found.push([match.index, match.index + phone.length]);
    CANDIDATE.lastIndex = match.index + (phone?.length ?? unreadStart(match[0]));
  }
  return found;
}

interface Context {
  hasPhoneWord: boolean;
  hasOtherWord: boolean;
}

function contextOf(text: string, start: number): Context {
  const before = text.slice(Math.max(0, start - 64), start);
  if (!/[a-z#]/i.test(before)) return { hasPhoneWord: false, hasOtherWord: false };
  return { hasPhoneWord: PHONE_WORD.test(before), hasOtherWord: OTHER_NUMBER_WORD.test(before) };
}

/** Where to look on in a candidate that is no phone number: a number may follow a date, or start with + or (. */
function unreadStart(candidate: string): number {
  const date = LEADING_DATE.exec(candidate);
  if (date) return date[0].length;
  const sign = candidate.slice(1).search(/[+(]/);
  return sign < 0 ? candidate.length : sign + 1;
}

/** The candidate itself, or what is left of it after cutting words off its end: a date may follow a number. */
function longestPhone(candidate: string, context: Context): string | null {
  for (let end = candidate.length; end > 6; end = candidate.lastIndexOf(' ', end - 1)) {
    const part = candidate.slice(0, end).trimEnd();
    if (isPhone(part, context)) return part;
  }
  return null;
}

function isPhone(candidate: string, { hasPhoneWord, hasOtherWord }: Context): boolean {
  const number = candidate.replace(/\s?(?:x|ext\.?|#)\s?\d{1,6}$/i, '');
  const digits = number.replace(/\D/g, '');
  if (digits.length > 17 || digits.length < 6 || /\)[^(]*\)|\([^)]*\(/.test(number)) return false;
  if (number.startsWith('+')) return digits.length >= 7;
  if (hasOtherWord || DATE.test(number)) return false;
  if (number.startsWith('00')) return digits.length >= 9 && digits[2] !== '0' && /\D/.test(number);
  if (hasPhoneWord) return digits.length >= 6 && digits.length <= 15;
  const spaced = number.replace(/[ \u00a0.\u2010-\u2013/-]+/g, ' ');
  const isNational =
    NATIONAL.some((form) => form.test(spaced)) && digits.length >= 8 && digits.length <= 12;
  return isNational || (number !== candidate && digits.length >= 7);
}
