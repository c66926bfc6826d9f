/** What was shared with the installed app, as the offline shell kept it, until a page has taken it up. */
import { openDB, type DBSchema } from 'idb';
import { ARRIVALS, type Arrival, type ArrivalStore } from '../core/arrival.ts';

interface Schema extends DBSchema {
  arrivals: { key: string; value: Arrival };
}

const LOCK = 'flotilla-arrivals';

/** Reads nothing where the browser keeps nothing: then nothing can have been shared either. */
export function openArrivals(): ArrivalStore {
  return {
    takeEach: async (take) => {
      if (!('locks' in navigator)) return takeAll(take);
      await navigator.locks.request(LOCK, () => takeAll(take));
    },
  };
}

async function takeAll(take: (arrival: Arrival) => Promise<boolean>): Promise<void> {
  const database = await openDB<Schema>(ARRIVALS.database, 1, {
    upgrade: (db) => void db.createObjectStore(ARRIVALS.store, { keyPath: 'id' }),
  });
  try {
    const waiting = await database.getAll(ARRIVALS.store);
    waiting.sort((a, b) => a.time.localeCompare(b.time));
    for (const arrival of waiting)
      if (await take(arrival)) await database.delete(ARRIVALS.store, arrival.id);
  } finally {
    database.close();
  }
}
