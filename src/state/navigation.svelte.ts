/** Where the person is: `#/page/path`. The URL is the only state, so reload and back keep the place. */
export class Navigation {
  page = $state('desk');
  /** What follows the page's name, decoded. */
  path = $state('');
  /** The fragment that was read last. The browser tells of another one only a moment after it changed. */
  #seen = '';

  start(): () => void {
    const read = (): void => this.#read(location.hash);
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }

  go(page: string, path = ''): void {
    const hash = hashOf(page, path);
    if (hash !== location.hash) location.hash = hash;
    this.#read(location.hash);
  }

  /** Changes the URL without a step in the browser's history; not where the person is already on the way elsewhere. */
  replace(page: string, path = ''): void {
    if (location.hash !== this.#seen) return;
    history.replaceState(null, '', hashOf(page, path));
    this.#read(location.hash);
  }

  #read(hash: string): void {
    const { page, path } = placeOf(hash);
    this.#seen = hash;
    this.page = page;
    this.path = path;
  }
}

export const hashOf = (page: string, path = ''): string =>
  path === '' ? `#/${page}` : `#/${page}/${encodeURIComponent(path)}`;

/** "#/fleet/banking-tickets" → page "fleet", path "banking-tickets". Anything malformed leads to the desk. */
export function placeOf(hash: string): { page: string; path: string } {
  const [, page = '', path = ''] = /^#\/([a-z]+)(?:\/(.*))?$/.exec(hash) ?? [];
  if (page === '') return { page: 'desk', path: '' };
  try {
    return { page, path: decodeURIComponent(path) };
  } catch {
    return { page, path: '' };
  }
}
