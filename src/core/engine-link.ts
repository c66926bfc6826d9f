/**
 * How the pages of one build on one site share one engine: what crosses between them, and the locks by which each side
 * knows that another one still lives.
 *
 *   page ── asks for the engine's lock ──► granted: it starts the router thread and hands it a port to the broker
 *        └─ waits for it, and meanwhile ─► broker ── the page's port ──► router thread of the page that has the lock
 *
 * A thread holds a lock with a name of its own as long as it lives, before it tells anybody the name. Whoever asks for the
 * same lock gets it when that thread is gone, however it ended.
 */

/** Page → router thread, with one MessagePort: a new session, or the way to the broker. */
export type ToRouter =
  | ({ kind: 'page' } & PageIntroduction)
  /** The page may be found by others from now on. */
  | { kind: 'broker' };

/** Who connects. */
export interface PageIntroduction {
  /** Is it the page that started the thread, and lives as long? */
  isHome: boolean;
  /** The lock that the page holds; null for the home page. */
  life: string | null;
}

/** Router thread → the page that started it: the broker is gone, or did not answer. */
export interface BrokerWanted {
  kind: 'broker_wanted';
}

/** To the broker. */
export type ToBroker =
  /** From a router thread: pass pages on to me. `life` is the lock that it holds. */
  | { kind: 'engine'; life: string }
  /** From a page, with the MessagePort that is to reach the router thread. */
  | { kind: 'page'; life: string };

/** From the broker. */
export type FromBroker =
  /** To a router thread: pages will come. `life` is the broker's own lock. */
  | { kind: 'known'; life: string }
  /** To a router thread, with the page's MessagePort. */
  | { kind: 'page'; life: string }
  /** To a page: its port is with the engine that holds this lock. */
  | { kind: 'passed'; life: string };

/** The part of the Web Locks API that is needed here. */
export interface Locks {
  request(
    name: string,
    options: { mode: 'exclusive' | 'shared' },
    use: () => Promise<unknown>,
  ): Promise<unknown>;
}

/** Resolves as soon as this thread holds the lock; it keeps it as long as it lives. Rejects where locks are refused. */
export function holdForLife(locks: Locks, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const forever = new Promise<never>(() => undefined);
    const hold = (): Promise<never> => (resolve(), forever);
    locks.request(name, { mode: 'exclusive' }, hold).catch(reject);
  });
}

/** Resolves when the thread that holds the lock is gone. */
export async function whenGone(locks: Locks, name: string): Promise<void> {
  await locks.request(name, { mode: 'shared' }, () => Promise.resolve());
}

/** The lock of the page that runs the engine. Two builds have two engines: `build` is made from the addresses of its code. */
export const engineLockOf = (build: string): string => `flotilla-engine ${build}`;
export const lifeLockOf = (id: string): string => `flotilla-life ${id}`;

/** How long a party waits for the broker before it asks again, in ms. */
export const BROKER_PATIENCE_MS = 2000;
