/** Placeholders in written text: `[order number]`, which a person must fill. */

export interface Placeholder {
  name: string;
  start: number;
  end: number;
}

/** Square brackets around at most 80 characters of one line; a link's `[words](address)` is none. */
const PLACEHOLDER = /\[([^[\]\n]{1,80})\](?!\()/g;

/** Those of `names`, or all where no names are given; in the order of the text. */
export function placeholdersIn(text: string, names: readonly string[]): Placeholder[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return [...text.matchAll(PLACEHOLDER)]
    .map((match) => ({
      name: match[1] ?? '',
      start: match.index,
      end: match.index + match[0].length,
    }))
    .filter(({ name }) => wanted.size === 0 || wanted.has(name.toLowerCase()));
}
