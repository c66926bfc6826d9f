/** In which language the widget speaks, and how it writes figures: words by dictionary, figures by Intl. */
import { en, type Words } from './words/en.ts';

/** Languages with a dictionary beside English; each is loaded when it is wanted. */
const DICTIONARIES: Readonly<Record<string, () => Promise<Words>>> = {
  de: () => import('./words/de.ts').then(({ de }) => de),
  fr: () => import('./words/fr.ts').then(({ fr }) => fr),
  es: () => import('./words/es.ts').then(({ es }) => es),
};

/** Scripts that run from right to left, for browsers that cannot tell by Intl. */
const RIGHT_TO_LEFT = /^(?:ar|he|fa|ur|ps|sd|ug|yi|dv|ckb)\b/;

export interface Figures {
  /** A probability in whole per cent; never 100 % or 0 %. */
  sure(p: number): string;
  bytes(n: number): string;
  /** Every byte, for what would leave. */
  exactBytes(n: number): string;
  time(ms: number): string;
  count(n: number): string;
}

export interface Speech {
  words: Words;
  figures: Figures;
  /** BCP 47, of the words and figures. */
  language: string;
  /** Of the language that was asked for, so that the widget fits the page around it. */
  direction: 'ltr' | 'rtl';
}

export const ENGLISH: Speech = {
  words: en,
  figures: figuresOf('en'),
  language: 'en',
  direction: 'ltr',
};

/** Words and figures of a language (BCP 47). A language without a dictionary, or no language at all, speaks English. */
export async function speechOf(wanted: string): Promise<Speech> {
  const language = canonical(wanted);
  const direction = directionOf(language);
  const base = language.split('-')[0] ?? 'en';
  if (base === 'en') return { ...ENGLISH, language, figures: figuresOf(language) };
  const words = await DICTIONARIES[base]?.().catch(() => null);
  if (!words) return { ...ENGLISH, direction };
  return { words, figures: figuresOf(language), language, direction };
}

function canonical(wanted: string): string {
  try {
    return Intl.getCanonicalLocales(wanted)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function directionOf(language: string): 'ltr' | 'rtl' {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getTextInfo?: () => { direction?: string };
    textInfo?: { direction?: string };
  };
  const info = locale.getTextInfo?.() ?? locale.textInfo;
  return (info?.direction ?? (RIGHT_TO_LEFT.test(language) ? 'rtl' : 'ltr')) === 'rtl'
    ? 'rtl'
    : 'ltr';
}

/** Keeps a sign with its figure. */
const NARROW = '\u202F';
/** Keeps a sign before its figure, also in a line from right to left. */
const LEFT_TO_RIGHT = '\u200E';
const BYTE_UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;

export function figuresOf(language: string): Figures {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const unit = (
    n: number,
    name: string,
    display: 'narrow' | 'short' | 'long',
    digits: number,
  ): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: display,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(n);
  return {
    count: (n) => whole.format(n),
    sure: (p) => {
      if (!Number.isFinite(p)) return '–';
      if (p >= 0.995) return `${LEFT_TO_RIGHT}>${NARROW}${percent.format(0.99)}`;
      return p < 0.01 ? `${LEFT_TO_RIGHT}<${NARROW}${percent.format(0.01)}` : percent.format(p);
    },
    exactBytes: (n) => unit(n, 'byte', 'long', 0),
    bytes: (n) => {
      if (n < 1000) return unit(n, 'byte', 'long', 0);
      const power = Math.min(3, Math.floor(Math.log10(n) / 3));
      return unit(n / 1000 ** power, BYTE_UNITS[power - 1] ?? 'byte', 'short', 1);
    },
    time: (ms) =>
      ms < 1000
        ? unit(Math.max(1, Math.round(ms)), 'millisecond', 'narrow', 0)
        : unit(ms / 1000, 'second', 'narrow', 1),
  };
}
