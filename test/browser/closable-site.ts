/** The fixture of the browser tests with a server of its own that a test can take away. */
import { serve } from '../../.ci/serve.mjs';
import { DIST } from '../../.ci/project.mjs';
import { test as base } from './fixture.ts';

export { expect } from './fixture.ts';

interface Closable {
  url: string;
  close(): Promise<void>;
}

interface WorkerSite extends Closable {
  /** Serves again, at the same address. */
  open(): Promise<void>;
}

/** `closable` is open when a test begins, whatever the one before did to it. */
export const test = base.extend<{ closable: Closable }, { ownSite: WorkerSite }>({
  ownSite: [
    async ({ browserName: _ }, use) => {
      let served: Awaited<ReturnType<typeof serve>> | null = await serve({ folder: DIST, port: 0 });
      const { url } = served;
      const close = async (): Promise<void> => {
        await served?.close();
        served = null;
      };
      const open = async (): Promise<void> => {
        served ??= await serve({ folder: DIST, port: Number(new URL(url).port) });
      };
      await use({ url, close, open });
      await close();
    },
    { scope: 'worker' },
  ],
  site: [async ({ ownSite }, use) => use({ url: ownSite.url }), { scope: 'worker' }],
  closable: async ({ ownSite }, use) => {
    await ownSite.open();
    await use(ownSite);
  },
  allowedProblems: /Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/,
});
