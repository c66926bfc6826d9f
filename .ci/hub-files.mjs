/** What a hub says of a repository: its files at one commit, each with the hash that the hub knows it by. */

/**
 * @typedef {{ path: string, bytes: number, sha256: string | null, gitId: string | null }} HubFile `sha256` of large files,
 *   `gitId` (SHA-1 of `blob <length>\0` and the bytes) of small ones
 * @typedef {{ type: string, path: string, size: number, oid: string, lfs?: { oid: string } }} TreeEntry
 */

const COMMIT = /^[0-9a-f]{40}$/;
/** Settings, vocabulary and chat template beside the weights; the same choice as workers/router/models/hub.ts. */
const SMALL_FILE = /^[^/]+\.(json|jinja|txt|model)$/;
const MAX_PAGES = 20;

/**
 * @param {string} base address of the hub
 * @param {{ repository: string, revision: string, weights: string }} hub of the catalogue's entry
 * @returns {Promise<{ commit: string, files: HubFile[], urlOf: (path: string) => string }>}
 */
export async function listHubFiles(base, { repository, revision, weights }) {
  const api = `${base}/api/models/${repository}`;
  const commit = COMMIT.test(revision)
    ? revision
    : /** @type {{ sha?: string }} */ ((await json(`${api}/revision/${revision}`)).value).sha;
  if (commit === undefined || !COMMIT.test(commit))
    throw new Error(`${base} names no commit for ${repository}.`);
  /** @type {TreeEntry[]} */
  const tree = [];
  /** @type {string | null} */
  let next = `${api}/tree/${commit}?recursive=true`;
  for (let page = 0; next !== null && page < MAX_PAGES; page++) {
    const { value, link } = await json(next);
    if (!Array.isArray(value)) throw new Error(`${next} is not a list of files.`);
    tree.push(...value);
    next = link;
  }
  const files = tree
    .filter(
      ({ type, path }) => type === 'file' && (path.startsWith(weights) || SMALL_FILE.test(path)),
    )
    .map(({ path, size, oid, lfs }) => ({
      path,
      bytes: size,
      sha256: lfs?.oid ?? null,
      gitId: lfs ? null : oid,
    }));
  if (!files.some(({ path }) => path.startsWith(weights)))
    throw new Error(`${repository} at ${commit} has no files ${weights}….`);
  return { commit, files, urlOf: (path) => `${base}/${repository}/resolve/${commit}/${path}` };
}

/**
 * @param {string} url
 * @returns {Promise<{ value: unknown, link: string | null }>} `link`: the next page, on the same server
 */
async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  const [, next] = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '') ?? [];
  const link =
    next && new URL(next, url).origin === new URL(url).origin ? new URL(next, url).href : null;
  return { value: await response.json(), link };
}
