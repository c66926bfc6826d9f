/** The offline shell: serves the build from a cache, keeps the model files of its fleet, takes what is shared with the app. */
import { PrecacheController, PrecacheRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import type { KeptFleet, ToShell } from '../src/core/offline.ts';
import { dropOldBuilds, listBuild } from './shell/builds.ts';
import { isModelFile, keepFleet } from './shell/fleet.ts';
import { fetchedOrKept, keptOrFetched, MODELS } from './shell/kept-files.ts';
import { pageInForce, pageOf } from './shell/pages.ts';
import { SHARE_TARGET, takeShare } from './shell/share-target.ts';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

const SCOPE = new URL(self.registration.scope);
const FLEET = new URL('fleet/fleet.json', SCOPE).href;
/** What has one address for ever: taken from the server while it answers. */
const CURRENT = ['policy.json', 'sdk.js', 'sdk.d.ts'];

/** Aborts when a newer version is to take over: that one fetches the rest. */
const makingWay = new AbortController();

const precache = new PrecacheController();
precache.addToCacheList(self.__WB_MANIFEST);
const ofBuild = (url: string): Promise<Response | undefined> => precache.matchPrecache(url);

/** Path below the scope; null for other sites. */
const pathOf = ({ origin, pathname }: URL): string | null =>
  origin === SCOPE.origin && pathname.startsWith(SCOPE.pathname)
    ? pathname.slice(SCOPE.pathname.length)
    : null;

/** Assets that are not part of the shell, or of an older build; their names hold a hash. */
const isAsset = (url: URL): boolean => pathOf(url)?.startsWith('assets/') ?? false;
const isLateAsset = (url: URL): boolean =>
  isAsset(url) && /\/(late-[^/]+\.js|[^/]+\.(?:wasm|bcmap|pfb|ttf))$/.test(url.pathname);

const isNavigation = ({ mode }: Request): boolean => mode === 'navigate';

registerRoute(
  ({ request, url }) => isNavigation(request) && pathOf(url) === SHARE_TARGET,
  ({ request }) => takeShare(request, SCOPE.href),
  'POST',
);
// Before the precache, which would answer pages and the SDK itself.
registerRoute(
  ({ request, url }) => isNavigation(request) && pageOf(pathOf(url) ?? '.') !== null,
  ({ url }) => {
    const page = pageOf(pathOf(url) ?? '') ?? 'index.html';
    const address = new URL(page === 'index.html' ? './' : page, SCOPE).href;
    return pageInForce(address, () => ofBuild(page));
  },
);
registerRoute(
  ({ url }) => CURRENT.includes(pathOf(url) ?? ''),
  ({ request }) => fetchedOrKept(request, ofBuild),
);
registerRoute(new PrecacheRoute(precache));
registerRoute(
  ({ url }) => (pathOf(url) !== null && isModelFile(url)) || isAsset(url),
  ({ request }) => keptOrFetched(request),
);

self.addEventListener('install', (event) => {
  event.waitUntil(listBuild(precache).then(() => precache.install(event)));
  // The page read it before this shell was there; without it, a frame of another site admits nobody.
  event.waitUntil(keepPolicy());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(cleanUp().then(() => self.clients.claim()));
});
self.addEventListener('message', (event) => {
  const message = (event.data ?? {}) as Partial<ToShell>;
  if (message.type === 'SKIP_WAITING') void self.skipWaiting();
  if (message.type === 'MAKE_WAY') makingWay.abort();
  if (message.type === 'CLEAN_UP') event.waitUntil(cleanUp());
  if (message.type === 'KEEP_FLEET') {
    const part = message.part === 'labels' ? 'labels' : 'all';
    const port = event.ports[0];
    event.waitUntil(
      keepFleet(FLEET, part, ofBuild, makingWay.signal).then((added) =>
        port?.postMessage({ added } satisfies KeptFleet),
      ),
    );
  }
});

/** A server that gives none now may give one later, when a page asks. */
const keepPolicy = (): Promise<unknown> =>
  fetchedOrKept(new Request(new URL('policy.json', SCOPE)), ofBuild).catch(() => undefined);

/** Files of builds without a page go, and what such a build fetched late with them. */
async function cleanUp(): Promise<void> {
  const { isAlone, dropped } = await dropOldBuilds(precache);
  if (!isAlone || !dropped) return;
  const models = await caches.open(MODELS);
  for (const { url } of await models.keys()) {
    if (isLateAsset(new URL(url))) await models.delete(url);
  }
}
