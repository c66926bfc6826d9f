/** Finds IBANs (registered length, MOD 97) and card numbers (13 to 19 digits, Luhn). */

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

export function findIbans(text: string): [number, number][] {
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
export function findCards(text: string): [number, number][] {
  const found: [number, number][] = [];
  for (const run of text.matchAll(/(?<!\d)\d(?:[ \u00a0.\u2010-\u2013-]?\d){12,}/g)) {
    for (const [start, end] of cardsInRun(run[0])) found.push([run.index + start, run.index + end]);
  }
  return found;
}

function cardsInRun(run: string): [number, number][] {
  const found: [number, number][] = [];
  const digits = run.replace(/\D/g, '');
  // Group by group: where it starts in the run, and how many digits stand before it.
  const groups: { at: number; before: number; length: number }[] = [];
  const isCard = luhnOf(digits);
  let before = 0;
  for (const group of run.matchAll(/\d+/g)) {
    groups.push({ at: group.index, before, length: group[0].length });
    before += group[0].length;
  }
  for (let first = 0; first < groups.length; first++) {
    const start = groups[first];
    for (let last = first; start && last < groups.length; last++) {
      const group = groups[last];
      const to = (group?.before ?? 0) + (group?.length ?? 0);
      if (!group || to - start.before > 19) break;
      if (to - start.before < 13 || !isCard(start.before, to)) continue;
      found.push([start.at, group.at + group.length]);
      first = last;
      break;
    }
  }
  return found;
}

/** Luhn's formula over digits[from, to), by sums up to each place: one for each of the two ways to double. */
function luhnOf(digits: string): (from: number, to: number) => boolean {
  const sums = [new Uint32Array(digits.length + 1), new Uint32Array(digits.length + 1)] as const;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(at) - 48;
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
    sums[0][at + 1] = (sums[0][at] as number) + (at % 2 === 0 ? doubled : digit);
    sums[1][at + 1] = (sums[1][at] as number) + (at % 2 === 1 ? doubled : digit);
  }
  return (from, to) => {
    const sum = sums[to % 2 === 0 ? 0 : 1];
    // Of 13 digits there were only Visa cards; most other such numbers are national ones.
    if (digits[from] === '0' || (to - from === 13 && digits[from] !== '4')) return false;
    return ((sum[to] as number) - (sum[from] as number)) % 10 === 0;
  };
}
