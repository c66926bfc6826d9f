/** Replaces structured identifiers by stable placeholders, and puts them back into what was answered. */
import { findIdentifiers, type IdentifierSpan, type IdentifierType } from './identifiers.ts';

export interface Masked {
  masked: string;
  /** Placeholder → what it stands for. Stays on the device. */
  restore: ReadonlyMap<string, string>;
  /** Places that were masked, by type in lower case. */
  counts: Record<string, number>;
  /** False in the (never observed) case that masking did not come to an end: such a text must not leave. */
  complete: boolean;
}

const PLACEHOLDER = /\[(?:SECRET|EMAIL|IBAN|CARD|IP|PHONE)_\d{1,9}\]/g;
/** Cutting one identifier out can make what is left beside it look like another. Two rounds are enough in practice. */
const MAX_ROUNDS = 8;

/** The same value gets the same placeholder. Placeholders that the text holds already are never given out. */
export function mask(text: string): Masked {
  const names = new PlaceholderNames(new Set(text.match(PLACEHOLDER) ?? []));
  const counts: Record<string, number> = {};
  let masked = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const spans = identifiersIn(masked, names.restore);
    if (spans.length === 0) return { masked, restore: names.restore, counts, complete: true };
    masked = replaceSpans(masked, spans, names, counts);
  }
  return {
    masked,
    restore: names.restore,
    counts,
    complete: identifiersIn(masked, names.restore).length === 0,
  };
}

/** Identifiers of a text; what `restore` already stands for is cut out of them. */
export function identifiersIn(
  text: string,
  restore: ReadonlyMap<string, string>,
): IdentifierSpan[] {
  const spans = findIdentifiers(text);
  if (restore.size === 0) return spans;
  return spans.flatMap((span) => {
    const rest: IdentifierSpan[] = [];
    let { start } = span;
    for (const match of text.slice(span.start, span.end).matchAll(PLACEHOLDER)) {
      if (!restore.has(match[0])) continue;
      const placeholderStart = span.start + match.index;
      if (placeholderStart > start) rest.push({ ...span, start, end: placeholderStart });
      start = placeholderStart + match[0].length;
    }
    if (start < span.end) rest.push({ ...span, start });
    return rest;
  });
}

/** Puts the identifiers back. Works on plain text and on the text of a JSON document alike, see identifiers.ts. */
export function unmask(answer: string, restore: ReadonlyMap<string, string>): string {
  return answer.replace(PLACEHOLDER, (placeholder) => restore.get(placeholder) ?? placeholder);
}

class PlaceholderNames {
  readonly restore = new Map<string, string>();
  readonly #byValue = new Map<string, string>();
  readonly #last = new Map<IdentifierType, number>();
  readonly #taken: ReadonlySet<string>;

  constructor(taken: ReadonlySet<string>) {
    this.#taken = taken;
  }

  nameOf(type: IdentifierType, value: string): string {
    const key = `${type} ${value}`;
    const known = this.#byValue.get(key);
    if (known !== undefined) return known;
    let number = this.#last.get(type) ?? 0;
    do number++;
    while (this.#taken.has(`[${type}_${number}]`));
    this.#last.set(type, number);
    const placeholder = `[${type}_${number}]`;
    this.#byValue.set(key, placeholder);
    this.restore.set(placeholder, value);
    return placeholder;
  }
}

function replaceSpans(
  text: string,
  spans: IdentifierSpan[],
  names: PlaceholderNames,
  counts: Record<string, number>,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const { type, start, end } of spans) {
    parts.push(text.slice(at, start), names.nameOf(type, text.slice(start, end)));
    counts[type.toLowerCase()] = (counts[type.toLowerCase()] ?? 0) + 1;
    at = end;
  }
  return parts.join('') + text.slice(at);
}
