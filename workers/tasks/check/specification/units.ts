/** Units of measurement: names as people write them, known or not, and exact conversion (js-quantities). */
import Big from 'big.js';
import Qty from 'js-quantities';

const LONGEST = 20;
/** Null for a unit that the library does not know, whatever its declaration says. */
const parsed = (unit: string) => Qty.parse(`1 ${unit}`) as Qty | null;
/** Digits that a conversion keeps: the factors are floating-point numbers. */
const DIGITS = 12;

/** Spellings that the library does not know. */
const SPELLINGS = new Map<string, string>(
  Object.entries({
    '°c': 'tempC',
    '℃': 'tempC',
    degc: 'tempC',
    '°f': 'tempF',
    degf: 'tempF',
    k: 'tempK',
    kelvin: 'tempK',
    'n·m': 'N*m',
    nm: 'N*m',
    'n⋅m': 'N*m',
    ncm: 'N*cm',
    'u/min': 'rpm',
    '1/min': 'rpm',
    'min-1': 'rpm',
    'min^-1': 'rpm',
    'tr/min': 'rpm',
    'r/min': 'rpm',
    ω: 'ohm',
    kω: 'kohm',
    mω: 'Mohm',
    zoll: 'in',
    '"': 'in',
    '″': 'in',
    inch: 'in',
    inches: 'in',
    pouces: 'in',
    '°': 'deg',
    grad: 'deg',
    percent: '%',
    prozent: '%',
    stunden: 'h',
    std: 'h',
    minuten: 'min',
    sekunden: 's',
    tage: 'day',
    meter: 'm',
    metern: 'm',
    millimeter: 'mm',
    zentimeter: 'cm',
    gramm: 'g',
    kilogramm: 'kg',
    tonnen: 't',
    t: 'tonne',
    wochen: 'week',
  }),
);
/** Units that are compared by name only: nothing converts into them. */
const BY_NAME = new Set([
  'pcs',
  'pc',
  'pieces',
  'stk',
  'stück',
  'hrc',
  'hrb',
  'hb',
  'hv',
  'ph',
  'db',
  'db(a)',
  'lx',
  'shore',
  '‰',
  'mm/m',
  'brix',
  'cfu/g',
  'kbe/g',
  'ppi',
  'pixel',
]);
/** What may stand after a number without being a unit, though a library takes some of it for one. */
const NO_UNITS = new Set(
  'a an and at am as auf au aux bei bis by con de der die das des du el en et for für from in is ist la le mit nach of on oder or per pour the to und unter von was were with y zu x'.split(
    ' ',
  ),
);
/** Ratios that convert into each other. */
const RATIOS = new Set(['%', 'ppm', 'ppb']);

export interface Unit {
  /** As it was written. */
  written: string;
  /** As the library knows it; null for a unit that is compared by name. */
  known: string | null;
}

function plain(written: string): string {
  return written
    .trim()
    .replace(/µ|μ/g, 'u')
    .replace(/²/g, '^2')
    .replace(/³/g, '^3')
    .replace(/⁻¹/g, '^-1')
    .replace(/[·⋅]/g, '*');
}

function libraryName(written: string): string | null {
  const name = plain(written);
  // Short names differ by their case (mW, MW): only the spellings of the table are read without it.
  const spelt =
    SPELLINGS.get(written) ??
    SPELLINGS.get(name) ??
    (name === 'nm' ? 'nm' : SPELLINGS.get(name.toLowerCase()));
  const candidate =
    name === 'Nm'
      ? 'N*m'
      : name === 'nm'
        ? 'nm'
        : name === 'K'
          ? 'tempK'
          : name === 'k'
            ? null
            : (spelt ?? name);
  if (candidate === null) return null;
  try {
    return parsed(candidate) ? candidate : null;
  } catch {
    return null;
  }
}

const cache = new Map<string, Unit | null>();
const MOST_CACHED = 2_000;

/** Null where no such unit is known. */
export function unitOf(written: string): Unit | null {
  const name = written.trim();
  if (name === '' || name.length > LONGEST) return null;
  const kept = cache.get(name);
  if (kept !== undefined) return kept;
  const lower = name.toLowerCase();
  let unit: Unit | null = null;
  if (!NO_UNITS.has(lower) || name === 'in')
    unit = BY_NAME.has(lower) ? { written: name, known: null } : knownUnit(name);
  if (cache.size < MOST_CACHED) cache.set(name, unit);
  return unit;
}

function knownUnit(written: string): Unit | null {
  const known = libraryName(written);
  return known === null ? null : { written, known };
}

/** Is the word behind a number no unit at all? */
export const isPlainWord = (word: string): boolean => NO_UNITS.has(word.toLowerCase());

/** Null where the two measure different things. */
export function convert(value: Big, from: Unit, to: Unit): Big | null {
  if (
    from.known === to.known &&
    (from.known !== null || from.written.toLowerCase() === to.written.toLowerCase())
  )
    return value;
  if (from.known === null || to.known === null) return null;
  const kind = parsed(from.known)?.kind();
  if (kind === 'unitless' && !(RATIOS.has(from.known) && RATIOS.has(to.known))) return null;
  try {
    const factor = Qty(value.toNumber(), from.known).to(to.known).scalar;
    return Number.isFinite(factor) ? new Big(factor.toPrecision(DIGITS)) : null;
  } catch {
    return null;
  }
}
