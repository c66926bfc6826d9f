/** What crosses between a page and the offline shell, and how the shell sees which builds have pages open. */

/** Page → shell. */
export type ToShell =
  /** The person agreed to the new version; until then the old one keeps its own files. */
  | { type: 'SKIP_WAITING' }
  /** Fetch the fleet, or a part of it, for offline use; answered by `KeptFleet` over the port that comes along. */
  | { type: 'KEEP_FLEET'; part: FleetPart }
  /** The person agreed to a new version: the browser waits for it until this shell has ended what it does. */
  | { type: 'MAKE_WAY' }
  /** A page has opened: files of builds that no page uses any more may go. */
  | { type: 'CLEAN_UP' };

/** `labels`: what it takes to label a text. `all`: everything but the language models. */
export type FleetPart = 'labels' | 'all';

export interface KeptFleet {
  /** Files that were not kept before. */
  added: number;
}

const LOCK = 'flotilla-build ';

/**
 * Name of the Web Lock that every page holds, shared, as long as it lives. It is made from the address of the page's
 * first script, which is another one in every build.
 */
export const buildLockOf = (entryUrl: string): string => LOCK + entryUrl;

/** Addresses of the first scripts of all open pages, from the names of the locks that are held. */
export const openEntries = (lockNames: readonly string[]): ReadonlySet<string> =>
  new Set(lockNames.filter((name) => name.startsWith(LOCK)).map((name) => name.slice(LOCK.length)));
