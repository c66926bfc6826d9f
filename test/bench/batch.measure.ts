/** Ten thousand rows through the batch page: seconds, rows per second, and tasks over 50 ms on the page's thread. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { ROOT } from '../../.ci/project.mjs';
import { expect, test } from '../browser/fixture.ts';

const FILE = join(
  process.env['FLOTILLA_DATA'] ?? join(ROOT, '../shared/data'),
  'banking77/train.csv',
);
const ROWS = 10_000;
const LIMIT_MS = 1_500_000;

test('ten thousand rows of a CSV on the batch page', async ({ page, site }) => {
  test.skip(!existsSync(FILE), 'the data set banking77 is not there');
  const { data } = Papa.parse<{ text: string }>(readFileSync(FILE, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const csv = test.info().outputPath('tickets.csv');
  writeFileSync(csv, Papa.unparse(data.slice(0, ROWS).map(({ text }) => ({ text }))));
  await page.addInitScript(() => {
    const longTasks: number[] = [];
    Object.assign(window, { longTasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTasks.push(Math.round(entry.duration));
    }).observe({ type: 'longtask' });
  });
  await page.goto(`${site.url}#/batch`);
  await page.evaluate(() => window.flotilla.embed('encoder', ['ready']));
  await page.evaluate(() => ((window as unknown as { longTasks: number[] }).longTasks.length = 0));
  await page.locator('#main input[type=file]').first().setInputFiles(csv);
  const startedAt = Date.now();
  await page.getByRole('button', { name: /^Answer [\d,]+ rows$/ }).click();
  await expect(page.getByText('All rows answered')).toBeVisible({ timeout: LIMIT_MS });
  const seconds = (Date.now() - startedAt) / 1000;
  const longTasks = await page.evaluate(
    () => (window as unknown as { longTasks: number[] }).longTasks,
  );
  console.log(
    `batch page: ${ROWS} rows in ${seconds.toFixed(1)} s, ${(ROWS / seconds).toFixed(0)} rows/s; tasks over 50 ms on the page: ${longTasks.length} ${JSON.stringify(longTasks.toSorted((a, b) => b - a).slice(0, 5))}`,
  );
});
