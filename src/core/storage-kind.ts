/** Whether a browser keeps anything for this page: not in a sandboxed frame, nor where a person blocks storage. */

/** `memory`: everything is there until the page or the frame is closed, and nothing may leave the device. */
export type StorageKind = 'lasting' | 'memory';

/** Two harmless questions, which reject or throw where the answer is no. */
export interface StorageProbes {
  listDatabases: () => Promise<unknown>;
  listCaches: () => Promise<unknown>;
}

/**
 * A browser that refuses storage refuses databases and caches alike. Databases that fail alone are broken, and that is to
 * be told, not covered up.
 */
export async function storageKindOf(probes: StorageProbes): Promise<StorageKind> {
  for (const probe of [probes.listDatabases, probes.listCaches]) {
    try {
      await probe();
      return 'lasting';
    } catch {
      // The next one decides.
    }
  }
  return 'memory';
}
