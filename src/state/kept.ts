/** Small strings kept in this browser (localStorage) or for this tab (sessionStorage). A browser that refuses storage costs the memory, never the work. */
const PREFIX = 'flotilla.';

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** False when the browser refused, e.g. because the storage is full. */
export function keep(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
    return true;
  } catch {
    return false;
  }
}

/** What this tab kept; it survives a reload, and no other tab writes over it. */
export function recallHere(key: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** False when the browser refused. */
export function keepHere(key: string, value: string | null): boolean {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, value);
    return true;
  } catch {
    return false;
  }
}
