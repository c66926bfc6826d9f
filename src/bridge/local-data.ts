/** Deletes what this site keeps in this browser. */
import { openDB } from 'idb';
import { ensureStorage } from '../platform/browser-storage.ts';
import { deleteLanguageModels } from './stored-data.ts';

/**
 * Empties every database and forgets every kept string of this site; the caller then reloads. Emptying, unlike deleting,
 * does not wait for other tabs. Language models go too; the specialists' shared models stay, so that the app still
 * works offline: they hold nothing of the person's.
 */
export async function deleteLocalData(): Promise<void> {
  if ((await ensureStorage()) === 'memory') return; // goes with the reload
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    const database = await openDB(name);
    const stores = [...database.objectStoreNames];
    if (stores.length > 0) {
      const transaction = database.transaction(stores, 'readwrite');
      await Promise.all([
        ...stores.map((store) => transaction.objectStore(store).clear()),
        transaction.done,
      ]);
    }
    database.close();
  }
  await deleteLanguageModels();
}
