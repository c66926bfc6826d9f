/** What comes from outside the page: shared with the installed app, and kept until a page has taken it up. */
import type { NamedBlob } from './intake.ts';

export interface Arrival {
  id: string;
  /** ISO 8601, UTC. */
  time: string;
  text: string;
  files: readonly NamedBlob[];
}

/** The door to what waits. */
export interface ArrivalStore {
  /** Hands over everything that waits, oldest first, in one tab at a time; what `take` resolves to true for is removed. */
  takeEach(take: (arrival: Arrival) => Promise<boolean>): Promise<void>;
}

/** Where it waits: a database of one store, written by the offline shell and emptied by the page. */
export const ARRIVALS = { database: 'flotilla-arrivals', store: 'arrivals' } as const;

/** Most bytes of one arrival, as for a batch of files. */
export const MAX_ARRIVAL_BYTES = 500 * 1_048_576;
/** Most that may wait. Any site can post to the address that takes shared things, so there has to be an end. */
export const MAX_WAITING = 20;

const TABLE = /\.(?:csv|tsv|jsonl|ndjson)$/iu;

/** A table, and several files, are rows of a batch; everything else is one request for the desk. */
export const pageForFiles = (names: readonly string[]): 'desk' | 'batch' =>
  names.length > 1 || (names[0] !== undefined && TABLE.test(names[0])) ? 'batch' : 'desk';

/** One text of the parts of a share, without repetitions: many apps send the address in the text too. */
export function sharedText(parts: readonly (string | null)[]): string {
  const filled = parts.map((part) => part?.trim() ?? '').filter((part) => part !== '');
  return filled
    .filter(
      (part, i) => !filled.some((other, j) => other.includes(part) && (j < i || other !== part)),
    )
    .join('\n');
}
