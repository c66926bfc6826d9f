/** The fixture of the browser tests with a server of its own that a test can take away. */
import { serve } from '../../.ci/serve.mjs';
import { DIST } from '../../.ci/project.mjs';
import { test as base } from './fixture.ts';

export { expect } from './fixture.ts';

interface Closable {
  url: string;
  close(): Promise<void>;
}

export const test = base.extend<object, { closable: Closable }>({
  closable: [
    async ({ browserName: _ }, use) => {
      const site = await serve({ folder: DIST, port: 0 });
      let open = true;
      const close = async (): Promise<void> => {
        if (open) await site.close();
        open = false;
      };
      await use({ url: site.url, close });
      await close();
    },
    { scope: 'worker' },
  ],
  site: [async ({ closable }, use) => use({ url: closable.url }), { scope: 'worker' }],
  allowedProblems: /Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/,
});
