/** Figures that describe a candidate to the scorer: what stands around it and where it stands. */
import type { Context } from './context.ts';
import { LABEL_CLASSES, type LabelClass } from './labels.ts';
import { cellAbove, leftOf, rowText, type Cell } from './layout.ts';

const CLASS_INDEX = new Map<LabelClass, number>(LABEL_CLASSES.map((name, i) => [name, i]));
/** Before in the cell · nearest left · left in the row · above · row above · row below · behind. */
const PLACES = 7;
const hasLetters = (cell: Cell): boolean => /\p{L}{2}/u.test(cell.text);

/** The nearest cell above with words in it, at most six rows up. */
export function headingOf({ layout }: Context, cell: Cell): Cell | null {
  let above = cellAbove(layout, cell, 3);
  for (let i = 0; above && !hasLetters(above) && i < 5; i++) above = cellAbove(layout, above, 3);
  return above;
}

/** Which classes of labels stand around a piece of a cell: [places × classes], 1 next to it, less further off. */
export function labelFeatures(context: Context, cell: Cell, start: number, end: number): number[] {
  const { layout } = context;
  const out = new Array<number>(PLACES * LABEL_CLASSES.length).fill(0);
  const left = leftOf(layout, cell);
  const nearest = left.findLast(hasLetters);
  const behind = (layout.rows[cell.row] ?? []).find((c) => c.x0 > cell.x0 && hasLetters(c));
  const texts = [
    cell.text.slice(0, start),
    nearest?.text ?? '',
    left.map((c) => c.text).join(' '),
    headingOf(context, cell)?.text ?? '',
    rowText(layout, cell.row - 1),
    rowText(layout, cell.row + 1),
    `${cell.text.slice(end)} ${behind?.text ?? ''}`,
  ];
  texts.forEach((text, place) => {
    for (const [name, distance] of context.labelsOf(text))
      out[place * LABEL_CLASSES.length + (CLASS_INDEX.get(name) as number)] = 1 / (1 + distance);
  });
  return out;
}

/** Where a cell stands. */
export function placeFeatures({ layout }: Context, cell: Cell): number[] {
  const row = layout.rows[cell.row] ?? [];
  return [
    cell.x0,
    cell.x1,
    cell.y0,
    cell.height,
    Math.min(cell.row, 60),
    Math.min(layout.rows.length - cell.row, 60),
    cell.page,
    layout.pages - cell.page,
    row.length,
    row.indexOf(cell),
    layout.hasBoxes ? 1 : 0,
    layout.rows.length,
  ];
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

const LEGAL =
  /\b(?:sdn\.? ?b[hn]d|s\/b|bhd|gmbh|ag|kg|ohg|ug|e\.?k|mbh|ltd|limited|llc|inc|corp|plc|pte|co\.?|company|s\.?a\.?r?\.?l?|s\.?a\.?s|s\.?p\.?a|s\.?r\.?l|s\.?l\.?u?|b\.?v|n\.?v|oy|ab|aps|a\/s|enterprise|trading|holdings|group|e\.v|ggmbh|eurl|sci|s\.?n\.?c|vof|stiftung|genossenschaft|sp\. z o\.o)\b\.?/gi;
const TRADE =
  /\b(?:restaurant|restoran|cafe|kafe|bakery|bakeries|book|books|stationery|hardware|pharmacy|farmasi|mart|market|supermarket|store|stores|shop|kedai|hotel|house|centre|center|marketing|electrical|auto|motor|seafood|kopitiam|coffee|food|foods|industries|international|syarikat|perniagaan|pasar|mini|station|petrol|clinic|klinik|gallery|garden|bistro|bar|grill|pizza|sushi|mobile|service|services|supply|solutions|design|consulting|technik|technologies|systems|software|handel|bau|werk|druck|verlag|logistik|media|studio|bäckerei|apotheke|autohaus)\b/gi;
const STREET =
  /\b(?:jalan|jln|jin|lorong|taman|tmn|persiaran|lebuh|lot|no\.?|street|st|road|rd|ave|avenue|lane|blvd|boulevard|drive|rue|via|viale|calle|plaza|plaça|piazza|straat|laan|weg|platz|allee|gasse|ring|chaussee|floor|level|unit|block|blok|kampung|kg|batu|wisma|menara|bandar|kawasan|perindustrian|seksyen|section|pusat|mall|ground|g\/f|no)\b|stra(?:ß|ss)e\b|str\.|weg\b|platz\b|straat\b|laan\b|gasse\b|allee\b/gi;
const TOWN =
  /\b(?:kuala lumpur|selangor|johor|johor bahru|penang|pulau pinang|perak|melaka|kedah|pahang|sabah|sarawak|negeri sembilan|terengganu|kelantan|malaysia|petaling jaya|shah alam|klang|subang|puchong|cheras|ipoh|wilayah persekutuan|d\.?e|darul ehsan|deutschland|germany|österreich|schweiz|france|italia|italy|españa|spain|nederland|belgium|united kingdom|usa|singapore|city|kl|pj)\b/gi;
const POSTCODE = /(?<![\d.,/-])(?:[A-Z]{1,2}[- ])?\d{4,5}(?![\d.,/-]\d|\d)(?: [A-Z]{2}\b)?/g;
const REGISTER = /\(?\d{5,7} ?- ?[A-Z]\b\)?|\(\d{6,}|\b\d{9,}\b|\b[A-Z]{2}\d{7}/g;

/** What a text looks like by itself: made of a name, an address, figures. */
export function textFeatures(text: string): number[] {
  const letters = count(text, /\p{L}/gu);
  return [
    Math.min(text.length, 120),
    letters / Math.max(1, text.length),
    count(text, /\d/g),
    count(text, /\p{Lu}/gu) / Math.max(1, letters),
    count(text, /,/g),
    count(text, /\S+/g),
    count(text, LEGAL),
    count(text, TRADE),
    count(text, STREET),
    count(text, TOWN),
    count(text, POSTCODE),
    count(text, REGISTER),
    /@|www|http/i.test(text) ? 1 : 0,
    /:\s*$/.test(text) ? 1 : 0,
    count(text, /:/g),
    /,$/.test(text) ? 1 : 0,
    /\.$/.test(text) ? 1 : 0,
    /^\d/.test(text) ? 1 : 0,
    /^[("]/.test(text) ? 1 : 0,
    /\d{1,2}:\d{2}/.test(text) ? 1 : 0,
    count(text, /\d[.,]\d{2}(?!\d)/g),
    /^[\W_]*$/.test(text) ? 1 : 0,
    /(?:\d[ -]?){8,}/.test(text) ? 1 : 0,
    count(text, /&/g),
  ];
}
/** Where `textFeatures` counts legal forms of companies. */
export const LEGAL_FORMS = 6;
