/** What this site keeps in this browser, by kind: the door of the storage page. Types and names only. */

export const STORED = [
  'history',
  'conversations',
  'batches',
  'drafts',
  'specialists',
  'labels',
  'knowledge',
  'models',
  'audit',
  'caches',
] as const;
export type StoredKind = (typeof STORED)[number];

export interface StoredAmount {
  kind: StoredKind;
  /** Whole things, e.g. answers or conversations. */
  items: number;
  /** Bytes, counted over the first records and carried on to the rest; the disk may need more or less. */
  aboutBytes: number;
}

export interface Room {
  /** Null where the browser does not tell. */
  usedBytes: number | null;
  quotaBytes: number | null;
  /** The browser clears it only when the person says so. */
  isPersistent: boolean;
}

export interface StoredDoor {
  /** Null where the browser keeps nothing for this site. */
  room(): Promise<Room | null>;
  /** Rejects where the browser does not let the site look. */
  amounts(): Promise<StoredAmount[]>;
  /** Empties one kind; the caller tells the parts of the app that hold some of it in memory. */
  empty(kind: StoredKind): Promise<void>;
  /** Asks the browser not to clear this site's data by itself. Resolves to its answer. */
  persist(): Promise<boolean>;
}
