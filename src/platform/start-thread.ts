/** Starts a thread of this build, from the page or from another thread. */

/**
 * In a frame without an origin a thread may not be started by its address, only by what the frame made itself: a module
 * that imports the real one. As `data:`, because Chromium starts no `blob:` module there, and because a thread from
 * `blob:` is not a secure context: it could not check a hash.
 * @param address of the thread's module, as the bundler gives it for an import with `?worker&url`
 * @param name shown in the browser's tools
 */
export function startThread(address: string, name: string): Worker {
  const url = new URL(address, import.meta.url).href;
  const made = `data:text/javascript,${encodeURIComponent(`import ${JSON.stringify(url)};`)}`;
  return new Worker(self.origin === 'null' ? made : url, { type: 'module', name });
}
