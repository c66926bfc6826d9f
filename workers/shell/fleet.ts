/** The model files of the whole fleet, for use without a network. */
import type { FleetPart } from '../../src/core/offline.ts';
import { MODELS } from './kept-files.ts';

type FindKept = (url: string) => Promise<Response | undefined>;

/** What fleet.json names besides that which it takes to label a text. */
const OTHER_WORK = ['generators', 'works', 'ocr', 'background'];

/**
 * Makes the fleet available offline, all but the language models, which are downloaded only when they are asked for;
 * files that the page loaded come out of the browser's HTTP cache. Files of older fleets go where `part` is `all`.
 * @param fleet address of fleet.json
 * @param findKept a file of the build that the shell serves
 * @returns how many files were not kept before
 * @throws what the network or the signal threw; what came until then is kept
 */
export async function keepFleet(
  fleet: string,
  part: FleetPart,
  findKept: FindKept,
  signal: AbortSignal,
): Promise<number> {
  const models = await caches.open(MODELS);
  const wanted = new Set<string>();
  let added = 0;
  const manifests = [fleet];
  for (let next = manifests.pop(); next !== undefined; next = manifests.pop()) {
    const kept = (await findKept(next)) ?? (await models.match(next));
    const whole: unknown = await (kept ?? (await fetch(next, { signal }))).json();
    const manifest = part === 'all' ? whole : forLabels(whole);
    const writers = writersIn(manifest);
    for (const path of pathsIn(manifest)) {
      const url = new URL(path, next).href;
      if (!(await models.match(url))) {
        await models.add(new Request(url, { signal }));
        added += 1;
      }
      wanted.add(url);
      if (path.endsWith('.json') && next === fleet && !writers.has(path)) manifests.push(url);
    }
  }
  if (part === 'all') await dropOthers(models, wanted);
  return added;
}

async function dropOthers(models: Cache, wanted: ReadonlySet<string>): Promise<void> {
  for (const { url } of await models.keys()) {
    if (isModelFile(new URL(url)) && !wanted.has(url)) await models.delete(url);
  }
}

/** A manifest without other work. */
const forLabels = (manifest: unknown): unknown =>
  Object.fromEntries(
    Object.entries(Object(manifest) as object).filter(([key]) => !OTHER_WORK.includes(key)),
  );

/** Model files never change under one address: the address holds the version, the manifest the hash. */
export const isModelFile = (url: URL): boolean => /\/fleet\/[^/]+\/[^/]+\/./.test(url.pathname);

/** Paths of all files that a manifest names: objects with `path` and `sha256`, at any depth. */
function pathsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('sha256' in value && 'path' in value && typeof value.path === 'string') return [value.path];
  return Object.values(value).flatMap(pathsIn);
}

/** Manifests of the language models that fleet.json names. */
const writersIn = (manifest: unknown): ReadonlySet<string> =>
  new Set(pathsIn((manifest as { generators?: unknown }).generators));
