/** Candidates for names of companies and for lines of addresses. */
import type { Candidate } from './candidates.ts';
import type { Context } from './context.ts';
import { labelFeatures, LEGAL_FORMS, placeFeatures, textFeatures } from './features.ts';
import type { Cell } from './layout.ts';

/** Most cells of a document that may hold a name or an address line. */
const MOST = 400;

/** What stands before a name: a label, a till number. */
const LEAD =
  /^(?:(?:dimiliki|owned by|owner|operated by|formerly|name|firma|company|seller|buyer|bill to|sold to|customer|kunde|käufer|verkäufer|client|cliente|fornitore|proveedor|vendeur|acheteur|spett\.?(?:le)?)\s*[:.]\s*|#\d+\s+|[^\p{L}\d(]+)/iu;
/** What stands behind it: a number of a register. */
const TAIL =
  /\s*(?:[([{]\s*(?:co\.?|reg|no|roc|company|\d{4,}|[a-z]{1,2}\d{6,})[^)\]}]*[)\]}]?.*|\s(?:co\.? ?(?:reg|no)|reg\.? ?no|roc)\b.*|\s\d{4,7} ?- ?[A-Z]\b.*|\s[A-Z]{2}\d{7}-?[A-Z]?\b.*)$/i;

/** The part of a cell that can be a name, as offsets. */
export function namePart(text: string): [start: number, end: number] {
  const lead = LEAD.exec(text)?.[0].length ?? 0;
  const body = text.slice(lead);
  const tail = TAIL.exec(body.slice(0, 200));
  const end = tail && tail.index > 2 ? lead + tail.index : text.length;
  const kept = text.slice(lead, end).replace(/[\s,;:–-]+$/, '');
  return kept.length > 1 ? [lead, lead + kept.length] : [0, text.length];
}

/** Cells with words in them, header first: names and addresses stand among them. */
export function wordyCells({ layout }: Context): Cell[] {
  return layout.cells.filter((cell) => /\p{L}{2}/u.test(cell.text)).slice(0, MOST);
}

/** Figures of a cell and of its neighbours in reading order. */
export function lineFeatures(context: Context, cells: readonly Cell[], index: number): number[] {
  const cell = cells[index] as Cell;
  const near = [-2, -1, 1, 2].flatMap((step) => textFeatures(cells[index + step]?.text ?? ''));
  const below = context.layout.rows[cell.row + 1]?.find((c) => c.x0 < cell.x1 && c.x1 > cell.x0);
  const above = context.layout.rows[cell.row - 1]?.find((c) => c.x0 < cell.x1 && c.x1 > cell.x0);
  const legalBefore = cells
    .slice(0, index)
    .filter((c) => (textFeatures(c.text)[LEGAL_FORMS] ?? 0) > 0).length;
  return [
    ...labelFeatures(context, cell, 0, cell.text.length),
    ...insideFeatures(context, cell),
    ...placeFeatures(context, cell),
    ...textFeatures(cell.text),
    ...near,
    ...textFeatures(above?.text ?? ''),
    ...textFeatures(below?.text ?? ''),
    Math.min(index, 60),
    Math.min(legalBefore, 5),
    (cell.x0 + cell.x1) / 2,
    above ? Math.abs(above.x0 - cell.x0) : 1,
    below ? Math.abs(below.x0 - cell.x0) : 1,
    above ? cell.y0 - above.y1 : 1,
    below ? below.y0 - cell.y1 : 1,
    cells.findIndex((c) => c.text === cell.text) < index ? 1 : 0,
  ];
}

const INSIDE = [
  'phone',
  'web',
  'vat_id',
  'tax_number',
  'registry',
  'invoice',
  'person',
  'address',
  'time',
  'thanks',
  'buyer',
  'seller',
  'ship_to',
  'payee',
  'iban',
  'bic',
  'invoice_number',
  'date',
  'description',
  'customer_number',
  'period',
  'reference',
  'number',
  'currency',
] as const;

/** Labels inside the cell itself. */
function insideFeatures(context: Context, cell: Cell): number[] {
  const labels = context.labelsOf(cell.text);
  return INSIDE.map((name) => (labels.has(name) ? 1 : 0));
}

/** Further figures of a cell, for documents that have more structure than a receipt. */
export type MoreFeatures = (cell: Cell) => number[];

/** Names: each cell, and each with the next one in its row or below where they may belong together. */
export function nameCandidates(
  context: Context,
  reach: number,
  more: MoreFeatures = () => [],
): Candidate[] {
  const cells = wordyCells(context);
  const out: Candidate[] = [];
  const add = (parts: Cell[], first: string, second: string, features: number[]): void => {
    const [head, last] = [parts[0] as Cell, parts.at(-1) as Cell];
    const start = head.start + head.text.indexOf(first);
    const tail = second || first;
    const value = fold(`${first} ${second}`);
    out.push({
      value,
      start,
      end: last.start + last.text.indexOf(tail) + tail.length,
      cells: parts,
      features: [...features, ...textFeatures(value), ...joinFeatures(first, second)],
      problems: [],
    });
  };
  for (let i = 0; i < Math.min(cells.length, reach); i++) {
    const cell = cells[i] as Cell;
    const features = [...lineFeatures(context, cells, i), ...more(cell)];
    const first = cell.text.slice(...namePart(cell.text));
    add([cell], first, '', features);
    const next = cells[i + 1];
    if (!next || next.row > cell.row + 1 || i > 12 || next.page !== cell.page) continue;
    add([cell, next], first, next.text.slice(0, namePart(next.text)[1]), features);
  }
  return out;
}

/** How two parts of a name fit together; zeros where there is one part. */
function joinFeatures(first: string, second: string): number[] {
  if (second === '') return new Array<number>(7).fill(0);
  const legal = textFeatures(second)[LEGAL_FORMS] ?? 0;
  return [
    1,
    textFeatures(first)[LEGAL_FORMS] ?? 0,
    legal,
    /^(?:\(?\w{1,12}\)? )?(?:co\b|sdn|bhd|s\/b|enterprise|trading|ltd|gmbh|inc|llc|\(m\))/i.test(
      second,
    )
      ? 1
      : 0,
    /[&,-]$|\b(?:and|und|of|the)$/i.test(first) ? 1 : 0,
    second.length,
    first.length,
  ];
}

export const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

const ADDRESS_LEAD =
  /^(?:(?:hq|h\.?o\.?|outlet|branch)?\s*(?:add(?:ress)?|anschrift|adresse|indirizzo|dirección|adres)\s*[.:]\s*|hq\s*:\s*|[^\p{L}\d(“"']+)/iu;
const ADDRESS_TAIL =
  /[\s,;|·•(-]*\b(?:tel(?:ephone|efon)?|phone|fax|h\/?p|gst|sst|ust|vat|email|e-mail|www)\b\s?[.:/(\d+-].*$|[\s,;|·•(-]*\b(?:tel|fax) ?(?:no)?\.? ?:.*$/i;

/** A line that is no part of an address whatever stands around it. */
export const isNoAddress = (text: string): boolean => /@|www\.|https?:/i.test(text);

/** The part of a line that belongs to an address, as offsets. */
export function addressPart(text: string): [start: number, end: number] {
  const lead = ADDRESS_LEAD.exec(text)?.[0].length ?? 0;
  const tail = ADDRESS_TAIL.exec(text.slice(lead, lead + 300));
  const end = tail && tail.index > 3 ? lead + tail.index : text.length;
  return [lead, end];
}

/**
 * The run of lines with the largest sum of log-odds: the address. A line between two address lines may be doubtful; one
 * that is surely none ends the run.
 */
export function bestRun(
  scores: readonly number[],
): { from: number; to: number; sum: number } | null {
  let best: { from: number; to: number; sum: number } | null = null;
  let from = 0;
  let sum = 0;
  scores.forEach((score, i) => {
    if (sum <= 0) [from, sum] = [i, 0];
    sum += Math.max(-6, Math.min(6, score));
    if (sum > 0 && (!best || sum > best.sum)) best = { from, to: i + 1, sum };
  });
  return best;
}
