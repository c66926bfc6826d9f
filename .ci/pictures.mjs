/** Makes what the manifest shows of the app: the monochrome icon as PNG and screenshots of the built app at work. */
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { DIST, ensureBuilt, ensureFolder, ROOT } from './project.mjs';
import { serve } from './serve.mjs';

const ICONS = join(ROOT, 'public/icons');
const SCREENSHOTS = join(ROOT, 'public/screenshots');
const TICKET = 'My card was stolen yesterday, please block it';
/** Each stays below 75 KB, so that installing loads no megabytes. */
const QUALITY = 60;

const VIEWS = [
  { name: 'desk-wide', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { name: 'desk-narrow', viewport: { width: 375, height: 667 }, deviceScaleFactor: 2 },
];

await ensureBuilt();
ensureFolder(SCREENSHOTS);
const executablePath = findChromium();
if (executablePath === null)
  throw new Error('No Chromium found. Set CHROME_PATH to its executable.');
const site = await serve({ folder: DIST, port: 0 });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await drawIcon('flotilla-monochrome', 192);
  for (const { name, ...view } of VIEWS) await photograph(name, view);
} finally {
  await browser.close();
  await site.close();
}

/**
 * @param {string} name of the SVG
 * @param {number} size px
 */
async function drawIcon(name, size) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = readFileSync(join(ICONS, `${name}.svg`), 'utf8');
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  await page.screenshot({ path: join(ICONS, `${name}-${size}.png`), omitBackground: true });
  await page.close();
}

/**
 * The desk with one answered ticket.
 * @param {string} name
 * @param {import('@playwright/test').BrowserContextOptions} view
 */
async function photograph(name, view) {
  const page = await browser.newPage({ ...view, colorScheme: 'light' });
  await page.goto(site.url);
  await page.getByLabel('The request: a ticket, an e-mail, a command').fill(TICKET);
  await page.keyboard.press('Enter');
  await page.locator('#answer', { hasText: 'Accepted' }).waitFor({ timeout: 120_000 });
  await page.waitForFunction(
    () => document.querySelector('[aria-label="Messages"]') === null,
    null,
    {
      timeout: 120_000,
    },
  );
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo(0, 0);
  });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.jpg`), type: 'jpeg', quality: QUALITY });
  await page.close();
}
