/** Finds structured identifiers in a text: where they are and of which type. Linear time on any input. */
import { findPhones } from './phone-numbers.ts';

/** [Note: No identifier holds a quote, backslash or control character, so it fits into a JSON string as it is.] */
export type IdentifierType = 'SECRET' | 'EMAIL' | 'IBAN' | 'CARD' | 'IP' | 'PHONE';

/** UTF-16 offsets, `end` exclusive. */
export interface IdentifierSpan {
  type: IdentifierType;
  start: number;
  end: number;
}

/** Earlier types win where spans overlap: a password in a URL is a secret, not half an e-mail address. */
const FINDERS: readonly [IdentifierType, (text: string) => [number, number][]][] = [
  ['SECRET', findUrlSecrets],
  ['EMAIL', findEmails],
  ['IBAN', findIbans],
  ['CARD', findCards],
  ['IP', findAddresses],
  ['PHONE', findPhones],
];

/** All identifiers in order of their start, without overlaps. */
export function findIdentifiers(text: string): IdentifierSpan[] {
  let found: IdentifierSpan[] = [];
  for (const [type, find] of FINDERS) {
    const spans = find(text).map(([start, end]) => ({ type, start, end }));
    if (spans.length > 0) found = mergeWithoutOverlap(found, spans);
  }
  return found;
}

/** Merges two sorted lists; what overlaps a span of `first` is dropped. */
function mergeWithoutOverlap(first: IdentifierSpan[], second: IdentifierSpan[]): IdentifierSpan[] {
  const merged: IdentifierSpan[] = [];
  let at = 0;
  let lastEnd = 0;
  for (const span of second) {
    for (let next = first[at]; next && next.start < span.end && next.end <= span.start; next = first[++at]) {
      merged.push(next);
      lastEnd = next.end;
    }
    const next = first[at];
    if (span.start < lastEnd || (next && next.start < span.end)) continue;
    merged.push(span);
    lastEnd = span.end;
  }
  return [...merged, ...first.slice(at)];
}

const USER_AND_PASSWORD = /(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/?#"\\<>\p{Cc}]{1,512})@/giu;
const SECRET_PARAMETER =
  /[?&#;](?:access_?token|auth|auth_?token|api[-_]?key|client_?secret|code|id_?token|jwt|key|pass|passwd|password|pwd|refresh_?token|secret|session|session_?id|sid|sig|signature|token|x-amz-signature|x-amz-credential|x-goog-signature)=([^\s&#"\\<>\p{Cc}]+)/giu;

function findUrlSecrets(text: string): [number, number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(USER_AND_PASSWORD)) {
    const end = match.index + match[0].length - 1;
    found.push([end - (match[1] ?? '').length, end]);
  }
  for (const match of text.matchAll(SECRET_PARAMETER)) {
    const end = match.index + match[0].length;
    found.push([end - (match[1] ?? '').length, end]);
  }
  return withoutOverlap(found.sort((a, b) => a[0] - b[0]));
}

function withoutOverlap(sorted: [number, number][]): [number, number][] {
  let lastEnd = 0;
  return sorted.filter(([start, end]) => {
    if (start < lastEnd) return false;
    lastEnd = end;
    return true;
  });
}

/** Letters of any script, digits and the signs of RFC 5322, but not `/`, `=`, `?` and `&`, which end a part of a URL. */
const LOCAL_UNIT = /[\w.!#$%'*+^`{|}~\u00aa-\u1fff\u2c00-\u2fff\u3040-\uffff-]/;
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}{2,63})/u;

/** Looks at 256 units on each side of an @, so the time is linear. */
function findEmails(text: string): [number, number][] {
  const found: [number, number][] = [];
  let lastEnd = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const domain = DOMAIN.exec(text.slice(at + 1, at + 257))?.[0];
    if (domain === undefined) continue;
    let start = at;
    while (start > lastEnd && start > at - 256 && LOCAL_UNIT.test(text[start - 1] ?? '')) start--;
    while (start < at && /[.'`]/.test(text[start] ?? '')) start++;
    if (start === at) continue;
    lastEnd = at + 1 + domain.length;
    found.push([start, lastEnd]);
  }
  return found;
}

/** Length of an IBAN by country (SWIFT IBAN registry). */
const IBAN_LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

function findIbans(text: string): [number, number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(/(?<![a-z0-9])([a-z]{2})[ -]?\d[ -]?\d/gi)) {
    const length = IBAN_LENGTHS.get((match[1] ?? '').toUpperCase());
    const end = length === undefined ? null : endOfIban(text, match.index, length);
    if (end !== null && match.index >= (found.at(-1)?.[1] ?? 0)) found.push([match.index, end]);
  }
  return found;
}

function endOfIban(text: string, start: number, length: number): number | null {
  let compact = '';
  let at = start;
  for (; compact.length < length; at++) {
    const unit = text[at] ?? '';
    if (/[a-z0-9]/i.test(unit)) compact += unit.toUpperCase();
    else if (!/[ \u00a0.-]/.test(unit) || !/[a-z0-9]/i.test(text[at + 1] ?? '')) return null;
  }
  return /[a-z0-9]/i.test(text[at] ?? '') || ibanRemainder(compact) !== 1 ? null : at;
}

/** ISO 7064 MOD 97-10 over the rearranged characters, letters as 10…35. */
function ibanRemainder(compact: string): number {
  let remainder = 0;
  for (const unit of compact.slice(4) + compact.slice(0, 4)) {
    const value = parseInt(unit, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

/** Runs of digit groups; any neighbouring groups of 13 to 19 digits in all that pass the Luhn test are a card. */
function findCards(text: string): [number, number][] {
  const found: [number, number][] = [];
  for (const run of text.matchAll(/(?<!\d)\d(?:[ \u00a0.\u2010-\u2013-]?\d){12,}/g)) {
    const groups = [...run[0].matchAll(/\d+/g)].map((group) => ({ digits: group[0], at: run.index + group.index }));
    for (let first = 0; first < groups.length; first++) {
      let digits = '';
      for (let last = first; last < groups.length && digits.length < 19; last++) {
        const group = groups[last];
        if (!group) break;
        digits += group.digits;
        if (!isCardNumber(digits)) continue;
        found.push([groups[first]?.at ?? 0, group.at + group.digits.length]);
        first = last;
        break;
      }
    }
  }
  return found;
}

function isCardNumber(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || digits.startsWith('0')) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const IPV4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\w|\.\d)/g;

function findAddresses(text: string): [number, number][] {
  const found: [number, number][] = [...text.matchAll(IPV4)].map((match) => [match.index, match.index + match[0].length]);
  for (const match of text.matchAll(/(?<![\w:.])[0-9a-f:][0-9a-f:.]+(?![\w])/gi)) {
    const candidate = match[0].slice(0, 46).replace(/(?<!:):$|\.+$/, '');
    if (candidate.length < 46 && isIpv6(candidate)) found.push([match.index, match.index + candidate.length]);
  }
  return withoutOverlap(found.sort((a, b) => a[0] - b[0] || b[1] - a[1]));
}

/** RFC 4291, section 2.2. A compressed form must hold a digit, so that `a::b` of a program is no address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !/\d/.test(text)) return false;
  const tail = /:((?:\d{1,3}\.){3}\d{1,3})$/.exec(text);
  const plain = tail ? text.replace(tail[1] ?? '', '0:0') : text;
  const groups = plain.split('::').flatMap((half) => (half === '' ? [] : half.split(':')));
  const wellFormed = groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
  return wellFormed && (halves.length === 2 ? groups.length >= 1 && groups.length < 8 : groups.length === 8);
}
