/** Shared with the app and opened with it: kept first, also without a network, and never in the place of typed text in silence. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './closable-site.ts';
import { pdfOf } from './pdf-file.ts';

const REQUEST = 'The request: a ticket, an e-mail, a command';
const PDF = {
  name: 'invoice.pdf',
  mimeType: 'application/pdf',
  buffer: pdfOf(['Invoice 4711', 'Total 12.50 EUR']),
};
const CSV = {
  name: 'tickets.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from('text,label\nblock my card,lost\nwhere is my card,arrival\n'),
};

interface Share {
  text?: string;
  title?: string;
  files?: { name: string; mimeType: string; buffer: Buffer }[];
}

/** The system's share sheet posts a form to the address that the manifest names; this page does the same. */
async function sharingPage(context: BrowserContext, target: string): Promise<Page> {
  const form = `<!doctype html><title>Share</title>
    <form method="post" enctype="multipart/form-data" action="${target}share-target">
      <input name="title" /><input name="text" /><input name="url" />
      <input name="files" type="file" multiple /><button>Share</button>
    </form>`;
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(form),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  server.close();
  server.closeAllConnections();
  return page;
}

async function share(page: Page, { text = '', title = '', files = [] }: Share): Promise<void> {
  await page.locator('[name=text]').fill(text);
  await page.locator('[name=title]').fill(title);
  await page.locator('[name=files]').setInputFiles(files);
  await page.getByRole('button', { name: 'Share' }).click();
}

/** A visit that the app has had before: its shell is there. */
async function visit(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await expect(messages(page)).toContainText('Flotilla now works without a network', {
    timeout: 90_000,
  });
  return page;
}

const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });
const waiting = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('flotilla-arrivals');
        opening.onerror = () => reject(new Error('not opened'));
        opening.onsuccess = () => {
          const database = opening.result;
          const counting = database.transaction('arrivals').objectStore('arrivals').count();
          counting.onsuccess = () => {
            database.close();
            resolve(counting.result);
          };
        };
      }),
  );

test.describe.configure({ timeout: 240_000 });

test('a PDF goes to the desk; what was typed before is kept and can be put back', async ({
  context,
  closable,
}) => {
  const before = await visit(context, closable.url);
  await before.getByLabel(REQUEST).fill('typed before');
  await before.close();

  const page = await sharingPage(context, closable.url);
  await share(page, { title: 'Invoice', files: [PDF] });
  await expect(page).toHaveURL(/#\/desk/);
  await expect(messages(page)).toContainText('invoice.pdf is on the desk');
  await expect(page.getByRole('group', { name: 'File' })).toContainText('1 page', {
    timeout: 60_000,
  });
  await expect.poll(() => waiting(page)).toBe(0);

  await messages(page).getByRole('button', { name: 'Put back what was there' }).click();
  await expect(page.getByLabel(REQUEST)).toHaveValue('typed before');
});

test('offline: a text goes to the desk and a table to Batch, also when the shell was stopped', async ({
  context,
  closable,
}) => {
  const visited = await visit(context, closable.url);
  const first = await sharingPage(context, closable.url);
  const second = await sharingPage(context, closable.url);
  await closable.close();
  await context.setOffline(true);
  const session = await context.newCDPSession(visited);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await visited.close();

  await share(first, { title: 'Ticket', text: 'Ticket: my card was stolen' });
  await expect(first.getByLabel(REQUEST)).toHaveValue('Ticket: my card was stolen');
  await expect(messages(first)).toContainText('The text is on the desk');

  await share(second, { files: [CSV] });
  await expect(second).toHaveURL(/#\/batch/);
  await expect(second.getByRole('button', { name: 'Answer 2 rows' })).toBeVisible({
    timeout: 60_000,
  });
  await expect.poll(() => waiting(second)).toBe(0);
});

test('a page that dies before it took it up loses nothing', async ({ context, closable }) => {
  await (await visit(context, closable.url)).close();
  const page = await sharingPage(context, closable.url);
  const session = await context.newCDPSession(page);
  await page.locator('[name=text]').fill('shared before the crash');
  await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page).toHaveURL(/#\/desk/);
  await page.close();

  const next = await context.newPage();
  await next.goto(closable.url);
  await expect(next.getByLabel(REQUEST)).toHaveValue('shared before the crash');
  await expect.poll(() => waiting(next)).toBe(0);
  await next.reload();
  await expect(next.getByLabel(REQUEST)).toHaveValue('shared before the crash');
});

test('what cannot be kept is said', async ({ context, closable }) => {
  await (await visit(context, closable.url)).close();
  const page = await sharingPage(context, closable.url);
  await share(page, {});
  await expect(messages(page)).toContainText('What was shared could not be kept');
  expect(new URL(page.url()).search).toBe('');
});

test('files that the system opens with the app land where they belong', async ({
  context,
  closable,
}) => {
  const page = await context.newPage();
  // Headless Chromium has no system that opens files: the queue is the test's, everything behind it is real.
  await page.addInitScript(() => {
    const queue = {
      setConsumer: (consumer: unknown) => Object.assign(window, { launch: consumer }),
    };
    Object.defineProperty(window, 'launchQueue', { value: queue });
  });
  await page.goto(closable.url);
  await page.waitForFunction(() => 'launch' in window);
  const open = (name: string, content: string, url = '') =>
    page.evaluate(
      ([name, content, targetURL]) => {
        const { launch } = window as unknown as { launch: (params: unknown) => void };
        const handle = { getFile: () => Promise.resolve(new File([content ?? ''], name ?? '')) };
        launch({ files: name === '' ? [] : [handle], targetURL });
      },
      [name, content, url],
    );
  await open('letter.txt', 'Please block my card.');
  await expect(messages(page)).toContainText('letter.txt is on the desk');
  await open('tickets.csv', CSV.buffer.toString());
  await expect(page.getByRole('button', { name: 'Answer 2 rows' })).toBeVisible({
    timeout: 60_000,
  });
  await open('', '', `${closable.url}#/review`);
  await expect(page).toHaveTitle('Review · Flotilla');
});
