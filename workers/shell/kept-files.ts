/** Files of the site beside the shell: some never change and are kept, others are taken from the server while it answers. */

/** Model files and late assets: their addresses hold a version or a hash. */
export const MODELS = 'models';
/** The newest copies of what has one address for ever: the policy, the types of the SDK. */
const CURRENT = 'policy';
/** How long the SDK and the policy are waited for before the kept copy is used. */
const CURRENT_WAIT_MS = 5000;

/**
 * For files that never change. A reader who found a wrong hash asks with `cache: 'reload'` and gets a fresh copy; one who
 * keeps the file himself asks with `no-store`, and nothing large is kept twice.
 */
export async function keptOrFetched(request: Request): Promise<Response> {
  const kept = request.cache === 'reload' ? undefined : await caches.match(request.url);
  if (kept) return kept;
  const fetched = await fetch(request);
  return request.cache === 'no-store' ? fetched : keepCopy(MODELS, request, fetched);
}

/**
 * The newest there is; the last known one without a network, or else the one of this build.
 * Fails as `fetch` does where there is none of them.
 */
export async function fetchedOrKept(
  request: Request,
  ofBuild: (url: string) => Promise<Response | undefined>,
): Promise<Response> {
  const options: RequestInit = { signal: AbortSignal.timeout(CURRENT_WAIT_MS) };
  if (request.cache === 'default') options.cache = 'no-cache';
  try {
    return keepCopy(CURRENT, request, await fetch(request, options));
  } catch (error) {
    const current = await caches.open(CURRENT);
    const kept = (await current.match(request.url)) ?? (await ofBuild(request.url));
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
