/** What the settings page reads and does: policy in force, storage, deletion of everything local. */
import type { Capabilities, FlotillaApp } from '../core/threads.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export type PolicyInForce = Awaited<ReturnType<FlotillaApp['policy']>>;

export class Settings {
  policy = $state.raw<PolicyInForce | null>(null);
  capabilities = $state.raw<Capabilities | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  async load(): Promise<void> {
    try {
      [this.policy, this.capabilities] = await Promise.all([this.#app.policy(), this.#app.capabilities()]);
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }

  /** Asks the browser not to clear this site's data when the disk fills up. */
  async makePersistent(): Promise<boolean> {
    const granted = await navigator.storage.persist();
    await this.load();
    return granted;
  }
}

/**
 * Deletes every database, cached file and kept string of this site, then the caller reloads. Deleting waits for other
 * tabs; the names of databases that are still open elsewhere are returned.
 */
export async function deleteLocalData(): Promise<string[]> {
  localStorage.clear();
  sessionStorage.clear();
  const cacheNames = await caches.keys();
  await Promise.all(cacheNames.map((name) => caches.delete(name)));
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  const databases = (await indexedDB.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]));
  const results = await Promise.all(databases.map(async (name) => ((await deleteDatabase(name)) ? [] : [name])));
  return results.flat();
}

/** False when the database is still open: it is then deleted as soon as its last user closes it. */
const deleteDatabase = (name: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(true);
    request.onblocked = () => resolve(false);
    request.onerror = () => resolve(false);
  });
