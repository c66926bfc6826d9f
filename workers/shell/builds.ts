/**
 * Builds beside each other. A tab goes on with its build until its person reloads it, also after another tab has
 * switched to a newer one. Its files, of which the server may know nothing any more, stay in the cache as long as a
 * page of that build is open. A page that is closed, or crashes, lets go of its lock by itself.
 */
import type { PrecacheController } from 'workbox-precaching';
import { openEntries } from '../../src/core/offline.ts';

/** One list of addresses for each build, under the address `builds/<n>` that is never fetched. */
const LISTS = 'builds';

declare const self: ServiceWorkerGlobalScope;

/** Writes down which files a build is made of; before its first file is fetched, so that no other build drops them. */
export async function listBuild(precache: PrecacheController): Promise<void> {
  const files = [...precache.getURLsToCacheKeys().values()].sort();
  const lists = await caches.open(LISTS);
  await lists.put(await listAddress(files), Response.json(files));
}

async function listAddress(files: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(files.join('\n'));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const name = [...digest.subarray(0, 8)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return new URL(`builds/${name}`, self.registration.scope).href;
}

/**
 * Deletes the files of builds that no page uses.
 * @returns whether this build is the only one that is left, and whether another one went
 */
export async function dropOldBuilds(
  precache: PrecacheController,
): Promise<{ isAlone: boolean; dropped: boolean }> {
  const cache = await caches.open(precache.strategy.cacheName);
  const kept = await cache.keys();
  // A build that is being installed has no pages yet.
  if (self.registration.installing || self.registration.waiting)
    return { isAlone: false, dropped: false };
  const ours = new Set(precache.getURLsToCacheKeys().values());
  const used = await filesInUse([...ours].sort());
  const unused = kept.filter(({ url }) => !ours.has(url) && !used.has(url));
  for (const request of unused) await cache.delete(request);
  return { isAlone: used.size === 0, dropped: unused.length > 0 };
}

/** Files of the older builds that have a page open. The lists of the others are forgotten. */
async function filesInUse(ours: readonly string[]): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const open = openEntries(held.map(({ name = '' }) => name));
  const lists = await caches.open(LISTS);
  const own = await listAddress(ours);
  const used = new Set<string>();
  for (const request of await lists.keys()) {
    if (request.url === own) continue;
    const files = (await (await lists.match(request))?.json()) as string[] | undefined;
    if (files?.some((file) => open.has(file))) for (const file of files) used.add(file);
    else await lists.delete(request);
  }
  return used;
}
