/**
 * `npm run lighthouse`: accessibility and best practices of every page, of the widget and of the example portal.
 * Lighthouse is fetched for the run and is no dependency; where it cannot be fetched, that is said and nothing fails.
 * Names of pages as arguments run only these: `npm run lighthouse -- desk widget.html`.
 */
import { spawn } from 'node:child_process';
import { findChromium } from './chromium.mjs';
import { servePortal } from './portal.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './project.mjs';

/** 13 and later need a newer Node than this project does. */
const PACKAGE = 'lighthouse@12.8.2';
const LIMIT_MS = 180_000;
const PAGES = [
  ...['desk', 'batch', 'review', 'workflows', 'knowledge', 'chat', 'fleet', 'models', 'train'],
  ...['audit', 'settings', 'receipts', 'embed'],
];
const CATEGORIES = ['accessibility', 'best-practices'];

/**
 * @typedef {{ title: string, score: number | null, scoreDisplayMode: string }} Audit
 * @typedef {{ score: number, auditRefs: { id: string, weight: number }[] }} Category
 * @typedef {{ categories: Record<string, Category>, audits: Record<string, Audit> }} Report
 */

requireNode();
await ensureInstalled();
await ensureBuilt();
process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} wanted */
async function main(wanted) {
  const chromium = findChromium();
  if (chromium === null || (await lighthouse(['--version'], chromium)) === null) {
    console.log(
      `skipped: Lighthouse (${chromium ? `${PACKAGE} cannot be fetched` : 'no Chromium'})`,
    );
    return 0;
  }
  const served = await servePortal();
  const addresses = Object.entries({
    ...Object.fromEntries(PAGES.map((page) => [page, `${served.flotilla}#/${page}`])),
    'widget.html': `${served.flotilla}widget.html`,
    ...Object.fromEntries(
      ['index', 'tickets', 'invoices', 'table'].map((page) => [
        `portal/${page}.html`,
        `${served.portal}${page}.html`,
      ]),
    ),
  }).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  let below = 0;
  for (const [name, address] of addresses)
    below += (await measure(name, address, chromium)) ? 0 : 1;
  await served.close();
  console.log(`${addresses.length - below} of ${addresses.length} pages have 100 in both.`);
  return below === 0 ? 0 : 1;
}

/**
 * @param {string} name
 * @param {string} address
 * @param {string} chromium
 * @returns {Promise<boolean>} 100 in both
 */
async function measure(name, address, chromium) {
  const options = ['--output=json', '--quiet', `--only-categories=${CATEGORIES.join()}`];
  const flags = '--chrome-flags=--headless=new --no-sandbox --disable-quic';
  const output = await lighthouse([address, ...options, flags], chromium);
  if (output === null) {
    console.log(`${name}: Lighthouse gave nothing`);
    return false;
  }
  /** @type {Report} */
  const { categories, audits } = JSON.parse(output);
  const scores = CATEGORIES.map((id) => ({
    id,
    score: Math.round((categories[id]?.score ?? 0) * 100),
  }));
  console.log(`${name}: ${scores.map(({ id, score }) => `${id} ${score}`).join(', ')}`);
  for (const { id } of scores)
    for (const { id: audit, weight } of categories[id]?.auditRefs ?? []) {
      const { score = null, title = '' } = audits[audit] ?? {};
      if (weight > 0 && score !== null && score < 1) console.log(`    ${audit}: ${title}`);
    }
  return scores.every(({ score }) => score === 100);
}

/**
 * @param {string[]} args
 * @param {string} chromium
 * @returns {Promise<string | null>} what it printed; null where it failed
 */
function lighthouse(args, chromium) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['exec', '--yes', PACKAGE, '--', ...args], {
      env: { ...process.env, CHROME_PATH: chromium },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? output : null));
  });
}
