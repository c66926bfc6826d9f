/** Tells the other tabs of this site that something changed. */

/** Null where the browser has no such channel, or refuses it with the storage. */
export function openTabChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
