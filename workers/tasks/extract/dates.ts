/** Dates as they stand in documents, in figures and in words of eight languages, with the readings that each allows. */

export type DateOrder = 'dmy' | 'mdy' | 'ymd';

export interface FoundDate {
  start: number;
  end: number;
  /** ISO 8601, in order of likelihood by writing alone; one where nothing else is possible. */
  readings: { iso: string; order: DateOrder }[];
  /** Digits without marks (`20180305`): a date only where something says so. */
  bare: boolean;
  /** Written with two digits of the year. */
  shortYear: boolean;
}

const MONTHS = new Map<string, number>();
[
  'jan january januar janv janvier gennaio gen enero ene januari janeiro januar jaenner stycznia ocak',
  'feb february februar fev fevr fevrier febbraio febrero februari fevereiro lutego',
  'mar march maerz marz mrz mars marzo maart marco mrt marca',
  'apr april avr avril aprile abril abr kwietnia',
  'may mai maggio mag mayo mei maio maja',
  'jun june juni juin giugno giu junio junho czerwca',
  'jul july juli juil juillet luglio lug julio julho lipca',
  'aug august aout agosto ago augustus sierpnia',
  'sep sept september septembre settembre set septiembre setembro wrzesnia',
  'oct october okt oktober octobre ottobre ott octubre outubro out pazdziernika',
  'nov november novembre noviembre novembro listopada',
  'dec december dez dezember decembre dicembre dic diciembre desember dezembro grudnia',
].forEach((names, index) => {
  for (const name of names.split(' ')) MONTHS.set(name, index + 1);
});

/** Letters without accents, lower case; German umlauts as two letters where months need it. */
const plain = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/\.$/, '');

/** A date of the calendar as ISO 8601, or null. Two-digit years are 1990 to 2049; others are no dates of documents. */
export function isoOf(year: number, month: number, day: number): string | null {
  const full = year < 50 ? 2000 + year : year < 100 ? 1900 + year : year;
  if (
    (year < 100 && full < 1990) ||
    full < 1900 ||
    full > 2199 ||
    month < 1 ||
    month > 12 ||
    day < 1
  )
    return null;
  if (day > new Date(Date.UTC(full, month, 0)).getUTCDate()) return null;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${full}-${two(month)}-${two(day)}`;
}

type Reader = (groups: string[]) => Pick<FoundDate, 'readings' | 'shortYear'> | null;

const one = (iso: string | null, order: DateOrder, shortYear: boolean): ReturnType<Reader> =>
  iso ? { readings: [{ iso, order }], shortYear } : null;

const inFigures: Reader = ([a = '', mark = '', b = '', c = '']) => {
  const [x, y, year] = [Number(a), Number(b), Number(c)];
  const shortYear = c.length === 2;
  const dmy = isoOf(year, y, x);
  const mdy = mark === '.' ? null : isoOf(year, x, y);
  const readings: FoundDate['readings'] = [];
  if (dmy) readings.push({ iso: dmy, order: 'dmy' });
  if (mdy && mdy !== dmy) readings.push({ iso: mdy, order: 'mdy' });
  if (readings.length === 0 && shortYear) {
    const ymd = isoOf(x, y, year);
    if (ymd && x >= 10) readings.push({ iso: ymd, order: 'ymd' });
  }
  return readings.length > 0 ? { readings, shortYear } : null;
};

const FORMS: { pattern: RegExp; bare?: true; read: Reader }[] = [
  {
    pattern: /(?<![\d.,/-])((?:19|20)\d\d) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?![\d])/g,
    read: ([y, , m, d]) => one(isoOf(Number(y), Number(m), Number(d)), 'ymd', false),
  },
  {
    pattern: /(?<![\d.,/-])(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?((?:19|20)\d\d|\d\d)(?!\d|[.,/-]\d)/g,
    read: inFigures,
  },
  {
    pattern:
      /(?<![\d.,/])(\d{1,2})(?:\.|st|nd|rd|th|er|º|°)?[ \-/.,]{0,2}(?:de |d[’'])?(\p{L}{3,12})\.?[ \-/.,’']{0,2}(?:de |del )?((?:19|20)\d\d|\d\d)(?!\d|[:.]\d)/giu,
    read: ([d, name = '', y = '']) =>
      one(isoOf(Number(y), MONTHS.get(plain(name)) ?? 0, Number(d)), 'dmy', y.length === 2),
  },
  {
    pattern: /(?<!\p{L})(\p{L}{3,12})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?((?:19|20)\d\d)(?!\d)/giu,
    read: ([name = '', d, y]) =>
      one(isoOf(Number(y), MONTHS.get(plain(name)) ?? 0, Number(d)), 'mdy', false),
  },
  {
    pattern: /(?<![\w.,/-])((?:19|20)\d\d)(\d\d)(\d\d)(?![\w]|[.,/-]\d)/g,
    bare: true,
    read: ([y, m, d]) => one(isoOf(Number(y), Number(m), Number(d)), 'ymd', false),
  },
  {
    pattern: /(?<![\w.,/-])(\d\d)(\d\d)((?:19|20)\d\d)(?![\w]|[.,/-]\d)/g,
    bare: true,
    read: ([d, m, y]) => one(isoOf(Number(y), Number(m), Number(d)), 'dmy', false),
  },
];

/** Groups that did not take part are empty. */
const groupsOf = (match: readonly (string | undefined)[]): string[] =>
  match.slice(1).map((group) => group ?? '');

/** Longest text in which dates are looked for at once. */
const MOST_TEXT = 2000;

/** All dates of a short text, in order, none overlapping. */
export function datesIn(text: string): FoundDate[] {
  const out: FoundDate[] = [];
  const short = text.slice(0, MOST_TEXT);
  for (const { pattern, bare, read } of FORMS)
    for (const match of short.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (out.some((found) => found.start < end && found.end > match.index)) continue;
      const found = read(groupsOf(match));
      if (found) out.push({ start: match.index, end, bare: bare === true, ...found });
    }
  return out.sort((a, b) => a.start - b.start);
}

/**
 * Which order the document writes its dates in: the order of those that allow one reading only, else what its country
 * writes; null where nothing says.
 */
export function dateOrderOf(
  dates: readonly FoundDate[],
  usual: DateOrder | null,
): DateOrder | null {
  const sure = dates.filter((date) => date.readings.length === 1 && !date.bare);
  const count = (order: DateOrder): number =>
    sure.filter((date) => date.readings[0]?.order === order).length;
  const [dmy, mdy] = [count('dmy'), count('mdy')];
  if (dmy !== mdy) return dmy > mdy ? 'dmy' : 'mdy';
  return usual;
}

/** The reading under the document's order; `ambiguous` where two are possible and nothing decides. */
export function settleDate(
  date: FoundDate,
  order: DateOrder | null,
): { iso: string; ambiguous: boolean; other: string | null } {
  const [first, second] = date.readings;
  const chosen = date.readings.find((reading) => reading.order === order) ?? first;
  const other = date.readings.find((reading) => reading !== chosen) ?? null;
  return {
    iso: chosen?.iso ?? '',
    ambiguous: second !== undefined && order === null,
    other: other?.iso ?? null,
  };
}
