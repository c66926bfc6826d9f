/** The disk is full, or two tabs write at once: the answer still comes, nothing typed is lost, the audit chain holds. */
import type { Page } from '@playwright/test';
import { expect, test } from '../browser/fixture.ts';

const TICKET = 'My card was stolen yesterday, please block it';

const input = (page: Page) => page.getByLabel('The request: a ticket, an e-mail, a command');

async function openDesk(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator('#answer')).toBeVisible();
  await page.evaluate(() => window.flotilla.embed('encoder', ['warm']));
}

async function setQuota(page: Page, origin: string, quotaSize?: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  });
}

test.describe('storage full', () => {
  test.use({ allowedProblems: /QuotaExceededError|service-worker/ });

  test('the answer comes, the page says what is not kept, and recovers', async ({ page, site }) => {
    const { origin } = new URL(site.url);
    // From the start: the browser remembers for half a minute how much room it found.
    await setQuota(page, origin, 1);
    await page.goto(site.url);
    await input(page).fill(TICKET);
    await input(page).press('Enter');
    await expect(page.locator('#answer')).toContainText(/lost card|lost or stolen/i, {
      timeout: 60_000,
    });
    const alert = page.getByRole('alert').filter({ hasText: 'storage_full' }).first();
    await expect(alert).toContainText(/Free some disk space/);
    await expect(input(page)).toHaveValue(TICKET);

    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(alert).toBeVisible();
    await expect(page.locator('#answer')).not.toContainText('Accepted by you');
    await expect(input(page)).toHaveValue(TICKET);

    await setQuota(page, origin);
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(page.locator('#answer')).toContainText('Accepted by you');
    expect(await page.evaluate(() => window.flotilla.audit.verify())).toMatchObject({
      intact: true,
    });
  });
});

test('two tabs write audit rows at once: one chain, every row in it', async ({
  page,
  context,
  site,
}) => {
  const EACH = 40;
  await openDesk(page, site.url);
  const second = await context.newPage();
  await second.goto(site.url);
  await expect(second.locator('#main')).toBeVisible();
  const before = await page.evaluate(async () => (await window.flotilla.audit.export()).length);
  const ask = (tab: Page) =>
    tab.evaluate(
      async (n) =>
        (
          await Promise.all(
            Array.from({ length: n }, (_, i) => window.flotilla.run({ text: `card ${i} is lost` })),
          )
        ).map(({ id }) => id),
      EACH,
    );
  const ids = (await Promise.all([ask(page), ask(second)])).flat();
  const { rows, verdict } = await second.evaluate(async () => ({
    rows: await window.flotilla.audit.export(),
    verdict: await window.flotilla.audit.verify(),
  }));
  expect(rows.length - before).toBe(2 * EACH);
  expect(verdict).toEqual({ intact: true, rows: rows.length });
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i));
  expect(rows.map(({ data }) => data.request)).toEqual(expect.arrayContaining(ids));
});

test('an audit row that was changed in the database is found', async ({ page, site }) => {
  await openDesk(page, site.url);
  await page.evaluate(() => window.flotilla.run({ text: 'card 1 is lost' }));
  await page.evaluate(async () => {
    const named = (await indexedDB.databases()).map(({ name }) => name ?? '');
    for (const name of named) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error(name));
      });
      if (db.objectStoreNames.contains('rows') && db.objectStoreNames.contains('head')) {
        const store = db.transaction('rows', 'readwrite').objectStore('rows');
        const first = await new Promise<{ data: Record<string, unknown> }>((resolve) => {
          const reading = store.get(0);
          reading.onsuccess = () => resolve(reading.result as { data: Record<string, unknown> });
        });
        first.data.status = 'refused';
        await new Promise((resolve) => (store.put(first).onsuccess = resolve));
      }
      db.close();
    }
  });
  await page.goto(`${site.url}#/audit`);
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText(/row 0|first row|Broken/i).first()).toBeVisible();
  expect(await page.evaluate(() => window.flotilla.audit.verify())).toMatchObject({
    intact: false,
    brokenAt: 0,
  });
});
