/** Finds structured identifiers in a text: where they are and of which type. Linear time on any input. */
import { findCards, findIbans } from './payment-numbers.ts';
import { findCheckedDigits } from './checked-digits.ts';
import { findLabelled, type LabelledType } from './labelled-values.ts';
import { findNationalForms } from './national-ids.ts';
import { findPhones } from './phone-numbers.ts';
import { plainText } from './plain-characters.ts';
import { findSecrets } from './secrets.ts';

/** [Note: No identifier holds a quote, backslash or control character, so it fits into a JSON string as it is.] */
export type IdentifierType = 'SECRET' | 'EMAIL' | 'IBAN' | 'CARD' | 'IP' | 'PHONE' | LabelledType;

/** UTF-16 offsets, `end` exclusive. */
export interface IdentifierSpan {
  type: IdentifierType;
  start: number;
  end: number;
  /** How it was found: by its form or check digits alone, or by a word beside it; digits alone are likely, not sure. */
  by: 'form' | 'label' | 'digits';
}

type Found = Omit<IdentifierSpan, 'by'>;
interface Finder {
  by: IdentifierSpan['by'];
  find: (text: string) => Found[];
}

const finder = (
  type: IdentifierType,
  find: (text: string) => [number, number][],
  by: Finder['by'] = 'form',
): Finder => ({
  by,
  find: (text) => find(text).map(([start, end]) => ({ type, start, end })),
});

/** Earlier ones win where spans overlap: a password in a URL is a secret, not half an e-mail address. */
const FINDERS: readonly Finder[] = [
  finder('SECRET', findUrlSecrets),
  finder('SECRET', findSecrets),
  finder('EMAIL', findEmails),
  finder('IBAN', findIbans),
  { by: 'form', find: findNationalForms },
  finder('CARD', findCards),
  finder('IP', findAddresses),
  { by: 'label', find: (text) => findLabelled(text, (type) => type !== 'OTHER_ID') },
  finder('PHONE', findPhones),
  { by: 'label', find: (text) => findLabelled(text, (type) => type === 'OTHER_ID') },
  finder('NATIONAL_ID', findCheckedDigits, 'digits'),
];

/** All identifiers in order of their start, without overlaps; numbers of orders, customers and the like among them. */
export function findAllIdentifiers(text: string): IdentifierSpan[] {
  const plain = plainText(text);
  let found: IdentifierSpan[] = [];
  for (const { by, find } of FINDERS) {
    const spans = find(plain.text).map((span) => ({ ...span, by }));
    if (spans.length > 0) found = mergeWithoutOverlap(found, spans);
  }
  return found.map((span) => {
    const [start, end] = plain.spanOf(span.start, span.end);
    return { ...span, start, end };
  });
}

/** The same without the numbers that name a matter and not a person (order, invoice, ticket): those may be seen. */
export const findIdentifiers = (text: string): IdentifierSpan[] =>
  findAllIdentifiers(text).filter((span) => span.type !== 'OTHER_ID');

/** Merges two sorted lists; what overlaps a span of `first` is dropped. */
function mergeWithoutOverlap(first: IdentifierSpan[], second: IdentifierSpan[]): IdentifierSpan[] {
  const merged: IdentifierSpan[] = [];
  let at = 0;
  let lastEnd = 0;
  for (const span of second) {
    for (
      let next = first[at];
      next && next.start < span.end && next.end <= span.start;
      next = first[++at]
    ) {
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

const USER_AND_PASSWORD =
  /(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/?#"\\<>\p{Cc}]{1,512})@/giu;
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

/** An address in the query of a URL. */
const ENCODED_EMAIL =
  /(?<![\w.%+-])[\w.+-]{1,64}%40(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}[a-z]{2,63}/gi;

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
  const encoded = [...text.matchAll(ENCODED_EMAIL)].map((match): [number, number] => [
    match.index,
    match.index + match[0].length,
  ]);
  if (encoded.length === 0) return found;
  return withoutOverlap([...found, ...encoded].sort((a, b) => a[0] - b[0]));
}

const IPV4 =
  /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\w|\.\d)/g;

function findAddresses(text: string): [number, number][] {
  const found: [number, number][] = [...text.matchAll(IPV4)].map((match) => [
    match.index,
    match.index + match[0].length,
  ]);
  for (const match of text.matchAll(/(?<![\w:.])[0-9a-f:][0-9a-f:.]+(?![\w])/gi)) {
    const candidate = match[0].slice(0, 46).replace(/(?<!:):$|\.+$/, '');
    if (candidate.length < 46 && isIpv6(candidate))
      found.push([match.index, match.index + candidate.length]);
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
  return (
    wellFormed &&
    (halves.length === 2 ? groups.length >= 1 && groups.length < 8 : groups.length === 8)
  );
}
