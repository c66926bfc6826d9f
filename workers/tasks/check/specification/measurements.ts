/** What was measured: out of a table, a record, or the text of the document. */
import type Big from 'big.js';
import { nameKey } from './clause.ts';
import { numbersIn, styleOf, type NumberStyle } from './numbers.ts';
import { columnOf, headersOf, rowsOfCsv, rowsOfJson, type Row } from './rows.ts';
import { unitAfter } from './text-clauses.ts';

export interface Measurement {
  /** More than one where the number can be read in several ways. Empty where the value is no number. */
  readings: Big[];
  /** As it was written behind the number; empty where there is none. */
  unit: string;
  /** True where units are not written at all in this table. */
  unitless: boolean;
  /** Quoted. */
  found: string;
  /** Span of the document's text. */
  at: { start: number; end: number } | null;
}

/** Measurements by the name of the parameter (`nameKey`). */
export type Measurements = Map<string, Measurement[]>;

const PARAMETER = [
  'parameter',
  'characteristic',
  'property',
  'name',
  'feature',
  'merkmal',
  'prufmerkmal',
  'kenngroße',
  'parametre',
  'parametro',
  'caracteristica',
];
const VALUE = [
  'value',
  'measured',
  'actual',
  'result',
  'reading',
  'measurement',
  'messwert',
  'istwert',
  'ist',
  'wert',
  'ergebnis',
  'valeur',
  'mesure',
  'valor',
  'medido',
];
const UNIT = ['unit', 'units', 'einheit', 'unite', 'unidad', 'uom'];

function add(into: Measurements, parameter: string, measurement: Measurement): void {
  const key = nameKey(parameter);
  if (key === '') return;
  const list = into.get(key);
  if (list) list.push(measurement);
  else into.set(key, [measurement]);
}

/** A cell as one measurement: a number with or without a unit, or words. */
function measured(cell: string, unit: string, style: NumberStyle, unitless: boolean): Measurement {
  const [number, other] = numbersIn(cell, style);
  const behind = number ? unitAfter(cell.slice(number.end)) : '';
  const lone = number && !other && cell.slice(0, number.start).trim() === '';
  return {
    readings: lone ? number.readings : [],
    unit: behind || unit,
    unitless: unitless && behind === '',
    found: `${cell}${unit && !behind ? ` ${unit}` : ''}`.slice(0, 160),
    at: null,
  };
}

/** Rows of {parameter, value, unit}, or one column a parameter (its unit in brackets: `Torque [Nm]`). */
export function measurementsOfRows(rows: readonly Row[]): Measurements {
  const into: Measurements = new Map();
  const headers = headersOf(rows);
  const [parameter, value, unit] = [PARAMETER, VALUE, UNIT].map((names) =>
    columnOf(headers, names),
  );
  const style = styleOf(
    rows
      .slice(0, 2_000)
      .map((row) => Object.values(row).join(' ; '))
      .join('\n'),
  );
  for (const row of rows)
    if (parameter && value) {
      const cell = row[value]?.trim() ?? '';
      if (cell !== '')
        add(
          into,
          row[parameter] ?? '',
          measured(cell, row[unit ?? '']?.trim() ?? '', style, !unit),
        );
    } else
      for (const header of headers) {
        const cell = row[header]?.trim() ?? '';
        const bracket = /\s*[[(]([^\])]{1,18})[\])]\s*$/.exec(header);
        const name = bracket ? header.slice(0, bracket.index) : header;
        if (cell !== '') add(into, name, measured(cell, bracket?.[1] ?? '', style, !bracket));
      }
  return into;
}

/** A table, CSV text, a record, or rows; null where it is none of these. */
export function rowsOfInput(input: unknown): Row[] | null {
  if (typeof input === 'string') return rowsOfCsv(input);
  if (Array.isArray(input)) return input.every(isObject) ? rowsOfJson(input) : null;
  return isObject(input) ? rowsOfJson([input]) : null;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
