/** The offline shell: serves the build from a cache, and keeps the model files of its fleet. */
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

const MODELS = 'models';
const POLICY = 'policy';
/** How long an opening page waits for its server before the kept copy is shown. */
const PAGE_WAIT_MS = 1000;
const FLEET = new URL('fleet/fleet.json', self.registration.scope);

/** Model files never change under one address: the address holds the version, the manifest the hash. */
const isModelFile = (url: URL): boolean =>
  url.origin === FLEET.origin && /\/fleet\/[^/]+\/[^/]+\/./.test(url.pathname);

/** Large assets that are not part of the shell; their names hold a hash. */
const isLateAsset = (url: URL): boolean =>
  url.origin === FLEET.origin &&
  /\/assets\/(late-[^/]+\.js|[^/]+\.(?:wasm|bcmap|pfb|ttf))$/.test(url.pathname);

const isPolicy = (url: URL): boolean =>
  url.origin === FLEET.origin && url.pathname.endsWith('/policy.json');

cleanupOutdatedCaches();
// Before the precache, which would answer `/` itself.
registerRoute(new NavigationRoute(pageInForce));
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(
  ({ url }) => isModelFile(url) || isLateAsset(url),
  ({ request }) => keptOrFetched(request),
);
registerRoute(
  ({ url }) => isPolicy(url),
  ({ request }) => fetchedOrKept(request),
);

self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message)) return;
  // Sent when the person agreed to the new version; until then the old one keeps its own files.
  if (message.type === 'SKIP_WAITING') void self.skipWaiting();
  if (message.type === 'KEEP_FLEET') {
    event.waitUntil(keepFleet().then((added) => event.ports[0]?.postMessage({ added })));
  }
});

/** Serves the page that is already open, and drops what an older build fetched late. */
async function takeOver(): Promise<void> {
  const models = await caches.open(MODELS);
  for (const { url } of await models.keys()) {
    if (isLateAsset(new URL(url))) await models.delete(url);
  }
  await self.clients.claim();
}

/**
 * The page carries the policy of the deployment in its CSP, which may have changed since the page was kept. So the
 * server's copy is shown if it is of the same build, else the kept one: a new build waits until the person agrees.
 */
async function pageInForce(): Promise<Response> {
  const kept = await matchPrecache('index.html');
  const signal = AbortSignal.timeout(PAGE_WAIT_MS);
  const fresh = await fetch(self.registration.scope, { cache: 'no-cache', signal }).catch(
    () => null,
  );
  if (!kept) return fresh ?? Response.error();
  if (!fresh?.ok) return kept;
  const [ours, theirs] = await Promise.all([kept.clone().text(), fresh.clone().text()]);
  return withoutPolicy(ours) === withoutPolicy(theirs) ? fresh : kept;
}

const withoutPolicy = (html: string): string =>
  html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');

/**
 * For files that never change. A reader who found a wrong hash asks with `cache: 'reload'` and gets a fresh copy; one who
 * keeps the file himself asks with `no-store`, and nothing large is kept twice.
 */
async function keptOrFetched(request: Request): Promise<Response> {
  const kept = request.cache === 'reload' ? undefined : await caches.match(request.url);
  if (kept) return kept;
  const fetched = await fetch(request);
  return request.cache === 'no-store' ? fetched : keepCopy(MODELS, request, fetched);
}

/** For the policy: the newest there is, the last known one without a network. */
async function fetchedOrKept(request: Request): Promise<Response> {
  try {
    return keepCopy(POLICY, request, await fetch(request));
  } catch (error) {
    const kept = await caches.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

/** A full disk costs the offline copy, not the answer. */
function keepCopy(cacheName: string, request: Request, response: Response): Response {
  if (response.status === 200) {
    const copy = response.clone();
    void caches
      .open(cacheName)
      .then((cache) => cache.put(request.url, copy))
      .catch(() => undefined);
  }
  return response;
}

/**
 * Makes the fleet available offline, all but the language models, which are downloaded only when they are asked for;
 * files that the page loaded come out of the browser's HTTP cache.
 * @returns how many files were not kept before
 */
async function keepFleet(): Promise<number> {
  const models = await caches.open(MODELS);
  const wanted = new Set<string>();
  let added = 0;
  const manifests = [FLEET.href];
  for (let next = manifests.pop(); next !== undefined; next = manifests.pop()) {
    const kept = (await matchPrecache(next)) ?? (await models.match(next));
    const manifest: unknown = await (kept ?? (await fetch(next))).json();
    const writers = writersIn(manifest);
    for (const path of pathsIn(manifest)) {
      const url = new URL(path, next).href;
      if (!(await models.match(url))) {
        await models.add(url);
        added += 1;
      }
      wanted.add(url);
      if (path.endsWith('.json') && next === FLEET.href && !writers.has(path)) manifests.push(url);
    }
  }
  for (const { url } of await models.keys()) {
    if (isModelFile(new URL(url)) && !wanted.has(url)) await models.delete(url);
  }
  return added;
}

/** Paths of all files that a manifest names: objects with `path` and `sha256`, at any depth. */
function pathsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('sha256' in value && 'path' in value && typeof value.path === 'string') return [value.path];
  return Object.values(value).flatMap(pathsIn);
}

/** Manifests of the language models that fleet.json names. */
const writersIn = (manifest: unknown): ReadonlySet<string> =>
  new Set(pathsIn((manifest as { generators?: unknown }).generators));
