/** Which page answers a navigation, and with which policy. */

/** How long an opening page waits for its server before the kept copy is shown. */
const PAGE_WAIT_MS = 1000;
const META = /<meta http-equiv="Content-Security-Policy"[^>]*>/;

/** The page of the build that answers a path below the scope; null: the path is a file and no page. */
export function pageOf(path: string): 'index.html' | 'widget.html' | null {
  if (path === 'widget.html') return 'widget.html';
  const last = path.slice(path.lastIndexOf('/') + 1);
  return path === 'index.html' || !last.includes('.') ? 'index.html' : null;
}

/**
 * A page carries the policy of the deployment in its headers and its CSP, which may have changed since the page was
 * kept. So the policy is always the server's, as soon as it answers, and the page is of the build that is kept: a new
 * build waits until the person agrees.
 */
export async function pageInForce(
  address: string,
  findKept: () => Promise<Response | undefined>,
): Promise<Response> {
  const kept = await findKept();
  const signal = kept ? AbortSignal.timeout(PAGE_WAIT_MS) : null;
  const fresh = await fetch(address, { cache: 'no-cache', signal }).catch(() => null);
  if (!kept) return fresh ?? Response.error();
  if (!fresh?.ok) return kept;
  try {
    return await withPolicyOf(fresh, kept);
  } catch {
    return kept; // the server went away in the middle of the page
  }
}

/** The kept page under the headers and the CSP of the fresh one. */
async function withPolicyOf(fresh: Response, kept: Response): Promise<Response> {
  const [ours, theirs] = await Promise.all([kept.clone().text(), fresh.clone().text()]);
  const policy = META.exec(theirs)?.[0];
  if (policy === undefined) return kept;
  const page = ours.replace(META, () => policy);
  const headers = new Headers(fresh.headers);
  for (const name of ['Content-Length', 'Content-Encoding', 'ETag']) headers.delete(name);
  return new Response(page, { headers });
}
