/** After the first load the server can disappear: the example of every kind of work is still answered. */
import { serve } from '../../.ci/serve.mjs';
import { DIST } from '../../.ci/project.mjs';
import { expect, test as base } from './fixture.ts';

interface Closable {
  url: string;
  close(): Promise<void>;
}

const test = base.extend<object, { closable: Closable }>({
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

test('without a network and without a server, each example is answered', async ({
  page,
  context,
  closable,
}) => {
  test.setTimeout(400_000);
  await page.goto(closable.url);
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'Flotilla now works without a network',
    { timeout: 120_000 },
  );
  await context.setOffline(true);
  await closable.close();
  await page.reload();
  const chips = page.getByRole('region', { name: 'Examples', exact: true }).getByRole('button');
  await expect(chips.first()).toBeVisible();
  for (let index = 0; index < (await chips.count()); index++) {
    const name = (await chips.nth(index).innerText()).replace('Example:', '').trim();
    const before = page.url();
    await chips.nth(index).click();
    await expect.poll(() => page.url(), { message: name, timeout: 90_000 }).not.toBe(before);
    await expect
      .soft(page.locator('#answer').getByRole('heading', { level: 2 }), name)
      .not.toContainText('No answer');
  }
});
