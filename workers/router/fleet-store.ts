/** The fleet of this browser: what the build ships, and what was trained or imported here (IndexedDB). */
import type { DBSchema, IDBPDatabase } from 'idb';
import { fail, ok, type Failure, type Result } from '../../src/core/failure.ts';
import { parseFleet, parseJson, parseManifest } from '../../src/core/fleet-schema.ts';
import { headsFromBytes, type Heads } from '../../src/core/head-file.ts';
import type {
  FleetManifest,
  LoadedSpecialist,
  RouterHead,
  SpecialistManifest,
} from '../../src/core/specialist.ts';
import { openDatabase } from '../../src/platform/browser-storage.ts';
import { fetchChecked, fetchFile, sha256 } from './fleet-files.ts';

/** A specialist of this browser as stored and as exported: manifest and head bytes. */
export interface StoredSpecialist {
  manifest: SpecialistManifest;
  head: Uint8Array<ArrayBuffer>;
}

interface Database extends DBSchema {
  specialists: { key: string; value: StoredSpecialist };
}

export class FleetStore {
  readonly manifest: FleetManifest;
  readonly baseUrl: string;
  readonly router: RouterHead;
  /** Specialists that could not be loaded, by id, with the reason; the others work. */
  readonly problems = new Map<string, Failure>();
  #specialists: LoadedSpecialist[] = [];
  #database: Promise<IDBPDatabase<Database>> | null = null;

  private constructor(manifest: FleetManifest, baseUrl: string, router: RouterHead) {
    this.manifest = manifest;
    this.baseUrl = baseUrl;
    this.router = router;
  }

  /**
   * Loads fleet.json, the router and every specialist. Fails only when fleet.json or the router cannot be used.
   * `onManifest` hears of the shared models first, so that they load at the same time.
   */
  static async open(
    baseUrl: string,
    onManifest: (manifest: FleetManifest) => void,
  ): Promise<Result<FleetStore>> {
    const bytes = await fetchFile(new URL('fleet.json', baseUrl).href, 'no-cache');
    if (!bytes.ok) return bytes;
    const json = parseJson(bytes.value, 'fleet.json');
    const manifest = json.ok ? parseFleet(json.value) : json;
    if (!manifest.ok) return manifest;
    onManifest(manifest.value);
    const router = await loadRouter(manifest.value, baseUrl);
    if (!router.ok) return router;
    const store = new FleetStore(manifest.value, baseUrl, router.value);
    await store.#loadAll();
    return ok(store);
  }

  specialists(): LoadedSpecialist[] {
    return this.#specialists;
  }

  async #loadAll(): Promise<void> {
    const shipped = this.manifest.specialists.map(
      async (entry) => [entry.id, await this.#loadShipped(entry)] as const,
    );
    for (const [id, result] of [...(await Promise.all(shipped)), ...(await this.#loadLocal())]) {
      if (result.ok) this.#replace(result.value);
      else this.#leaveOut(id, result.failure);
    }
  }

  #leaveOut(id: string, { code, message }: Failure): void {
    this.problems.set(id, { code, message: `“${id}” is left out. ${message}` });
  }

  async #loadShipped(
    entry: FleetManifest['specialists'][number],
  ): Promise<Result<LoadedSpecialist>> {
    const bytes = await fetchChecked(this.baseUrl, entry.manifest);
    if (!bytes.ok) return bytes;
    const json = parseJson(bytes.value, entry.manifest.path);
    const manifest = json.ok ? parseManifest(json.value) : json;
    if (!manifest.ok) return manifest;
    const file = manifest.value.files[0];
    if (!file) return fail('file_corrupt', `${entry.id} names no head.`);
    const head = await fetchChecked(new URL(entry.manifest.path, this.baseUrl).href, file);
    return head.ok ? this.#assemble(manifest.value, head.value, 'shipped') : head;
  }

  async #loadLocal(): Promise<(readonly [id: string, Result<LoadedSpecialist>])[]> {
    try {
      const stored = await (await this.#open()).getAll('specialists');
      return await Promise.all(
        stored.map(async (one) => [one.manifest.id, await this.check(one)] as const),
      );
    } catch (cause) {
      const why = `The specialists of this browser could not be read: ${String(cause)}.`;
      return [['own specialists', fail('storage_failed', why)]];
    }
  }

  /** Hash, schema and model version of a stored or imported specialist. */
  async check(stored: StoredSpecialist): Promise<Result<LoadedSpecialist>> {
    const manifest = parseManifest(stored.manifest);
    if (!manifest.ok) return manifest;
    const file = manifest.value.files[0];
    if (!file || (await sha256(stored.head)) !== file.sha256) {
      return fail(
        'hash_mismatch',
        `The head of “${manifest.value.title}” is not the one that its manifest names, so it is not used.`,
      );
    }
    return this.#assemble(manifest.value, stored.head, 'local');
  }

  #assemble(
    manifest: SpecialistManifest,
    head: Uint8Array,
    origin: LoadedSpecialist['origin'],
  ): Result<LoadedSpecialist> {
    const { static: table, encoder } = this.manifest;
    const needed = {
      static: `${table.id}@${table.version}`,
      encoder: `${encoder.id}@${encoder.version}`,
    };
    if (manifest.models.static !== needed.static || manifest.models.encoder !== needed.encoder) {
      return fail(
        'file_corrupt',
        `“${manifest.title}” was trained on other shared models than this build has. Train it again.`,
      );
    }
    const heads = headsFromBytes(head);
    if (!heads.ok) return heads;
    const named = (name: string): Result<LoadedSpecialist['heads']> =>
      pair(heads.value, name, manifest.title);
    const main = named('label');
    if (!main.ok) return main;
    const { length } = manifest.labels;
    if (main.value.static.classes !== length || main.value.encoder.classes !== length) {
      return fail(
        'file_corrupt',
        `The head of “${manifest.title}” has another number of labels than its manifest.`,
      );
    }
    const facets = manifest.facets.map((facet) => named(facet.name));
    const facetHeads = facets.flatMap((facet) => (facet.ok ? [facet.value] : []));
    if (facetHeads.length !== facets.length)
      return fail('file_corrupt', `The head of “${manifest.title}” lacks a facet.`);
    return ok({ manifest, heads: main.value, facetHeads, origin, sizeBytes: head.length });
  }

  /** Adds or replaces a specialist of this browser, and keeps it. */
  async put(stored: StoredSpecialist): Promise<Result<LoadedSpecialist>> {
    const loaded = await this.check(stored);
    if (!loaded.ok) return loaded;
    const kept = await this.#write((database) =>
      database.put('specialists', stored, stored.manifest.id),
    );
    if (!kept.ok) return kept;
    this.#replace(loaded.value);
    return loaded;
  }

  async remove(id: string): Promise<Result<null>> {
    const found = this.#specialists.find((s) => s.manifest.id === id);
    if (found?.origin !== 'local')
      return fail('unknown_specialist', `“${id}” was not trained or imported in this browser.`);
    const removed = await this.#write((database) => database.delete('specialists', id));
    if (removed.ok) this.#specialists = this.#specialists.filter((s) => s !== found);
    return removed;
  }

  /** Manifest and head bytes of any specialist, for export. */
  async stored(id: string): Promise<Result<StoredSpecialist>> {
    const found = this.#specialists.find((s) => s.manifest.id === id);
    if (!found) return fail('unknown_specialist', `There is no specialist “${id}” in this fleet.`);
    if (found.origin === 'local') {
      const stored = await (await this.#open()).get('specialists', id);
      return stored ? ok(stored) : fail('storage_failed', `“${id}” is no longer stored.`);
    }
    const entry = this.manifest.specialists.find((one) => one.id === id);
    const file = found.manifest.files[0];
    if (!entry || !file) return fail('file_missing', `“${id}” has no files.`);
    const head = await fetchChecked(new URL(entry.manifest.path, this.baseUrl).href, file);
    return head.ok ? ok({ manifest: found.manifest, head: head.value }) : head;
  }

  #replace(specialist: LoadedSpecialist): void {
    const others = this.#specialists.filter((s) => s.manifest.id !== specialist.manifest.id);
    this.#specialists = [...others, specialist];
    this.problems.delete(specialist.manifest.id);
  }

  #open(): Promise<IDBPDatabase<Database>> {
    this.#database ??= openDatabase<Database>('flotilla-fleet', 1, {
      upgrade: (db) => void db.createObjectStore('specialists'),
    });
    return this.#database;
  }

  async #write(
    change: (database: IDBPDatabase<Database>) => Promise<unknown>,
  ): Promise<Result<null>> {
    try {
      await change(await this.#open());
      return ok(null);
    } catch (cause) {
      const full = cause instanceof DOMException && cause.name === 'QuotaExceededError';
      return full
        ? fail('storage_full', 'The disk space of this site is used up.')
        : fail('storage_failed', `The fleet could not be stored: ${String(cause)}.`);
    }
  }
}

function pair(heads: Heads, name: string, title: string): Result<LoadedSpecialist['heads']> {
  const [onStatic, onEncoder] = [heads[`static.${name}`], heads[`encoder.${name}`]];
  return onStatic && onEncoder
    ? ok({ static: onStatic, encoder: onEncoder })
    : fail('file_corrupt', `The head of “${title}” lacks “${name}”.`);
}

async function loadRouter(manifest: FleetManifest, baseUrl: string): Promise<Result<RouterHead>> {
  const file = manifest.router.files[0];
  if (!file) return fail('file_corrupt', 'fleet.json names no router.');
  const bytes = await fetchChecked(baseUrl, file);
  if (!bytes.ok) return bytes;
  const heads = headsFromBytes(bytes.value);
  if (!heads.ok) return heads;
  const open = pair(heads.value, 'open-ended', 'router');
  if (!open.ok) return open;
  return ok({
    openEnded: { static: open.value.static.belongs, encoder: open.value.encoder.belongs },
    sureLead: manifest.router.sureLead,
  });
}
