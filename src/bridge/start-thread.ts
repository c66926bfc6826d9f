/** Starts a thread of this build from the page. The side of the threads is workers/start-thread.ts. */

/**
 * @param address of the thread's module, as the bundler gives it for an import with `?worker&url`
 * @param name shown in the browser's tools
 */
export function startThread(address: string, name: string): Worker {
  const url = new URL(address, import.meta.url).href;
  if (self.origin !== 'null') return new Worker(url, { type: 'module', name });
  // A frame without an origin may start only what it made itself: a module that imports the real one.
  const made = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(made), { type: 'module', name });
}
