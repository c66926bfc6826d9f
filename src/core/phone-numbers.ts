/** Finds phone numbers: international ones, common national forms, and bare digits beside a word such as "call". */

/** A run of digits with single separators (or a parenthesis beside one), at most 40 units long. */
const CANDIDATE =
  /(?<![\w@.,])(?:\+|00)?\(?\d(?:[ \u00a0.\u2010-\u2013/()-]{0,3}\d){5,16}(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?(?![\w@])/gi;
const DATE =
  /(?<!\d|\d[-./])(?:\d{4}[-./][01]?\d[-./][0-3]?\d|[0-3]?\d([-./])[0-3]?\d\1(?:\d{4}|\d{2}))(?!\d|[-./]\d)/;

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
    const before = text.slice(Math.max(0, match.index - 64), match.index);
    const phone = longestPhone(match[0], before);
    if (phone !== null) found.push([match.index, match.index + phone.length]);
    else CANDIDATE.lastIndex = match.index + (/^\S+\s*/.exec(match[0])?.[0].length ?? 1);
  }
  return found;
}

/** The candidate itself, or what is left of it after cutting words off its end: a date may follow a number. */
function longestPhone(candidate: string, before: string): string | null {
  for (let end = candidate.length; end > 0; end = candidate.lastIndexOf(' ', end - 1)) {
    const part = candidate.slice(0, end).trimEnd();
    if (isPhone(part, before)) return part;
  }
  return null;
}

function isPhone(candidate: string, before: string): boolean {
  const number = candidate.replace(/\s?(?:x|ext\.?|#)\s?\d{1,6}$/i, '');
  const digits = number.replace(/\D/g, '');
  if (digits.length > 17 || /\)[^(]*\)|\([^)]*\(/.test(number)) return false;
  if (number.startsWith('+')) return digits.length >= 7;
  if (DATE.test(number) || OTHER_NUMBER_WORD.test(before)) return false;
  if (number.startsWith('00')) return digits.length >= 9 && digits[2] !== '0' && /\D/.test(number);
  const hasWord = PHONE_WORD.test(before);
  if (hasWord) return digits.length >= 6 && digits.length <= 15;
  const spaced = number.replace(/[ \u00a0.\u2010-\u2013/-]+/g, ' ');
  const isNational =
    NATIONAL.some((form) => form.test(spaced)) && digits.length >= 8 && digits.length <= 12;
  return isNational || (number !== candidate && digits.length >= 7);
}
