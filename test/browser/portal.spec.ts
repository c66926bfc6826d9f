/** The example portal of docs/portal on another origin than Flotilla: its three pages, also while Flotilla's server is away. */
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { servePortal } from '../../.ci/portal.mjs';
import { expect, test as base } from './fixture.ts';

const KB = 1000;
/** What a portal's page may pay before the first use: SDK, frame and form. */
const FIRST_BYTES = 30 * KB;
const LOADING_MS = 120_000;

type Portal = Awaited<ReturnType<typeof servePortal>>;

const test = base.extend<{ portal: Portal }>({
  portal: async ({ browserName: _ }, use) => {
    const portal = await servePortal();
    await use(portal);
    await portal.close();
  },
  // Two origins belong together here; everything else is still a problem.
  page: async ({ browser, portal }, use) => {
    const page = await (await browser.newContext()).newPage();
    const problems: string[] = [];
    const known = [new URL(portal.portal).origin, new URL(portal.flotilla).origin];
    page.context().on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && !known.includes(origin)) problems.push(request.url());
    });
    page.on('console', (message) => {
      const isExpected = /net::ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED)/.test(message.text());
      if (message.type() === 'error' && !isExpected) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
    await use(page);
    expect(problems, 'problems seen on the page').toEqual([]);
    await page.context().close();
  },
});
test.setTimeout(300_000);

/** Violations that axe sees in the page and in the frames of Flotilla. */
async function violations(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  // Every widget is a document of its own with a title of its own; axe takes their landmarks for those of one page.
  const axe = new AxeBuilder({ page }).withTags(tags).disableRules('landmark-unique');
  const results = await axe.analyze();
  return results.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.html} (${node.failureSummary ?? ''})`),
  );
}

/** Counts what crosses the network from Flotilla: content as it is sent, compressed; headers in clear, as HTTP/1.1 has them. */
function countBytes(page: Page, origin: string): { content: number; headers: number } {
  const bytes = { content: 0, headers: 0 };
  page.context().on('requestfinished', (request) => {
    if (new URL(request.url()).origin !== origin) return;
    void request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
      if (responseBodySize < 0) return; // out of the browser's cache
      bytes.content += responseBodySize;
      bytes.headers += responseHeadersSize;
    });
  });
  return bytes;
}

const inWords = ({ content, headers }: { content: number; headers: number }): string =>
  `${(content / KB).toFixed(1)} KB from Flotilla before the first use, and ${(headers / KB).toFixed(1)} KB of headers`;

const tickets = JSON.parse(
  readFileSync(new URL('../../docs/portal/tickets.json', import.meta.url), 'utf8'),
) as { id: string; text: string }[];

test('a queue of tickets with a compact widget in each', async ({ page, portal }) => {
  const bytes = countBytes(page, new URL(portal.flotilla).origin);
  await page.goto(`${portal.portal}tickets.html`);
  await expect(page.locator('iframe')).toHaveCount(4);
  const first = page.locator('iframe').first().contentFrame();
  await expect(first.getByRole('textbox')).toHaveValue(tickets[0]?.text ?? '');
  await expect(page.locator('iframe').nth(3).contentFrame().getByRole('textbox')).not.toHaveValue(
    '',
  );
  console.log(`four widgets: ${inWords(bytes)}`);
  expect(await violations(page)).toEqual([]);

  await first.getByRole('button', { name: 'Answer' }).click();
  const ticket = page.locator('.ticket').first();
  await expect(ticket.getByRole('status')).toHaveText(/^Card arrival/, { timeout: LOADING_MS });
  await expect(first.getByText(/card arrival/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Show more tickets' }).click();
  await expect(page.locator('iframe')).toHaveCount(8);
  expect(await violations(page)).toEqual([]);
});

test('a page with one widget pays at most 30 KB before its first use', async ({ page, portal }) => {
  const bytes = countBytes(page, new URL(portal.flotilla).origin);
  await page.goto(`${portal.portal}invoices.html`);
  await expect(page.frameLocator('iframe').getByRole('textbox')).toBeVisible();
  await page.waitForLoadState('networkidle');
  console.log(`one card: ${inWords(bytes)}`);
  expect(bytes.content).toBeGreaterThan(0);
  expect(bytes.content).toBeLessThanOrEqual(FIRST_BYTES);
});

test('an inbox of invoices: the card and the booking form', async ({ page, portal }) => {
  await page.goto(`${portal.portal}invoices.html`);
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await page.getByRole('button', { name: /Castell Seguretat/ }).click();
  await expect(field('Invoice number')).toHaveValue('CS-00874', { timeout: LOADING_MS });
  await expect(field('Total')).toHaveValue('1452.00');
  await expect(field('Due')).toHaveValue('2026-12-17');
  await page.getByRole('button', { name: /Norden Kaffeeservice/ }).click();
  await expect(field('Total')).toHaveValue('609.99', { timeout: LOADING_MS });
  await expect(field('IBAN')).toHaveValue('DE89370400440532013000');
  expect(await violations(page)).toEqual([]);

  // A file that the person gives to the card fills the form as well.
  const card = page.frameLocator('iframe');
  const file = new URL('../../docs/portal/invoices/hollow-oak-print.txt', import.meta.url);
  await card.locator('textarea').focus();
  await card
    .locator('input[type="file"]')
    .setInputFiles({ name: 'print.txt', mimeType: 'text/plain', buffer: readFileSync(file) });
  await card.getByRole('button', { name: 'Answer' }).click();
  await expect(field('Invoice number')).toHaveValue('HO-26-3381', { timeout: LOADING_MS });
  await page.getByRole('button', { name: 'Book' }).click();
  await expect(page.locator('#booking-state')).toHaveText('Booked: HO-26-3381, 916.35 EUR.');
});

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const count = (page: Page) => page.locator('#count');
const labelCells = (page: Page) => page.locator('#rows td:nth-child(4)');

test('a table that a hidden frame labels; cancelled, downloaded, and again without the server', async ({
  page,
  portal,
}) => {
  await page.goto(`${portal.portal}table.html`);
  await expect(page.locator('#rows tr')).toHaveCount(tickets.length);
  expect(tickets.length).toBeGreaterThanOrEqual(40);
  await press(page, 'Label all rows');
  await expect(count(page)).toHaveText(`${tickets.length} of ${tickets.length}`, {
    timeout: LOADING_MS,
  });
  await expect(page.locator('iframe')).toHaveAttribute('aria-hidden', 'true');
  await expect(labelCells(page).first()).toHaveText('Card arrival');
  // What belongs to no label is not given one.
  const outOfScope = page.getByRole('row', { name: /sports club of the bank/ });
  await expect(outOfScope.locator('td').nth(2)).toHaveText(/\?$|^For a person$/);
  expect(await violations(page)).toEqual([]);

  await test.step('the file', async () => {
    const download = page.waitForEvent('download');
    await press(page, 'Download CSV');
    const file = test.info().outputPath('tickets.csv');
    await (await download).saveAs(file);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(tickets.length + 1);
    expect(lines[1]).toMatch(/^"T-4711",.*"card_arrival","0\.\d{3}","accepted"$/);
  });

  await test.step('cancelled in the middle', async () => {
    await page.evaluate(() => {
      const label = document.getElementById('label');
      const cancel = document.getElementById('cancel');
      label?.click();
      cancel?.click();
    });
    await expect(page.getByRole('button', { name: 'Label all rows' })).toBeEnabled();
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeHidden();
    await expect(page.locator('#notice')).toBeHidden();
  });

  await test.step('without the server', async () => {
    const frame = page.frames().find((one) => one.url().startsWith(portal.flotilla));
    await frame?.waitForFunction(async () => {
      await navigator.serviceWorker.ready;
      return navigator.serviceWorker.controller !== null && (await caches.has('policy'));
    });
    await portal.closeFlotilla();
    await page.reload();
    await expect(labelCells(page).first()).toHaveText('–');
    await press(page, 'Label all rows');
    await expect(count(page)).toHaveText(`${tickets.length} of ${tickets.length}`, {
      timeout: LOADING_MS,
    });
    await expect(labelCells(page).first()).toHaveText('Card arrival');
  });
});

test('without Flotilla at all the portal says so and goes on', async ({ page, portal }) => {
  await portal.closeFlotilla();
  await page.goto(`${portal.portal}table.html`);
  await press(page, 'Label all rows');
  await expect(page.locator('#notice')).toContainText('Flotilla is not available here.');
  await expect(page.getByRole('button', { name: 'Label all rows' })).toBeEnabled();
  expect(await violations(page)).toEqual([]);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`all pages on a phone, ${scheme}: nothing scrolls sideways, axe finds nothing`, async ({
    page,
    portal,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 375, height: 740 });
    for (const name of ['index', 'tickets', 'invoices', 'table']) {
      await page.goto(`${portal.portal}${name}.html`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      if (name !== 'index') await page.waitForLoadState('networkidle');
      expect(await violations(page), name).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, name).toBe(0);
    }
  });
}
