/** Fills a template with one record. What the record does not give is never made up: it stands as `[name]`. */
import { distance } from 'fastest-levenshtein';
import { write } from './formats.ts';
import type { Cells, Value } from './records.ts';
import type { Slot } from './slot.ts';
import type { TemplateNode } from './template.ts';

export interface Filled {
  text: string;
  missing: string[];
  doubts: string[];
}

/** Shared by all records of a call: a template bomb runs out of it. */
export interface Budget {
  nodes: number;
  units: number;
}

/** Thrown inside, caught by run.ts: the output of the template has no end in sight. */
export class OutputTooLong extends Error {}

interface Filling {
  locale: string;
  withheld: ReadonlyMap<string, string>;
  budget: Budget;
  missing: Set<string>;
  doubts: Set<string>;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

export function fillTemplate(
  nodes: readonly TemplateNode[],
  record: Cells,
  about: Pick<Filling, 'locale' | 'withheld' | 'budget'>,
): Filled {
  const filling: Filling = { ...about, missing: new Set(), doubts: new Set() };
  const text = textOf(nodes, [record], filling);
  return { text, missing: [...filling.missing], doubts: [...filling.doubts] };
}

/** `views`: what slots are looked up in, innermost last. */
function textOf(nodes: readonly TemplateNode[], views: readonly Value[], filling: Filling): string {
  let text = '';
  for (const node of nodes) {
    const piece =
      node.kind === 'text'
        ? node.text
        : node.kind === 'slot'
          ? slotText(node.slot, views, filling)
          : sectionText(node, views, filling);
    if (node.kind !== 'section') spend(filling.budget, piece.length);
    text += piece;
  }
  return text;
}

function spend(budget: Budget, units: number): void {
  budget.nodes -= 1;
  budget.units -= units;
  if (budget.nodes < 0 || budget.units < 0) throw new OutputTooLong();
}

function sectionText(
  node: Extract<TemplateNode, { kind: 'section' }>,
  views: readonly Value[],
  filling: Filling,
): string {
  spend(filling.budget, 0);
  const value = lookUp(node.slot.name, views);
  if (value === undefined) return missingText(node.slot, views, filling);
  const isEmpty = value === null || value === false || value === '' || isEmptyList(value);
  if (node.inverted) return isEmpty ? textOf(node.nodes, views, filling) : '';
  if (isEmpty) return '';
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => textOf(node.nodes, [...views, item], filling)).join('');
}

const isEmptyList = (value: Value): boolean => Array.isArray(value) && value.length === 0;

function slotText(slot: Slot, views: readonly Value[], filling: Filling): string {
  const value = lookUp(slot.name, views);
  const text = typeof value === 'boolean' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '') return missingText(slot, views, filling);
  const currencyOf = (): string | null => {
    const currency = lookUp('currency', views);
    return typeof currency === 'string' ? currency : null;
  };
  const written = write(text, slot, filling.locale, currencyOf);
  if (written.problem !== null) filling.doubts.add(`[${slot.name}]: ${written.problem}.`);
  return written.text;
}

function missingText({ name }: Slot, views: readonly Value[], filling: Filling): string {
  filling.missing.add(name);
  const why = [...filling.withheld].find(([field]) => plain(field) === plain(name))?.[1];
  const known = lookUp(name, views);
  if (why !== undefined) filling.doubts.add(`[${name}] is left open: ${why}.`);
  else if (Array.isArray(known) || known instanceof Map)
    filling.doubts.add(`[${name}] is a list or a group: write {{#${name}}} … {{/${name}}}.`);
  else if (known === undefined) {
    const near = nearestName(name, views);
    const hint = near === null ? '' : ` Did you mean “${near}”?`;
    filling.doubts.add(`There is no “${name}” among the columns.${hint}`);
  } else filling.doubts.add(`[${name}] is left open: the record gives no value.`);
  return `[${name}]`;
}

/** Undefined where nothing has that name; null where it has no value. Inner views hide outer ones. */
function lookUp(name: string, views: readonly Value[]): Value | undefined {
  if (name === '.') return views.at(-1);
  for (const view of views.toReversed()) {
    const found = cellOf(view, name) ?? pathOf(view, name);
    if (found) return found.value;
  }
  return undefined;
}

/** By its exact name, else by the only name that differs in case, spaces or signs alone. */
function cellOf(view: Value | undefined, name: string): { value: Value } | null {
  if (!(view instanceof Map)) return null;
  const cells: Cells = view;
  const exact = cells.get(name);
  if (exact !== undefined) return { value: exact };
  const wanted = plain(name);
  const alike = wanted === '' ? [] : [...cells.keys()].filter((key) => plain(key) === wanted);
  const [only] = alike;
  return only !== undefined && alike.length === 1 ? { value: cells.get(only) ?? null } : null;
}

function pathOf(view: Value, name: string): { value: Value } | null {
  const steps = name.split('.');
  if (steps.length < 2) return null;
  let found: { value: Value } | null = { value: view };
  for (const step of steps) found = found && cellOf(found.value, step);
  return found;
}

function nearestName(name: string, views: readonly Value[]): string | null {
  const names = views.flatMap((view) => (view instanceof Map ? [...(view as Cells).keys()] : []));
  const wanted = plain(name);
  const ranked = names
    .slice(0, 1000)
    .map((one) => ({ one, far: distance(wanted, plain(one).slice(0, 200)) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= Math.max(2, wanted.length * 0.34) ? best.one : null;
}
