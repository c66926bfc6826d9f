/** The offline shell: serves the build from a cache, and every model file that was fetched once. */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

/** Model files never change under one address: the address holds the version, the manifest the hash. */
const isModelFile = (url: URL): boolean =>
  url.origin === self.location.origin && /\/fleet\/[^/]+\/[^/]+\/./.test(url.pathname);

/** Large assets that are not part of the shell; their names hold a hash. */
const isLateAsset = (url: URL): boolean =>
  url.origin === self.location.origin && /\/assets\/.+\.wasm$/.test(url.pathname);

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(({ url }) => isModelFile(url) || isLateAsset(url), new CacheFirst({ cacheName: 'models' }));
registerRoute(
  ({ url }) => url.origin === self.location.origin && url.pathname.endsWith('/policy.json'),
  new NetworkFirst({ cacheName: 'policy', networkTimeoutSeconds: 3 }),
);
if (import.meta.env.PROD) registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html')));

// The first visit is served from now on; a later version waits until the person agrees to it.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message)) return;
  if (message.type === 'SKIP_WAITING') void self.skipWaiting();
  if (message.type === 'KEEP' && 'urls' in message && Array.isArray(message.urls)) {
    event.waitUntil(keep(message.urls.filter((url) => typeof url === 'string')));
  }
});

/** Puts files that were loaded before this worker took control into the cache (from the HTTP cache where possible). */
async function keep(urls: string[]): Promise<void> {
  const cache = await caches.open('models');
  for (const url of urls.map((text) => new URL(text, self.location.href))) {
    if (!isModelFile(url) && !isLateAsset(url)) continue;
    if ((await cache.match(url)) === undefined) await cache.add(url.href);
  }
}
