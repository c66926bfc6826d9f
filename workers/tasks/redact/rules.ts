/** Everything that rules find: identifiers of src/core, and dates, ages, web addresses, handles and codes. */
import { findAllIdentifiers, type IdentifierSpan } from '../../../src/core/identifiers.ts';
import type { EntityType } from '../../../src/core/outputs.ts';
import { plainText } from '../../../src/core/plain-characters.ts';

export interface RuleSpan {
  type: EntityType;
  start: number;
  end: number;
  /** What found it, for the confidence: how often such a find was right on held-out rows. */
  rule: string;
}

const ENTITY_OF: Record<IdentifierSpan['type'], EntityType> = {
  SECRET: 'password',
  EMAIL: 'email',
  IBAN: 'iban',
  CARD: 'credit_card',
  IP: 'ip',
  PHONE: 'phone',
  NATIONAL_ID: 'national_id',
  TAX_ID: 'tax_id',
  PASSPORT: 'passport',
  LICENSE_PLATE: 'license_plate',
  BANK_ACCOUNT: 'bank_account',
  MEDICAL_RECORD: 'medical_record',
  DATE_OF_BIRTH: 'date_of_birth',
  USERNAME: 'username',
  OTHER_ID: 'other_id',
};

const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei|augustus|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro)';
const CLOCK = String.raw`(?:[T ,]{1,3}(?:at )?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?:Z| ?[ap]\.?m\b\.?|[+-]\d\d:?\d\d)?)?`;
const DATE = [
  String.raw`\d{4}([-./])[01]?\d\1[0-3]?\d${CLOCK}`,
  String.raw`[0-3]?\d([-./])[0-3]?\d\2(?:\d{4}|\d{2})${CLOCK}`,
  String.raw`[0-3]?\d(?:st|nd|rd|th|\.)?(?: of| de)? ?${MONTH}\b\.?(?:,? (?:de |of )?\d{4})?${CLOCK}`,
  String.raw`${MONTH}\b\.? [0-3]?\d(?:st|nd|rd|th)?\b(?:,? \d{4})?${CLOCK}`,
  String.raw`${MONTH}\b\.?,? (?:19|20)\d\d`,
  String.raw`(?:19|20)\d\d(?:s|ies)?`,
].join('|');

interface Rule {
  rule: string;
  type: EntityType;
  regex: RegExp;
  /** Group that holds the value; the whole match where left out. */
  group?: number;
  isRight?: (match: string) => boolean;
}

const digitsIn = (text: string): number => text.match(/\d/g)?.length ?? 0;
const LEFT = String.raw`(?<![\p{L}\p{N}_])`;
const RIGHT = String.raw`(?![\p{L}\p{N}_])`;
const TLD =
  'com|org|net|edu|gov|mil|int|info|biz|io|co|ai|app|dev|eu|uk|de|fr|es|it|nl|be|at|ch|pl|pt|se|no|dk|fi|ie|us|ca|au|nz|in|jp|cn|br|mx|ru|example|test';

/** Earlier ones win where two overlap. None can back-track further than a fixed number of characters. */
const RULES: readonly Rule[] = [
  {
    rule: 'prefix',
    type: 'other_id',
    regex:
      /(?<![\p{L}\p{N}_])(?:MRN|NID|SSN|ACCT?|EMP|INS|POL|RX|NPI|DEA|CLM|CUST|INV|ORD)[-_#]\d[\d-]{2,14}(?![\p{L}\p{N}_])/gu,
  },
  {
    rule: 'url',
    type: 'url',
    regex: /(?<![\p{L}\p{N}])(?:https?|ftps?|wss?):\/\/[^\s"'<>\\{}|^`\p{Cc}]{1,2000}/giu,
  },
  { rule: 'url', type: 'url', regex: /(?<![\p{L}\p{N}@.])www\.[^\s"'<>\\{}|^`\p{Cc}]{2,500}/giu },
  {
    rule: 'mac',
    type: 'other_id',
    regex: /(?<![\da-f:-])[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}(?![\da-f:-])/gi,
  },
  {
    rule: 'uuid',
    type: 'other_id',
    regex: /(?<![\da-f-])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\da-f-])/gi,
  },
  {
    rule: 'wallet',
    type: 'bank_account',
    regex:
      /(?<!\w)(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71}|0x[\da-fA-F]{40})(?!\w)/g,
    isRight: (text) => digitsIn(text) > 2,
  },
  {
    rule: 'place',
    type: 'location',
    regex: /(?<![\d.])-?\d{1,3}\.\d{2,8}°? ?[NS]?, ?-?\d{1,3}\.\d{2,8}°? ?[EW]?(?![\d.])/g,
  },
  {
    rule: 'date',
    type: 'date',
    regex: new RegExp(
      `(?<![\\p{L}\\p{N}_$€£/-]|\\d[.,:])(?:${DATE})(?![\\p{L}\\p{N}_]|[.,:/-]\\d)`,
      'giu',
    ),
  },
  {
    rule: 'age',
    type: 'age',
    group: 1,
    regex:
      /(?<![\p{L}\p{N}.,$€£-])(\d{1,3})(?=[ -]{0,2}(?:years?|yrs?|y\/?o|months?|jahre|jähr|ans|años|anni|jaar|anos|lat)(?:[ -]{0,2}(?:old|of age|alt|ige|d'âge|vecchio|oud)|[ -]?ige[rn]?)(?!\p{L}))/giu,
  },
  {
    rule: 'age',
    type: 'age',
    group: 1,
    regex:
      /(?<!\p{L})(?:aged?|alter|âgée? de|edad|età|leeftijd|idade|wiek|turn(?:s|ed|ing))[ :=]{1,3}(?:of |is |was )?(\d{1,3})(?![\d.,%]\d|\d)/giu,
  },
  {
    rule: 'age',
    type: 'age',
    group: 1,
    regex: /(?<![\p{L}\p{N}.,$€£-])(\d{1,3})(?=[ -]?(?:y\/?o|yo)(?!\p{L})|-year)/giu,
  },
  {
    rule: 'zip',
    type: 'address',
    group: 1,
    regex:
      /(?<!\p{L})(?:zip(?: ?code)?|post(?:al)? ?code|postcode|plz|code postal|código postal|cap)[ :=#]{1,3}(?:is |ist )?([\p{L}\d]{0,4}[ -]?\d[\p{L}\d]{1,7}(?:[ -]\d[\p{L}\d]{1,4})?)/giu,
  },
  {
    rule: 'handle',
    type: 'username',
    regex: /(?<![\p{L}\p{N}_@./])@[\p{L}\p{N}_](?:[\p{L}\p{N}_]|\.(?=[\p{L}\p{N}_])){1,39}/gu,
  },
  {
    rule: 'hidden name',
    type: 'person',
    regex: /(?<![\p{L}*])\p{Lu}\*{2,20}(?: \p{Lu}\*{2,20}){0,3}/gu,
  },
  {
    rule: 'domain',
    type: 'url',
    regex: new RegExp(
      `${LEFT}(?:[a-z\\d][a-z\\d-]{0,62}\\.){1,4}(?:${TLD})${RIGHT}(?:/[^\\s"'<>\\\\]{0,200})?`,
      'giu',
    ),
    isRight: (text) => /[a-z]/i.test(text),
  },
  {
    rule: 'base64',
    type: 'password',
    regex: /(?<![\w+/=])[A-Za-z\d+/]{8,400}={1,2}(?![\w+/=])/g,
    isRight: (text) => /[a-z]/.test(text) && /[A-Z\d]/.test(text),
  },
  {
    rule: 'code',
    type: 'other_id',
    regex:
      /(?<![\p{L}\p{N}_@./-])(?=[\p{L}\d:_/-]{0,24}\d)[\p{L}\d](?:[\p{L}\d]|[-_:/](?=[\p{L}\d])){4,63}(?![\p{L}\p{N}_@])/gu,
    isRight: isCode,
  },
  {
    rule: 'digits',
    type: 'other_id',
    regex: /(?<![\p{L}\p{N}_+]|\d[ .,:/-]|[€$£¥] ?)\d{7,30}(?![\p{L}\p{N}_]|[.,:/-]\d| ?[€$£¥%])/gu,
  },
];

/** Letters and digits as a clerk would number something: `EMP-37305`, `2023-CRIM-9738`, `AB123456`. */
function isCode(text: string): boolean {
  const digits = digitsIn(text);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return digits >= 7 && !/^\d+[:/-]\d+$/.test(text);
  if (digits >= 5) return letters <= 12 || /[-_]/.test(text);
  if (/^\p{L}{1,5}[-_]\d{3,}/u.test(text)) return text === text.toUpperCase();
  return digits >= 3 && digits + letters >= 8 && !/^\p{L}+\d+$/u.test(text) && /[A-Z]/.test(text);
}

const PREFIX_TYPES: [RegExp, EntityType][] = [
  [/^mrn/i, 'medical_record'],
  [/^(?:nid|ssn)/i, 'national_id'],
  [/^(?:acc|acct|iban)/i, 'bank_account'],
];

/** Rule spans in order of their start, without overlaps. */
export function ruleSpans(text: string): RuleSpan[] {
  const identifiers = findAllIdentifiers(text).map(({ type, start, end, by }): RuleSpan => ({
    type: entityOf(type, text.slice(start, end)),
    start,
    end,
    rule: `${type} ${by}`,
  }));
  const plain = plainText(text);
  const taken = new Uint8Array(text.length);
  const found: RuleSpan[] = [];
  const take = (span: RuleSpan): void => {
    if (span.start >= span.end) return;
    for (let at = span.start; at < span.end; at++) if (taken[at] === 1) return;
    taken.fill(1, span.start, span.end);
    found.push(span);
  };
  identifiers.forEach(take);
  for (const { rule, type, regex, group, isRight } of RULES) {
    for (const match of plain.text.matchAll(regex)) {
      const value = trimmed(group === undefined ? match[0] : (match[group] ?? ''), type);
      if (value === '' || isRight?.(value) === false) continue;
      const at = match.index + (group === undefined ? 0 : match[0].lastIndexOf(match[group] ?? ''));
      const [start, end] = plain.spanOf(at, at + value.length);
      const typed =
        rule === 'code' || rule === 'prefix'
          ? (PREFIX_TYPES.find(([form]) => form.test(value))?.[1] ?? type)
          : type;
      take({ type: typed, start, end: rule === 'url' ? freeUpTo(taken, start, end) : end, rule });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Where the first character stands that something else has taken. */
function freeUpTo(taken: Uint8Array, start: number, end: number): number {
  const first = taken.subarray(start, end).indexOf(1);
  return first < 0 ? end : start + first;
}

function entityOf(type: IdentifierSpan['type'], value: string): EntityType {
  if (type === 'OTHER_ID') {
    if (/^[A-Z]{2}\d\d[ A-Z\d]{8,}$/.test(value)) return 'bank_account';
    if (/^\d(?:[ -]?\d){12,18}$/.test(value)) return 'credit_card';
    return PREFIX_TYPES.find(([form]) => form.test(value))?.[1] ?? 'other_id';
  }
  return ENTITY_OF[type];
}

/** A web address without the sign that ends the sentence, and without a query that names things of its own. */
function trimmed(value: string, type: EntityType): string {
  if (type !== 'url') return value.trimEnd();
  const query = /[?&](?:name|email|ssn|phone|user|first|last)[a-z_]{0,12}=/i.exec(value);
  const address = query ? value.slice(0, query.index) : value;
  return address.replace(/[.,;:!?)\]'"]{1,8}$/, '');
}
