/** What the built app offers on its page, for code that tests run there. */
interface Window {
  flotilla: import('../../src/core/threads.ts').FlotillaApp;
}
