/** A specification as a table: one clause a row. */
import type Big from 'big.js';
import { MAX_CLAUSES, type Clause, type Demand } from './clause.ts';
import { hasNumber, limitIn, tolerance, at, type Limit } from './limits.ts';
import { numbersIn, styleOf, type NumberStyle } from './numbers.ts';
import { columnOf, headersOf, type Row } from './rows.ts';
import { unitOf } from './units.ts';

const COLUMNS = {
  id: ['id', 'clause', 'no', 'no.', 'nr', 'nr.', 'number', 'pos', 'pos.', 'klausel', 'ref'],
  parameter: [
    'parameter',
    'characteristic',
    'property',
    'name',
    'feature',
    'merkmal',
    'prufmerkmal',
    'kenngroße',
    'eigenschaft',
    'parametre',
    'caracteristique',
    'parametro',
    'caracteristica',
  ],
  nominal: [
    'nominal',
    'target',
    'value',
    'nominal value',
    'sollwert',
    'soll',
    'nennmaß',
    'nennmass',
    'nennwert',
    'valeur nominale',
    'valor nominal',
  ],
  tolerance: ['tolerance', 'tol', 'tol.', 'toleranz', 'grenzabmaß', 'tolerancia'],
  min: [
    'min',
    'min.',
    'minimum',
    'lower',
    'lower limit',
    'lsl',
    'mindestmaß',
    'untere grenze',
    'minimo',
  ],
  max: [
    'max',
    'max.',
    'maximum',
    'upper',
    'upper limit',
    'usl',
    'hochstmaß',
    'obere grenze',
    'maximo',
  ],
  unit: ['unit', 'units', 'einheit', 'unite', 'unidad', 'uom'],
  rule: [
    'rule',
    'requirement',
    'condition',
    'regel',
    'anforderung',
    'bedingung',
    'exigence',
    'requisito',
  ],
} as const;
type Column = keyof typeof COLUMNS;
type Cells = Record<Column, string>;

const NO_TOLERANCE =
  'The row gives a nominal value without a tolerance, so it is not known how far a value may be off.';

/** Null where no column names the parameters. */
export function clausesOfTable(rows: readonly Row[]): Clause[] | null {
  const headers = headersOf(rows);
  const named = (column: Column) => columnOf(headers, COLUMNS[column]);
  const columns = Object.fromEntries(
    (Object.keys(COLUMNS) as Column[]).map((name) => [name, named(name)]),
  );
  if (
    !columns['parameter'] ||
    !(['nominal', 'min', 'max', 'rule', 'tolerance'] as const).some((name) => columns[name])
  )
    return null;
  const cellsOf = (row: Row): Cells => {
    const cells = {} as Cells;
    for (const name of Object.keys(COLUMNS) as Column[])
      cells[name] = row[columns[name] ?? '']?.trim() ?? '';
    return cells;
  };
  const style = styleOf(
    rows
      .slice(0, MAX_CLAUSES)
      .map((row) => Object.values(row).join(' ; '))
      .join('\n'),
  );
  return rows
    .slice(0, MAX_CLAUSES)
    .map(cellsOf)
    .map((cells, index) => clauseOf(cells, index, style))
    .filter((clause) => clause !== null);
}

function clauseOf(cells: Cells, index: number, style: NumberStyle): Clause | null {
  if (Object.values(cells).every((cell) => cell === '')) return null;
  const unit = cells.unit ? ` ${cells.unit}` : '';
  const plusMinus = /^[±+\-−]/.test(cells.tolerance);
  const size = [
    cells.nominal && `${cells.nominal}${plusMinus ? '' : unit}`,
    cells.tolerance &&
      (plusMinus || !cells.nominal ? `${cells.tolerance}${unit}` : `tolerance ${cells.tolerance}`),
  ];
  const sides = [cells.min && `min ${cells.min}${unit}`, cells.max && `max ${cells.max}${unit}`];
  const words = [
    size.filter(Boolean).join(plusMinus ? ' ' : ', '),
    ...sides,
    cells.rule && `${cells.rule}${unit}`,
  ]
    .filter(Boolean)
    .join(', ');
  return {
    id: cells.id || String(index + 1),
    requirement: `${cells.parameter}: ${words}`,
    demand: demandOf(cells, style),
  };
}

const open = (reason: string): Demand => ({ kind: 'open', reason, nearest: false });

/** One number, and nothing else but a unit. */
function single(text: string, style: NumberStyle): Big | null {
  const [number, other] = numbersIn(text, style);
  return number && !other && number.readings.length === 1 ? (number.readings[0] ?? null) : null;
}

function limitOf(cells: Cells, style: NumberStyle): Limit | string | null {
  if (cells.rule !== '')
    return limitIn(cells.rule, style) ?? 'The rule of the row cannot be read as a limit.';
  if (cells.min !== '' || cells.max !== '') {
    const [low, high] = [cells.min, cells.max].map((cell) =>
      cell === '' ? null : single(cell, style),
    );
    if ((cells.min !== '' && !low) || (cells.max !== '' && !high))
      return 'The smallest or largest value of the row is no clear number.';
    return { low: low ? at(low) : null, high: high ? at(high) : null };
  }
  const own = limitIn(cells.nominal, style);
  if (own) return own;
  if (cells.tolerance !== '') return withTolerance(cells, style);
  const nominal = single(cells.nominal, style);
  return nominal ? NO_TOLERANCE : null;
}

/** A tolerance that is a limit of its own (`10–12`, `≥ 5`) needs no nominal value. */
function withTolerance(cells: Cells, style: NumberStyle): Limit | string {
  const nominal = single(cells.nominal, style);
  const alone = /[<>≤≥]|–|\bto\b|\bbis\b|\bmin|\bmax/i.test(cells.tolerance)
    ? limitIn(cells.tolerance, style)
    : null;
  if (alone) return alone;
  const limit = nominal && tolerance(cells.tolerance, nominal, style);
  return limit ?? 'The tolerance of the row cannot be read.';
}

function demandOf(cells: Cells, style: NumberStyle): Demand {
  const { parameter } = cells;
  if (parameter === '') return open('The row names no parameter.');
  const logic = logicIn(cells.rule);
  if (logic) return logic;
  const limit = limitOf(cells, style);
  if (typeof limit === 'string') return open(limit);
  if (!limit) return wordsOf(cells);
  if (limit.low && limit.high && limit.low.value.gt(limit.high.value))
    return open('The smallest value of the row is larger than its largest: no value can hold.');
  const written = cells.unit || unitBehind(cells, style);
  const unit = unitOf(written);
  if (written !== '' && !unit) return open(`The unit "${written.slice(0, 30)}" is not known.`);
  return { kind: 'limit', parameter, limit, unit };
}

function logicIn(rule: string): Demand | null {
  if (!rule.startsWith('{')) return null;
  try {
    return { kind: 'logic', rule: JSON.parse(rule) as unknown };
  } catch {
    return open('The rule of the row is no valid JSON.');
  }
}

/** A unit that stands behind the number in its own cell. */
function unitBehind(cells: Cells, style: NumberStyle): string {
  for (const cell of [cells.nominal, cells.min, cells.max, cells.rule, cells.tolerance]) {
    const last = numbersIn(cell, style).at(-1);
    const word = last && /^\s*([^\s\d,;()]{1,12})/.exec(cell.slice(last.end))?.[1];
    if (word && word !== '%' && unitOf(word)) return word;
  }
  return '';
}

function wordsOf({ parameter, nominal, rule }: Cells): Demand {
  const text = nominal || rule;
  if (text === '' || (hasNumber(text) && !/^\p{L}/u.test(text)))
    return open('The row says nothing that a rule can decide.');
  const allowed = text.split(/\s*(?:\||;|,|\bor\b|\boder\b|\bou\b)\s*/i).filter(Boolean);
  return { kind: 'words', parameter, allowed };
}
