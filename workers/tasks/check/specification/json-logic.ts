/** Rules of JSON logic on a record: known operations only, bounded, and a missing value is no failure. */
import logic from 'json-logic-js';

const LOOPS = new Set(['some', 'all', 'none', 'map', 'filter', 'reduce']);
/** What a rule may do: nothing that calls a method or logs. */
const OPERATIONS = new Set([
  'var',
  'missing',
  'missing_some',
  'if',
  '?:',
  'and',
  'or',
  '!',
  '!!',
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  'min',
  'max',
  'in',
  'cat',
  'substr',
  'merge',
  ...LOOPS,
]);
const FORBIDDEN_NAME = /(?:^|\.)(?:__proto__|prototype|constructor)(?:\.|$)/;
export const MAX_RULE_DEPTH = 24;
export const MAX_RULE_NODES = 2_000;

const isNode = (rule: unknown): rule is Record<string, unknown> =>
  typeof rule === 'object' && rule !== null && !Array.isArray(rule);

const partsOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [value];

export interface PreparedRule {
  rule: unknown;
  /** Names of the record that the rule reads and has no other value for. */
  needs: string[];
}

interface Walk {
  nodes: number;
  needs: Set<string>;
  asksForMissing: boolean;
}

/** A rule that may run, or why it may not. */
export function prepareRule(rule: unknown): PreparedRule | string {
  const walk: Walk = { nodes: 0, needs: new Set(), asksForMissing: false };
  const problem = enter(rule, 0, false, walk);
  if (problem) return problem;
  return { rule, needs: walk.asksForMissing ? [] : [...walk.needs] };
}

function enter(rule: unknown, depth: number, inLoop: boolean, walk: Walk): string | null {
  if (++walk.nodes > MAX_RULE_NODES) return `The rule has more than ${MAX_RULE_NODES} parts.`;
  if (depth > MAX_RULE_DEPTH) return `The rule is nested deeper than ${MAX_RULE_DEPTH} levels.`;
  const within = (parts: readonly unknown[], loop: boolean): string | null => {
    for (const part of parts) {
      const problem = enter(part, depth + 1, loop, walk);
      if (problem) return problem;
    }
    return null;
  };
  if (Array.isArray(rule)) return within(rule, inLoop);
  if (!isNode(rule)) return null;
  const [operation, ...others] = Object.keys(rule);
  if (operation === undefined || others.length > 0 || !OPERATIONS.has(operation))
    return `"${(operation ?? '{}').slice(0, 30)}" is no operation of these rules.`;
  const loops = LOOPS.has(operation);
  if (loops && inLoop) return 'The rule goes through a list within a list.';
  const parts = partsOf(rule[operation]);
  if (operation === 'var') return enterName(parts, inLoop, walk);
  if (operation.startsWith('missing')) walk.asksForMissing = true;
  return within(parts, inLoop || loops);
}

function enterName(
  [name, otherwise]: readonly unknown[],
  inLoop: boolean,
  walk: Walk,
): string | null {
  if (isNode(name) || Array.isArray(name)) return 'The rule works out which value it reads.';
  const path = typeof name === 'string' || typeof name === 'number' ? String(name) : '';
  if (FORBIDDEN_NAME.test(path)) return 'The rule reads what is no value.';
  if (path !== '' && otherwise === undefined && !inLoop) walk.needs.add(path);
  return null;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const text = typeof value === 'string' ? value.trim() : '';
  return /^-?\d{1,30}(\.\d{1,20})?$/.test(text) ? Number(text) : null;
}

/** The numbers of a call; null where one of them is none. */
function numbersOf(values: readonly unknown[]): number[] | null {
  const numbers = values.map(numberOf);
  return numbers.every((number) => number !== null) && numbers.length > 0 ? numbers : null;
}

/** Reckons as the library does, in doubles; but what is no number gives nothing instead of a wrong answer. */
function reckon(operation: string, two: (one: number, other: number) => number): void {
  logic.add_operation(operation, (...values: unknown[]): number | null => {
    const [first, ...others] = numbersOf(values) ?? [];
    if (first === undefined) return null;
    if (others.length === 0) return operation === '-' ? -first : first;
    const result = others.reduce(two, first);
    return Number.isFinite(result) ? result : null;
  });
}

const wordsOf = (values: readonly unknown[]): readonly string[] | null =>
  values.every((value) => typeof value === 'string') ? values : null;

function compare(
  operation: string,
  holds: (one: number | string, other: number | string) => boolean,
): void {
  const inOrder = (values: readonly (number | string)[]) =>
    values.slice(1).every((value, at) => holds(values[at] ?? '', value));
  logic.add_operation(operation, (...values: unknown[]): boolean | null => {
    const numbers = numbersOf(values);
    if (numbers) return inOrder(numbers);
    const words = wordsOf(values);
    return words && inOrder(words);
  });
}

reckon('+', (one, other) => one + other);
reckon('-', (one, other) => one - other);
reckon('*', (one, other) => one * other);
reckon('/', (one, other) => one / other);
reckon('%', (one, other) => one % other);
compare('<', (one, other) => one < other);
compare('<=', (one, other) => one <= other);
compare('>', (one, other) => one > other);
compare('>=', (one, other) => one >= other);

/** A value of a record by its path; own properties only. */
export function valueAt(record: unknown, path: string): unknown {
  if (typeof record === 'object' && record !== null && Object.hasOwn(record, path))
    return (record as Record<string, unknown>)[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      record,
    );
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/** `missing` names what the record does not say; `unclear` where the rule gives neither true nor false. */
export function judgeRule(
  { rule, needs }: PreparedRule,
  record: unknown,
): { verdict: 'pass' | 'fail' | 'missing' | 'unclear'; missing: string[] } {
  const missing = needs.filter((name) => isEmpty(valueAt(record, name)));
  if (missing.length > 0) return { verdict: 'missing', missing };
  const result: unknown = logic.apply(rule as never, record);
  if (typeof result !== 'boolean') return { verdict: 'unclear', missing: [] };
  return { verdict: result ? 'pass' : 'fail', missing: [] };
}
