/** What is shared with the installed app: kept first, then the page that takes it up is opened. Works without a network. */
import { openDB, type DBSchema } from 'idb';
import {
  ARRIVALS,
  MAX_ARRIVAL_BYTES,
  MAX_WAITING,
  pageForFiles,
  sharedText,
  type Arrival,
} from '../../src/core/arrival.ts';

interface Schema extends DBSchema {
  arrivals: { key: string; value: Arrival };
}

/** Path below the scope, as the manifest says. */
export const SHARE_TARGET = 'share-target';

/** Answers the browser's POST with the address of the page. What could not be kept is said there. */
export async function takeShare(request: Request, scope: string): Promise<Response> {
  const kept = await keepShare(request).catch(() => null);
  const place = kept === null ? './?arrival=lost#/desk' : `./#/${kept}`;
  return Response.redirect(new URL(place, scope).href, 303);
}

/** Resolves to the page for it; null where there is nothing, or no room. */
async function keepShare(request: Request): Promise<'desk' | 'batch' | null> {
  const form = await request.formData();
  const field = (name: string): string | null => {
    const value = form.get(name);
    return typeof value === 'string' ? value : null;
  };
  const files = form
    .getAll('files')
    .filter((part) => part instanceof File && part.size > 0) as File[];
  const text = sharedText([field('title'), field('text'), field('url')]);
  const bytes = files.reduce((sum, { size }) => sum + size, text.length);
  if (bytes === 0 || bytes > MAX_ARRIVAL_BYTES) return null;
  const arrival: Arrival = { id: crypto.randomUUID(), time: new Date().toISOString(), text, files };
  return (await keep(arrival)) ? pageForFiles(files.map(({ name }) => name)) : null;
}

async function keep(arrival: Arrival): Promise<boolean> {
  const database = await openDB<Schema>(ARRIVALS.database, 1, {
    upgrade: (db) => void db.createObjectStore(ARRIVALS.store, { keyPath: 'id' }),
  });
  try {
    if ((await database.count(ARRIVALS.store)) >= MAX_WAITING) return false;
    await database.put(ARRIVALS.store, arrival);
    return true;
  } finally {
    database.close();
  }
}
