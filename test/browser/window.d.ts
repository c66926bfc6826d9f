/** What the built app offers on its page, for code that tests run there. */
import type { FlotillaApp } from '../../src/core/threads.ts';

declare global {
  interface Window {
    flotilla: FlotillaApp;
  }
}
