/** Finds fields by rules: lines of the kind “label: value”, and values whose form leaves no doubt. */
import type { ReadDocument } from '../../../../src/core/document.ts';
import { amountsIn, decimalOf } from '../amounts.ts';
import { contextOf, type Context } from '../context.ts';
import { datesIn, settleDate } from '../dates.ts';
import { compact, ibansIn } from '../identifiers.ts';
import { wordsOf } from '../labels.ts';
import type { Cell } from '../layout.ts';
import type { AskedField } from './schema-fields.ts';

/** How a value was found, surest first. */
export type Ground = 'label' | 'label_in_part' | 'form' | 'model';

export interface FoundValue {
  value: unknown;
  start: number;
  end: number;
  cell: Cell | null;
  ground: Ground;
  problems: string[];
}

/** A value in a text, with its offsets there. */
interface Piece {
  value: unknown;
  start: number;
  end: number;
  problems?: string[];
}

/** Values by field name, for those that were found. */
export function findFields(
  document: ReadDocument,
  asked: readonly AskedField[],
): Map<string, FoundValue> {
  const context = contextOf(document);
  const labelled = pairsOf(context);
  const out = new Map<string, FoundValue>();
  for (const field of asked) {
    const found = byLabel(context, labelled, field) ?? byForm(context, field);
    if (found) out.set(field.name, found);
  }
  return out;
}

interface Pair {
  words: string[];
  /** The cell that holds the value, and where in it the value begins. */
  cell: Cell;
  from: number;
}

/** `Label: value` in one cell, a label that ends in a colon beside its value, and two cells in a row. */
function pairsOf({ layout }: Context): Pair[] {
  const out: Pair[] = [];
  layout.cells.forEach((cell) => {
    const colon = /^\s*[-*•]?\s*([^:=]{1,60}?)\s*[:=]\s*(?=\S)/.exec(cell.text.slice(0, 300));
    if (colon && !/^\d+$/.test(colon[1] ?? ''))
      out.push({ words: wordsOf(colon[1] ?? ''), cell, from: colon[0].length });
    const row = layout.rows[cell.row] ?? [];
    const next = row[row.indexOf(cell) + 1];
    const below = layout.rows[cell.row + 1]?.find((c) => c.x0 < cell.x1 && c.x1 > cell.x0);
    if (cell.text.length > 60) return;
    if (next) out.push({ words: wordsOf(cell.text), cell: next, from: 0 });
    else if (/:\s*$/.test(cell.text) && below)
      out.push({ words: wordsOf(cell.text), cell: below, from: 0 });
  });
  return out.filter(({ words }) => words.length > 0);
}

const nameWords = (name: string): string[] =>
  wordsOf((name.split('.').at(-1) ?? name).replace(/([a-z\d])([A-Z])/g, '$1 $2'));

/** Words that say nothing about which field it is. */
const EMPTY = new Set([
  'the',
  'of',
  'a',
  'an',
  'no',
  'nr',
  'number',
  'name',
  'is',
  'for',
  'your',
  'der',
  'die',
  'das',
  'des',
]);

/** Share of the words that two labels have in common, 0..1. */
function likenessOf(wanted: readonly string[], words: readonly string[]): number {
  const [a, b] = [wanted, words].map((list) => {
    const full = list.filter((word) => !EMPTY.has(word));
    return new Set(full.length > 0 ? full : list);
  }) as [Set<string>, Set<string>];
  const shared = [...a].filter((word) => b.has(word)).length;
  return (2 * shared) / (a.size + b.size || 1);
}

function byLabel(context: Context, pairs: readonly Pair[], field: AskedField): FoundValue | null {
  const wanted = nameWords(field.name);
  const told = wordsOf(field.description).slice(0, 6);
  const ranked = pairs
    .map((pair) => {
      const likeness = Math.max(
        likenessOf(wanted, pair.words),
        told.length > 0 ? likenessOf(told, pair.words) * 0.9 : 0,
      );
      const exact = wanted.join(' ') === pair.words.join(' ');
      return { pair, likeness: exact ? 2 : likeness };
    })
    .filter(({ likeness }) => likeness >= 0.5)
    .sort((x, y) => y.likeness - x.likeness);
  for (const { pair, likeness } of ranked.slice(0, 20)) {
    const piece = typed(context, pair.cell.text.slice(pair.from), field);
    if (!piece) continue;
    const start = pair.cell.start + pair.from + piece.start;
    const ground = likeness >= 0.99 ? 'label' : 'label_in_part';
    return {
      value: piece.value,
      start,
      end: start + piece.end - piece.start,
      cell: pair.cell,
      ground,
      problems: piece.problems ?? [],
    };
  }
  return null;
}

/** Forms that are taken without a label where the document holds one such value only. */
const TELLING = new Set(['email', 'iban', 'uri', 'phone', 'date']);

/** The only date of a text answers “date”, not “expiry date”. */
const DATE_WORDS = new Set(['date', 'datum', 'fecha', 'data', 'day', 'tag']);

function byForm(context: Context, field: AskedField): FoundValue | null {
  if (!field.choices && !TELLING.has(field.format ?? '')) return null;
  if (field.format === 'date' && !nameWords(field.name).every((word) => DATE_WORDS.has(word)))
    return null;
  const found: FoundValue[] = [];
  for (const cell of context.layout.cells) {
    const piece = typed(context, cell.text, field);
    if (piece)
      found.push({
        value: piece.value,
        start: cell.start + piece.start,
        end: cell.start + piece.end,
        cell,
        ground: 'form',
        problems: piece.problems ?? [],
      });
  }
  const distinct = new Set(found.map(({ value }) => JSON.stringify(value)));
  return distinct.size === 1 ? (found[0] ?? null) : null;
}

const PATTERNS = new Map<string, RegExp>([
  ['email', /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/],
  ['uri', /https?:\/\/[^\s<>"']{3,300}|www\.[^\s<>"']{3,300}/],
  ['phone', /(?<!\d)(?:\+|0|\(0)\d?(?:[ ()/.-]{0,2}\d){6,16}/],
]);

/** The part of a text that has the form that the field asks for. */
function typed(context: Context, text: string, field: AskedField): Piece | null {
  if (field.list) return listOf(context, text, field);
  if (field.choices) return choiceOf(text, field.choices);
  if (field.type === 'boolean') return booleanOf(text);
  if (field.format === 'date' || field.format === 'date-time') return dateOf(context, text);
  if (field.type === 'number' || field.type === 'integer' || field.format === 'amount')
    return numberOf(context, text, field);
  if (field.format === 'iban') {
    const iban = ibansIn(text)[0];
    return iban
      ? {
          value: compact(iban.value),
          start: iban.start,
          end: iban.end,
          problems: iban.problem ? [iban.problem] : [],
        }
      : null;
  }
  const pattern = PATTERNS.get(field.format ?? '');
  const match = (pattern ?? /\S(?:[^\n]{0,498}\S)?/).exec(text.slice(0, 2000));
  return match ? { value: match[0], start: match.index, end: match.index + match[0].length } : null;
}

function dateOf(context: Context, text: string): Piece | null {
  const date = datesIn(text)[0];
  if (!date) return null;
  const { iso, ambiguous, other } = settleDate(date, context.order);
  const problems = ambiguous
    ? [`It can be ${iso} or ${other}: nothing else in the document says which.`]
    : [];
  return { value: iso, start: date.start, end: date.end, problems };
}

function numberOf(context: Context, text: string, field: AskedField): Piece | null {
  const found = amountsIn(text).find(
    (amount) => field.type !== 'integer' || amount.read.decimals === 0 || amount.read.other,
  );
  if (!found) return null;
  const place = context.amounts.find(
    ({ found: at, cell }) =>
      cell.text.includes(text) &&
      at.read.money === found.read.money &&
      at.negative === found.negative,
  );
  const money = place?.money ?? found.read.money * (found.negative ? -1 : 1);
  const number = money / 10_000;
  // A whole number stays one: 34 guests are not 34.00.
  const written = found.read.decimals === 0 ? String(number) : decimalOf(money);
  const value = field.type === 'string' ? written : number;
  if (field.type === 'integer' && !Number.isInteger(number)) return null;
  return {
    value,
    start: found.start,
    end: found.end,
    problems: place?.ambiguous ? ['The number can be read in two ways.'] : [],
  };
}

function choiceOf(text: string, choices: readonly string[]): Piece | null {
  const low = text.slice(0, 500).toLowerCase();
  const found = choices
    .map((choice) => ({ choice, at: low.indexOf(choice.toLowerCase()) }))
    .filter(
      ({ choice, at }) =>
        choice !== '' &&
        at >= 0 &&
        !/\w/.test(low[at - 1] ?? '') &&
        !/\w/.test(low[at + choice.length] ?? ''),
    )
    .sort((a, b) => b.choice.length - a.choice.length);
  const best = found[0];
  const several =
    found.filter(({ choice }) => !best?.choice.toLowerCase().includes(choice.toLowerCase()))
      .length > 0;
  return best && !several
    ? { value: best.choice, start: best.at, end: best.at + best.choice.length }
    : null;
}

const YES = /\b(?:yes|true|ja|oui|sì|sí|si)\b/i;
const NO = /\b(?:no|false|nein|non|nee)\b/i;

function booleanOf(text: string): Piece | null {
  const [yes, no] = [YES.exec(text.slice(0, 60)), NO.exec(text.slice(0, 60))];
  const match = yes ?? no;
  if (!match || (yes && no)) return null;
  return { value: yes !== null, start: match.index, end: match.index + match[0].length };
}

function listOf(context: Context, text: string, field: AskedField): Piece | null {
  const values: unknown[] = [];
  for (const part of text
    .slice(0, 2000)
    .split(/\s*[,;]\s+|\s+(?:and|und|et|y|e|en)\s+/)
    .slice(0, 100)) {
    const piece = typed(context, part, { ...field, list: false });
    if (piece) values.push(piece.value);
  }
  return values.length > 0 ? { value: values, start: 0, end: text.trimEnd().length } : null;
}
