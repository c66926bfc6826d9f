/** What a document tells about its country, and what is usual there: currency, order of dates, decimal mark. */
import type { DecimalMark } from './amounts.ts';
import type { DateOrder } from './dates.ts';

export interface Country {
  /** ISO 3166-1 alpha-2, or null where nothing tells. */
  code: string | null;
  /** ISO 4217. */
  currency: string | null;
  dateOrder: DateOrder | null;
  decimalMark: DecimalMark | null;
}

const usual = (
  currency: string,
  dateOrder: DateOrder,
  decimalMark: DecimalMark | null,
): Omit<Country, 'code'> => ({ currency, dateOrder, decimalMark });

const USUAL = new Map<string, Omit<Country, 'code'>>([
  ['MY', usual('MYR', 'dmy', '.')],
  ['SG', usual('SGD', 'dmy', '.')],
  ['ID', usual('IDR', 'dmy', ',')],
  ['GB', usual('GBP', 'dmy', '.')],
  ['IE', usual('EUR', 'dmy', '.')],
  ['US', usual('USD', 'mdy', '.')],
  ['CA', usual('CAD', 'mdy', '.')],
  ['AU', usual('AUD', 'dmy', '.')],
  ['IN', usual('INR', 'dmy', '.')],
  ['DE', usual('EUR', 'dmy', ',')],
  ['AT', usual('EUR', 'dmy', ',')],
  ['CH', usual('CHF', 'dmy', '.')],
  ['FR', usual('EUR', 'dmy', ',')],
  ['BE', usual('EUR', 'dmy', ',')],
  ['IT', usual('EUR', 'dmy', ',')],
  ['ES', usual('EUR', 'dmy', ',')],
  ['PT', usual('EUR', 'dmy', ',')],
  ['NL', usual('EUR', 'dmy', ',')],
  ['PL', usual('PLN', 'dmy', ',')],
]);

/** Words and marks that stand in documents of one country, with how much each weighs. */
const SIGNS: [code: string, pattern: RegExp, weight: number][] = [
  [
    'MY',
    /\bsdn\.? ?b[hn]d\b|\bmalaysia\b|\bselangor\b|\bkuala lumpur\b|\bjohor\b|\bRM ?\d|\bjalan\b/gi,
    2,
  ],
  ['SG', /\bsingapore\b|\bpte\.? ltd\b|\bS\$ ?\d/gi, 3],
  ['ID', /\bindonesia\b|\bjakarta\b|\bRp\.? ?\d|\bPPN\b/gi, 3],
  [
    'GB',
    /\bunited kingdom\b|\b(?:london|england|manchester|edinburgh)\b|£|\bGB ?\d{9}\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b/g,
    2,
  ],
  ['IE', /\bireland\b|\bdublin\b|\bIE ?\d{7}[A-Z]/gi, 3],
  ['US', /\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\bUSA\b|\bUnited States\b|\bUSD\b|\bsales tax\b/g, 2],
  ['CA', /\bcanada\b|\bHST\b|\bPST\b|\bCAD\b|\bontario\b/gi, 2],
  ['AU', /\baustralia\b|\bABN\b|\bAUD\b|\bpty\.? ltd\b/gi, 2],
  ['IN', /\bGSTIN\b|₹|\bCGST\b|\bSGST\b|\bindia\b/gi, 2],
  [
    'DE',
    /\bgmbh\b|\bust\.?-?id|\bmwst\b|\bsteuernummer\b|\bdeutschland\b|\bDE ?\d{9}\b|\brechnung\b/gi,
    1,
  ],
  ['AT', /\bATU\d{8}\b|\bösterreich\b|\bwien\b/gi, 3],
  ['CH', /\bCHE-?\d{3}|\bCHF\b|\bschweiz\b|\bzürich\b|\bsuisse\b|\bsvizzera\b/gi, 3],
  ['FR', /\bTVA\b|\bSIRET\b|\bfrance\b|\bfacture\b|\bFR ?[A-Z\d]{2} ?\d{9}\b/gi, 1],
  ['BE', /\bbelgi(?:que|ë|um)\b|\bBE ?0\d{9}\b|\bbruxelles\b/gi, 3],
  ['IT', /\bP\.? ?IVA\b|\bpartita iva\b|\bfattura\b|\bitalia\b|\bIT ?\d{11}\b/gi, 1],
  ['ES', /\bC\.?I\.?F\b|\bN\.?I\.?F\b|\bfactura\b|\bespaña\b|\bES ?[A-Z]\d{7}/gi, 1],
  ['PT', /\bportugal\b|\blisboa\b|\bfatura\b|\bcontribuinte\b/gi, 3],
  ['NL', /\bBTW\b|\bKvK\b|\bfactuur\b|\bnederland\b|\bNL ?\d{9}B\d\d\b/gi, 1],
  ['PL', /\bNIP\b|\bfaktura\b|\bpolska\b|\bzł\b/gi, 2],
];
const OF_LANGUAGE = new Map([
  ['de', 'DE'],
  ['fr', 'FR'],
  ['it', 'IT'],
  ['es', 'ES'],
  ['nl', 'NL'],
  ['pt', 'PT'],
  ['pl', 'PL'],
  ['ms', 'MY'],
  ['id', 'ID'],
]);
/** The signs are looked for in this much of the text. */
const MOST_TEXT = 20_000;

const UNKNOWN: Country = { code: null, currency: null, dateOrder: null, decimalMark: null };

/** The country with the most signs; the language decides where there are none. */
export function countryOf(text: string, language: string | null): Country {
  const short = text.slice(0, MOST_TEXT);
  let best = '';
  let most = 0;
  for (const [code, pattern, weight] of SIGNS) {
    const score = weight * Math.min(5, [...short.matchAll(pattern)].length);
    if (score > most) [best, most] = [code, score];
  }
  const code = best || (OF_LANGUAGE.get(language ?? '') ?? '');
  const found = USUAL.get(code);
  return found ? { code, ...found } : UNKNOWN;
}

const SYMBOLS = new Map([
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['RM', 'MYR'],
  ['US$', 'USD'],
  ['S$', 'SGD'],
  ['A$', 'AUD'],
  ['C$', 'CAD'],
  ['HK$', 'HKD'],
  ['NZ$', 'NZD'],
  ['R$', 'BRL'],
  ['₹', 'INR'],
  ['₩', 'KRW'],
  ['₽', 'RUB'],
  ['₺', 'TRY'],
  ['฿', 'THB'],
  ['₫', 'VND'],
  ['₱', 'PHP'],
  ['₪', 'ILS'],
  ['Rp', 'IDR'],
  ['Rp.', 'IDR'],
  ['zł', 'PLN'],
  ['Kč', 'CZK'],
  ['Ft', 'HUF'],
  ['lei', 'RON'],
  ['Fr.', 'CHF'],
  ['SFr', 'CHF'],
  ['SFr.', 'CHF'],
]);
const DOLLAR = new Set(['USD', 'CAD', 'AUD', 'SGD', 'MYR', 'NZD', 'HKD']);
const CODES = new Set(
  Intl.supportedValuesOf('currency').filter((code) => !code.startsWith('X') || code === 'XAF'),
);

/** Codes that are words, or endings of words, far more often than currencies. */
const WORDS = new Set([
  'ALL',
  'TOP',
  'TRY',
  'CUP',
  'PEN',
  'COP',
  'MOP',
  'BAM',
  'GEL',
  'SOS',
  'LAK',
  'MAD',
  'AMD',
  'BAN',
  'FOK',
  'BHD',
]);

/** Codes that are looked for anywhere in a document, not only beside an amount. */
export const COMMON = new Set(
  'EUR USD GBP CHF MYR SGD IDR AUD CAD NZD JPY CNY INR SEK NOK DKK PLN CZK HUF RON HKD THB ZAR BRL MXN AED RM € £'.split(
    ' ',
  ),
);

export const isCurrency = (code: string): boolean => CODES.has(code);

/** ISO 4217 of a symbol or code as it stands at an amount; null where it is none or could be several. */
export function currencyOf(written: string, country: Country): string | null {
  const known = SYMBOLS.get(written);
  if (known) return known;
  if (CODES.has(written) && !WORDS.has(written)) return written;
  if (written === '$')
    return country.currency && DOLLAR.has(country.currency) ? country.currency : null;
  if (written === '¥') return country.code === 'CN' ? 'CNY' : 'JPY';
  return null;
}
