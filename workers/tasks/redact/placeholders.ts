/** Gives every value its placeholder, the same for every mention, and puts the values back. Pure. */
import type { EntityType, RedactedEntity, RedactOutput } from '../../../src/core/outputs.ts';

export interface Entity {
  type: EntityType;
  start: number;
  end: number;
  confidence: number;
}

const PLACEHOLDER = /\[[A-Z_]{2,20}_\d{1,9}\]/g;
const NAME_WORD = /[\p{L}\p{M}]{2,}/gu;
const TITLE =
  /^(?:mr|mrs|ms|miss|dr|prof|herr|frau|monsieur|madame|sr|sra|sir|hon|judge|med|van|von|de|der|den|la|le|di|da|del)$/;

const plainKey = (value: string): string =>
  value
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();

/** Words of a name that may stand for it alone: no titles, no initials. */
export const nameWords = (value: string): string[] =>
  [...plainKey(value).matchAll(NAME_WORD)]
    .map(([word]) => word)
    .filter((word) => !TITLE.test(word));

/** Who a mention names: a full name, or the one full name that holds its words; numbers and codes by their characters. */
function keysOf(text: string, entities: readonly Entity[]): string[] {
  const byWord = new Map<string, Set<string>>();
  const values = entities.map((entity) => text.slice(entity.start, entity.end));
  for (const [index, entity] of entities.entries()) {
    if (entity.type !== 'person') continue;
    const words = nameWords(values[index] ?? '');
    if (words.length < 2) continue;
    for (const word of words) {
      const names = byWord.get(word) ?? new Set<string>();
      byWord.set(word, names.add(words.join(' ')));
    }
  }
  return entities.map(({ type }, index) => {
    const value = values[index] ?? '';
    if (type !== 'person') return `${type} ${plainKey(value)}`;
    const words = nameWords(value);
    const names = words.length === 1 ? byWord.get(words[0] ?? '') : undefined;
    const only = names?.size === 1 ? [...names][0] : undefined;
    return `person ${only ?? (words.join(' ') || plainKey(value))}`;
  });
}

/** `entities` are sorted and do not overlap. Placeholders that the text holds already are not given out. */
export function redactText(text: string, entities: readonly Entity[]): RedactOutput {
  const taken = new Set(text.match(PLACEHOLDER));
  const given = new Map<string, string>();
  const last = new Map<EntityType, number>();
  const parts: string[] = [];
  const redacted: RedactedEntity[] = [];
  const keys = keysOf(text, entities);
  let at = 0;
  for (const [index, entity] of entities.entries()) {
    const key = keys[index] ?? '';
    let placeholder = given.get(key);
    if (placeholder === undefined) {
      let number = last.get(entity.type) ?? 0;
      do placeholder = `[${entity.type.toUpperCase()}_${++number}]`;
      while (taken.has(placeholder));
      last.set(entity.type, number);
      given.set(key, placeholder);
    }
    parts.push(text.slice(at, entity.start), placeholder);
    redacted.push({ ...entity, placeholder });
    at = entity.end;
  }
  return { text: parts.join('') + text.slice(at), entities: redacted };
}

/** The text as it was, from the output as it was given and the original: the output itself holds no value. */
export function restoreText(output: RedactOutput, original: string): string {
  const parts: string[] = [];
  let at = 0;
  let shift = 0;
  for (const { start, end, placeholder } of output.entities) {
    parts.push(output.text.slice(at, start + shift), original.slice(start, end));
    at = start + shift + placeholder.length;
    shift += placeholder.length - (end - start);
  }
  return parts.join('') + output.text.slice(at);
}

/** Placeholder → value, the longest mention of each: for a text that was written from the redacted one. */
export function valuesOf(output: RedactOutput, original: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const { start, end, placeholder } of output.entities) {
    const value = original.slice(start, end);
    if (value.length > (values.get(placeholder)?.length ?? 0)) values.set(placeholder, value);
  }
  return values;
}

/** Puts values back into any text that holds placeholders. */
export const fillIn = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(PLACEHOLDER, (placeholder) => values.get(placeholder) ?? placeholder);
