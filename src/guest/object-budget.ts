/** How much one message may carry, looked at before anything else reads it: no recursion, no copy, no surprise. */
import { fail, ok, type Result } from '../core/failure.ts';

export interface Budget {
  /** Nested objects and arrays. A value that contains itself runs into this limit. */
  depth: number;
  /** Values of any kind; a value that is reached in two ways counts twice. */
  values: number;
  /** UTF-16 code units of all strings and keys together. */
  units: number;
}

/** One call: half a million rows to train on, or a conversation; never a level of nesting that a person would write. */
export const CALL_BUDGET: Budget = { depth: 64, values: 2_000_000, units: 33_554_432 };

/**
 * Walks data of a message. Lets pass: null, booleans, numbers, strings, undefined, arrays, plain objects, blobs and files.
 * Fails with input_too_long and bad_request; the message names no content.
 * @returns code units of its text
 */
export function weigh(root: unknown, budget: Budget): Result<{ units: number }> {
  const stack: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  let values = 0;
  let units = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value === 'string') units += value.length;
    else if (isBranch(value)) {
      if (depth >= budget.depth) return tooDeep(budget);
      const inner = childrenOf(value, budget.values - values);
      if (!inner.ok) return inner;
      units += inner.value.keyUnits;
      for (const child of inner.value.children) stack.push({ value: child, depth: depth + 1 });
    } else if (!isLeaf(value)) {
      return fail('bad_request', `A message may not carry ${nameOf(value)}.`);
    }
    if (units > budget.units) {
      return fail(
        'input_too_long',
        `The call carries more than ${budget.units} characters of text.`,
      );
    }
  }
  return ok({ units });
}

const tooDeep = ({ depth }: Budget) =>
  fail('bad_request', `The call is nested deeper than ${depth} levels, or contains itself.`);

const isLeaf = (value: unknown): boolean =>
  value === null ||
  ['boolean', 'number', 'undefined'].includes(typeof value) ||
  value instanceof Blob;

const isBranch = (value: unknown): value is unknown[] | Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
};

/** `room`: a sparse array may claim a length that no memory could hold. */
function childrenOf(
  branch: unknown[] | Record<string, unknown>,
  room: number,
): Result<{ children: unknown[]; keyUnits: number }> {
  const keys = Array.isArray(branch) ? [] : Object.keys(branch);
  if ((Array.isArray(branch) ? branch.length : keys.length) > room)
    return fail('input_too_long', 'The call carries too many values.');
  if (keys.includes('__proto__'))
    return fail('bad_request', 'A message may not carry a key “__proto__”.');
  const children = Array.isArray(branch) ? branch : keys.map((key) => branch[key]);
  return ok({ children, keyUnits: keys.reduce((sum, key) => sum + key.length, 0) });
}

const nameOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `a ${Object.prototype.toString.call(value).slice(8, -1)}`
    : `a ${typeof value}`;
