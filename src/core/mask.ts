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

/** What a tagger can find besides: names, from task `redact`. */
export type NameType = 'PERSON' | 'ORGANIZATION' | 'LOCATION' | 'ADDRESS';
export interface ExtraSpan {
  type: NameType;
  /** UTF-16 offsets, `end` exclusive. */
  start: number;
  end: number;
}
type MaskedType = IdentifierType | NameType;
interface MaskedSpan {
  type: MaskedType;
  start: number;
  end: number;
}

const PLACEHOLDER =
  /\[(?:SECRET|EMAIL|IBAN|CARD|IP|PHONE|NATIONAL_ID|TAX_ID|PASSPORT|LICENSE_PLATE|BANK_ACCOUNT|MEDICAL_RECORD|DATE_OF_BIRTH|USERNAME|PERSON|ORGANIZATION|LOCATION|ADDRESS)_\d{1,9}\]/g;
/** Cutting one identifier out can make what is left beside it look like another. Two rounds are enough in practice. */
const MAX_ROUNDS = 8;

/**
 * The same value gets the same placeholder. Placeholders that the text holds already are never given out. `extra` are
 * spans that somebody else found, in any order; identifiers go first where both overlap.
 */
export function mask(text: string, extra: readonly ExtraSpan[] = []): Masked {
  const names = new PlaceholderNames(new Set(text.match(PLACEHOLDER) ?? []));
  const counts: Record<string, number> = {};
  let masked = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found: MaskedSpan[] = identifiersIn(masked, names.restore);
    const spans = round === 0 ? withExtra(text, found, extra) : found;
    if (spans.length === 0 && (round > 0 || extra.length === 0))
      return { masked, restore: names.restore, counts, complete: true };
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
  const given = [...text.matchAll(PLACEHOLDER)]
    .filter(([placeholder]) => restore.has(placeholder))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
  return cutOut(spans, given);
}

/** What is left of `spans` outside `holes`; both sorted and without overlaps. */
function cutOut<S extends { start: number; end: number }>(
  spans: readonly S[],
  holes: readonly { start: number; end: number }[],
): S[] {
  const left: S[] = [];
  let at = 0;
  for (const span of spans) {
    let { start } = span;
    while (at < holes.length && (holes[at]?.end ?? 0) <= start) at++;
    for (let next = at; next < holes.length && start < span.end; next++) {
      const hole = holes[next] as { start: number; end: number };
      if (hole.start >= span.end) break;
      if (hole.start > start) left.push({ ...span, start, end: hole.start });
      start = hole.end;
    }
    if (start < span.end) left.push({ ...span, start });
  }
  return left;
}

/** Signs that do not stand in a JSON string as they are: a value that holds one becomes several. */
const NOT_IN_JSON = /["\\\p{Cc}]/gu;

function withExtra(text: string, found: MaskedSpan[], extra: readonly ExtraSpan[]): MaskedSpan[] {
  let end = 0;
  const sorted = [...extra]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .map((span) => ({
      ...span,
      start: Math.max(span.start, end),
      end: (end = Math.max(end, Math.min(span.end, text.length))),
    }))
    .filter((span) => span.start < span.end);
  const holes = [
    ...found,
    ...[...text.matchAll(NOT_IN_JSON)].map(({ index }) => ({ start: index, end: index + 1 })),
  ];
  const names = cutOut(
    sorted,
    holes.sort((a, b) => a.start - b.start),
  );
  const worth = names.filter((span) => /[\p{L}\p{N}]/u.test(text.slice(span.start, span.end)));
  return [...found, ...worth].sort((a, b) => a.start - b.start);
}

/** Puts the identifiers back. Works on plain text and on the text of a JSON document alike, see identifiers.ts. */
export function unmask(answer: string, restore: ReadonlyMap<string, string>): string {
  return answer.replace(PLACEHOLDER, (placeholder) => restore.get(placeholder) ?? placeholder);
}

class PlaceholderNames {
  readonly restore = new Map<string, string>();
  readonly #byValue = new Map<string, string>();
  readonly #last = new Map<MaskedType, number>();
  readonly #taken: ReadonlySet<string>;

  constructor(taken: ReadonlySet<string>) {
    this.#taken = taken;
  }

  nameOf(type: MaskedType, value: string): string {
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
  spans: readonly MaskedSpan[],
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
