/** Values of fields as text that a person can change, and back. */

/** The text of a value: nothing for null, JSON for what is neither text nor a number. */
export function textOfValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a person typed, as the kind of value that was there before; text where it is not of that kind. */
export function valueOfText(text: string, before: unknown): unknown {
  if (text.trim() === '') return null;
  if (before === null || before === undefined || typeof before === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
