/** What the bundler makes of imports that are not code, and what it defines, on threads without a DOM. */
declare module '*?url' {
  const url: string;
  export default url;
}

declare module '*?worker&url' {
  const url: string;
  export default url;
}

/** Puts an IndexedDB in memory in the browser's place. */
declare module 'fake-indexeddb/auto';

interface ImportMetaEnv {
  readonly BASE_URL: string;
  readonly DEV: boolean;
  readonly PROD: boolean;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}
