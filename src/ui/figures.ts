/** Figures for people: units, tabular form, no false precision. Narrow no-break spaces keep a figure with its unit. */
const NARROW = '\u202F';
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** 12345 → "12,345". */
export const count = (n: number): string => whole.format(n);

/** "1 row", "2 rows". */
export const counted = (n: number, singular: string, plural = `${singular}s`): string =>
  `${count(n)} ${n === 1 ? singular : plural}`;

/** A probability of one answer, in whole per cent: 0.973 → "97 %"; never "100 %" or "0 %". */
export function sureness(p: number): string {
  if (!Number.isFinite(p)) return 'unknown';
  if (p >= 0.995) return `>${NARROW}99${NARROW}%`;
  if (p < 0.01) return `<${NARROW}1${NARROW}%`;
  return `${whole.format(p * 100)}${NARROW}%`;
}

/** A measured share, with one decimal where it is not whole: 0.934 → "93.4 %", 0.02 → "2 %". */
export function share(p: number): string {
  const tenths = Math.round(p * 1000);
  return `${tenths % 10 === 0 ? whole.format(tenths / 10) : one.format(tenths / 10)}${NARROW}%`;
}

/** Milliseconds as a person reads them: "< 1 ms", "6 ms", "1.2 s", "3 min". */
export function duration(ms: number): string {
  if (ms < 1) return `<${NARROW}1${NARROW}ms`;
  if (ms < 1000) return `${whole.format(ms)}${NARROW}ms`;
  if (ms < 60_000) return `${one.format(ms / 1000)}${NARROW}s`;
  return `${whole.format(ms / 60_000)}${NARROW}min`;
}

/** Bytes in decimal units: "0 bytes", "812 bytes", "12.0 MB". */
export function size(bytes: number): string {
  if (bytes < 1000) return `${whole.format(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 1_000_000) return `${one.format(bytes / 1000)}${NARROW}KB`;
  if (bytes < 1_000_000_000) return `${one.format(bytes / 1_000_000)}${NARROW}MB`;
  return `${one.format(bytes / 1_000_000_000)}${NARROW}GB`;
}

/** Seconds left, rounded up: "about 12 s left". */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds < 60) return `about ${Math.max(1, Math.ceil(seconds))}${NARROW}s left`;
  if (seconds < 3600) return `about ${Math.ceil(seconds / 60)}${NARROW}min left`;
  return `about ${one.format(seconds / 3600)}${NARROW}h left`;
}

/** ISO time → local date and time to the minute. */
export const moment = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
