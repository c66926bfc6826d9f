/** The page "Embed": what it makes, pasted into a plain HTML file on another port, labels a ticket. */
import AxeBuilder from '@axe-core/playwright';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';
import { expect, test } from './fixture.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const block = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

interface Portal {
  origin: string;
  show: (body: string, csp: string) => void;
  server: Server;
}

/** A page whose content and Content-Security-Policy the test sets. */
async function portal(): Promise<Portal> {
  let html = '';
  let policy = '';
  const server = createServer((_request, response) => {
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
      })
      .end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const show = (body: string, csp: string): void => {
    html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Portal</title><link rel="icon" href="data:,"><body>${body}`;
    policy = csp;
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, show, server };
}

/** Flotilla as its administrator would serve it after adding the entry. */
async function flotillaWith(entry: string): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-embed-page-'));
  const policyFile = join(folder, 'policy.json');
  await writeFile(
    policyFile,
    JSON.stringify({ version: 1, mode: 'only_on_device', embeds: [JSON.parse(entry)] }),
  );
  const site = await serve({ folder: DIST, policyFile, port: 0 });
  return {
    url: site.url,
    close: async () => {
      await site.close();
      await rm(folder, { recursive: true });
    },
  };
}

test.setTimeout(300_000);
test.use({ allowedProblems: /request to another origin: GET http:\/\/127\.0\.0\.1:\d+\// });

/** What the page makes for this origin; addresses are those of the Flotilla that will serve it. */
async function made(page: Page, site: string, origin: string, choose: () => Promise<void>) {
  await page.goto(`${site}#/embed`);
  await page.getByLabel('Origin of the page').fill(origin);
  await choose();
  await expect(block(page, 'Entry of the policy')).toContainText(origin);
  const text = async (title: string) => (await block(page, title).textContent()) ?? '';
  return {
    html: await text('Into the page'),
    csp: await text('Content-Security-Policy of the page'),
    entry: await text('Entry of the policy'),
  };
}

const moved = (text: string, from: string, to: string) =>
  text.replaceAll(new URL(from).origin, new URL(to).origin);

/** With the hashes that let the page's own inline script run, as an administrator adds them. */
async function strict(page: Page, csp: string, html: string): Promise<string> {
  const script = /<script type="module">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  const hash = await page.evaluate(async (code) => {
    const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code));
    return btoa(String.fromCharCode(...new Uint8Array(bytes)));
  }, script);
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; ${csp.replace("'self'", `'self' 'sha256-${hash}'`)}`;
}

test('the lines for a shown card, pasted, answer a ticket under the CSP and the entry it made', async ({
  page,
  site,
}) => {
  const host = await portal();
  const lines = await made(page, site.url, host.origin, async () => {
    await page.getByRole('combobox', { name: /^Work/ }).selectOption('classify');
  });
  expect(JSON.parse(lines.entry)).toEqual({
    origin: host.origin,
    tasks: ['classify'],
    layouts: ['card'],
    manage: false,
  });
  const flotilla = await flotillaWith(lines.entry);
  const html = moved(lines.html, site.url, flotilla.url);
  host.show(html, await strict(page, moved(lines.csp, site.url, flotilla.url), html));
  await page.goto(host.origin);
  const form = page.frameLocator('iframe');
  await form.getByRole('textbox').fill('My new card has not arrived yet');
  await form.getByRole('textbox').press('Enter');
  await expect(form.getByRole('article')).toContainText('Card arrival', { timeout: 60_000 });
  await flotilla.close();
  host.server.close();
});

test('the lines for a hidden frame, pasted, label a ticket by code', async ({ page, site }) => {
  const host = await portal();
  const lines = await made(page, site.url, host.origin, async () => {
    await page.getByLabel('Hidden: the page asks by code').check();
    await page.getByRole('combobox', { name: /^Specialist/ }).selectOption('banking-tickets');
  });
  expect(JSON.parse(lines.entry)).toMatchObject({ tasks: ['classify'], layouts: [] });
  const flotilla = await flotillaWith(lines.entry);
  const html = moved(lines.html, site.url, flotilla.url);
  host.show(html, await strict(page, moved(lines.csp, site.url, flotilla.url), html));
  const printed = page.waitForEvent('console', {
    predicate: (message) => message.text().includes('accepted'),
    timeout: 60_000,
  });
  await page.goto(host.origin);
  const values = await Promise.all((await printed).args().map((arg) => arg.jsonValue()));
  expect(values[0]).toMatchObject({ label: 'card_arrival' });
  await flotilla.close();
  host.server.close();
});

test('an origin that is none says what is wrong and how to mend it', async ({ page, site }) => {
  await page.goto(`${site.url}#/embed`);
  const field = page.getByLabel('Origin of the page');
  await field.fill('https://Intranet.example/page?q=1');
  await field.blur();
  await expect(page.getByText('An origin ends after the host and port')).toBeVisible();
  await page.getByRole('button', { name: 'Use https://intranet.example' }).click();
  await expect(field).toHaveValue('https://intranet.example');
  await expect(page.getByText('Not in the policy')).toBeVisible();
  await expect(block(page, 'Entry of the policy')).toContainText('"https://intranet.example"');
});

test('the preview is the real widget and follows the choices; axe finds nothing', async ({
  page,
  site,
}) => {
  await page.goto(`${site.url}#/embed`);
  const preview = page.frameLocator('iframe[title="Preview of the widget"]');
  await expect(preview.getByRole('textbox')).toBeVisible();
  await page.getByRole('combobox', { name: /^Language/ }).selectOption('de');
  await expect(preview.getByRole('button', { name: 'Antworten' })).toBeVisible();
  await page.getByRole('combobox', { name: /^Layout/ }).selectOption('full');
  await expect(preview.getByText('Aufgabe')).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
});
