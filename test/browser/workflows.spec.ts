/** Workflows, knowledge bases and batches of files, through the real page with the real fleet. */
import type { Page } from '@playwright/test';
import type { ClassifyOutput } from '../../src/core/answer.ts';
import { expect, test } from './fixture.ts';

const MAIL = [
  'From: Ada Kern <ada.kern@example.org>',
  'To: service@example.com',
  'Subject: Stolen card',
  'Date: Mon, 4 May 2026 10:00:00 +0000',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hello,',
  '',
  'my card was stolen on the train yesterday. Please block it as soon as possible.',
  '',
  'Ada Kern',
].join('\r\n');

const NOTES =
  '# Returns\n\nUnworn goods can be returned within 30 days.\n\n# Shipping\n\nThree days.\n';

async function runExample(page: Page, id: string): Promise<void> {
  await page.goto(`/#/workflows/${id}`);
  await page.getByRole('button', { name: 'Fill in an example' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}
const goOn = (page: Page) => page.getByRole('button', { name: 'It is right: go on' });
const step = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
const result = (page: Page) => page.getByRole('region', { name: 'Result' });

test('accounts payable: fields, a person’s decision kept over a reload, the order, the posting note', async ({
  page,
}) => {
  await runExample(page, 'accounts-payable');
  await expect(page.getByText('Waits for you').first()).toBeVisible();
  await expect(step(page, 'Read the fields')).toContainText('invoices 1.0.0');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  await page.reload();
  await expect(goOn(page)).toBeVisible();
  await goOn(page).click();
  await expect(page.getByText('Through')).toBeVisible();
  await expect(step(page, 'Read the fields')).toContainText('Decided by you');
  await expect(step(page, 'Check against EN 16931')).toContainText('Left out');
  await expect(step(page, 'Compare with the order')).toContainText('Passes');
  await expect(result(page)).toContainText('285.60');
  await expect(page.getByText('0 bytes left this device').last()).toBeVisible();
});

test('helpdesk triage: hidden names, a label, a draft out of the notes', async ({ page }) => {
  await runExample(page, 'helpdesk-triage');
  await expect(page.getByText('Through').or(goOn(page))).toBeVisible();
  if (await goOn(page).isVisible()) await goOn(page).click();
  await expect(page.getByText('Through')).toBeVisible();
  await expect(result(page)).toContainText('[EMAIL_1]');
  await expect(result(page)).toContainText('blocked at once in the app');
});

for (const [id, words] of [
  ['call-wrap-up', 'technician'],
  ['goods-in', 'fail'],
] as const)
  test(`${id} runs through and says what it found`, async ({ page }) => {
    await runExample(page, id);
    await expect(page.getByText('Through').or(goOn(page))).toBeVisible();
    if (await goOn(page).isVisible()) await goOn(page).click();
    await expect(result(page)).toContainText(words);
  });

test('outpatient coding always waits for a person before a code is written', async ({ page }) => {
  await runExample(page, 'outpatient-coding');
  await expect(step(page, 'Propose codes')).toContainText('Waits for you');
  await expect(step(page, 'Write the list of codes')).toContainText('Not yet');
  await goOn(page).click();
  await expect(result(page)).toContainText('E11.9');
});

test('a workflow without what it needs says so and runs nothing', async ({ page }) => {
  await page.goto('/#/workflows/goods-in');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  const failed = await page.evaluate(() =>
    window.flotilla
      .runWorkflow('nothing', { text: 'x' })
      .catch((error: unknown) => (error as { code?: string }).code),
  );
  expect(failed).toBe('unknown_workflow');
});

test('files: work finds them by their kind; an e-mail is sorted with its language and priority', async ({
  page,
}) => {
  await page.goto('/');
  const answers = await page.evaluate(async (mail) => {
    const { flotilla } = window;
    const cards = await flotilla.specialists();
    const example = cards.flatMap((card) =>
      card.id === 'transcripts' && 'kind' in card ? card.examples : [],
    );
    const html = `<html><body>${(example[1]?.text ?? '')
      .split('\n')
      .map((line) => `<p>${line}</p>`)
      .join('')}</body></html>`;
    const talk = new File([html], 'visit.html', { type: 'text/html' });
    const message = new File([mail], 'mail.eml', { type: 'message/rfc822' });
    return Promise.all([flotilla.run({ file: talk }), flotilla.run({ file: message })]);
  }, MAIL);
  const [visit, letter] = answers;
  expect(visit).toMatchObject({ task: 'summarize', specialist: { id: 'transcripts' } });
  expect(visit.decision.classifications[0]?.label).toBe('transcript');
  const { label, facets } = letter.output as ClassifyOutput;
  expect(label).toMatch(/card/);
  expect(facets).toMatchObject({
    language: { label: 'en' },
    priority: { label: 'high' },
    asks_for_something: { label: 'yes' },
  });
});

test('a knowledge base is made of files, kept over a reload, and drafts rest on it', async ({
  page,
}) => {
  await page.goto('/#/knowledge');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'returns.md', mimeType: 'text/markdown', buffer: Buffer.from(NOTES) });
  await expect(page.getByRole('heading', { name: 'returns' })).toBeVisible();
  await page.reload();
  await expect(page.getByText('returns.md')).toBeVisible();
  const reply = await page.evaluate(async () => {
    const bases = await window.flotilla.knowledge.knowledgeBases();
    const knowledge = bases.ok ? bases.value[0]?.id : undefined;
    const text = 'Hello, can I return the unworn shoes, and within how many days? Kim';
    return window.flotilla.run({ task: 'draft', text, input: { knowledge } });
  });
  expect(reply.output).toMatchObject({ sources: [{ id: expect.stringContaining('returns.md') }] });
  expect(JSON.stringify(reply.output)).toContain('within 30 days');
});

test('a batch of files: worked on one by one, opened at the desk, exported as a workbook', async ({
  page,
}) => {
  await page.goto('/#/batch');
  const text = (n: number): Buffer =>
    Buffer.from(`<html><body><h1>Report ${n}</h1><p>Flow rate: ${40 + n} l/min</p></body></html>`);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(
      [1, 2, 3].map((n) => ({ name: `report-${n}.html`, mimeType: 'text/html', buffer: text(n) })),
    );
  await page.getByRole('combobox', { name: 'Work' }).selectOption('check');
  await page.getByText('Settings of “Check”').click();
  await page
    .getByRole('textbox', { name: 'Specification' })
    .fill('1. The flow rate shall be at least 42 l/min.');
  await page.getByRole('button', { name: 'Work on 3 files' }).click();
  await expect(page.getByText('All rows answered')).toBeVisible();
  const rows = page.getByRole('table', { name: 'Answered rows' });
  await expect(rows).toContainText('fail: 1');
  await expect(rows).toContainText('pass');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export XLSX' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
  await page.getByRole('button', { name: 'Open row 1' }).click();
  await expect(page).toHaveURL(/#\/desk/);
  await expect(page.getByRole('article')).toContainText('flow rate');
});
