/** Puts an IndexedDB in memory in the browser's place. */
declare module 'fake-indexeddb/auto';
