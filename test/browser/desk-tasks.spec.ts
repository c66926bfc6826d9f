/** Every kind of work at the desk in real Chromium: own files and texts through the shipped specialists. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';
import { pdfOf } from './pdf-file.ts';

const INVOICE = [
  'Haldern Tools Ltd',
  '12 Quay Street, Bristol BS1 4QA',
  'VAT number: GB 123 4567 82',
  'INVOICE',
  'Invoice number: HT-2041',
  'Invoice date: 2 September 2026',
  'Due date: 2 October 2026',
  'Bill to: Brightwater Cafe',
  'Description        Qty   Unit price   Amount',
  'Hand drill           2        10.00    20.00',
  'Drill bits           1         5.50     5.50',
  'Net total: GBP 25.50',
  'VAT 20 %: GBP 5.10',
  'Total due: GBP 30.60',
];
const PDF = { name: 'invoice.pdf', mimeType: 'application/pdf', buffer: pdfOf(INVOICE) };

const CALL = [
  'Agent: Good morning, Haldern Tools, how can I help you?',
  'Caller: My drill HT-7 has stopped working. It will not start since Monday.',
  'Agent: I am sorry to hear that. Have you charged the battery?',
  'Caller: Yes, overnight, and the light is green.',
  'Agent: Then I will send you a new battery today. It arrives on Thursday.',
  'Caller: Thank you. I will call again if it does not help.',
].join('\n');

const NOTE =
  'Dear Ms Okafor,\nplease pay to DE89 3704 0044 0532 0130 00 or write to ada.byron@example.org. Call me on +49 30 901820.\nAda Byron';

const MESSAGE = [
  'From: Ada Byron <ada@example.org>',
  'To: desk@example.org',
  'Subject: Our invoice HT-2041',
  'Date: Wed, 02 Sep 2026 10:00:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="part"',
  '',
  '--part',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Dear team, the invoice is attached. Please confirm that it has arrived.',
  '',
  '--part',
  'Content-Type: application/pdf; name="invoice.pdf"',
  'Content-Disposition: attachment; filename="invoice.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  PDF.buffer.toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
  '--part--',
  '',
].join('\r\n');

const card = (page: Page) => page.locator('#answer');
const form = (page: Page) => page.getByRole('form', { name: 'Request' });
const text = (page: Page) => page.getByLabel('The request: a ticket, an e-mail, a command');

async function openDesk(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(card(page)).toBeVisible();
}

async function drop(page: Page, file: { name: string; mimeType: string; buffer: Buffer }) {
  await form(page).locator('input[type=file][aria-hidden]').setInputFiles(file);
  await expect(page.getByRole('group', { name: 'File' })).toContainText(file.name);
}

/** Chooses the work, asks, and waits until the answer in its own form is there. */
async function ask(page: Page, work: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Work' }).selectOption({ label: work });
  await form(page)
    .getByRole('button', { name: /^Answer/ })
    .click();
  await answered(page);
}

async function answered(page: Page): Promise<void> {
  await expect(form(page).getByRole('button', { name: /^Answer/ })).toBeVisible({
    timeout: 90_000,
  });
  await expect(page.getByRole('region', { name: 'Answer, in full' })).toBeVisible();
}

async function write(page: Page, what: string): Promise<void> {
  const change = page.getByRole('button', { name: 'Change the text' });
  if (await change.isVisible()) await change.click();
  await text(page).fill(what);
}

async function problems(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  // What the fixed bars cover at this moment comes free by scrolling: its size is not too small.
  return violations.flatMap((v) =>
    v.nodes
      .filter(({ failureSummary }) => !failureSummary?.includes('partially obscured'))
      .map((node) => `${v.id}: ${node.html} (${node.failureSummary ?? ''})`),
  );
}

test('an invoice as PDF: fields as a form, highlighted on the page, corrected, kept over a reload', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await write(page, 'half a sentence');
  await drop(page, PDF);
  const pages = page.getByRole('region', { name: 'Pages of invoice.pdf' });
  await expect(pages.getByRole('img', { name: 'Page 1 of 1' })).toBeVisible();
  await ask(page, 'Extract fields');
  const number = card(page).getByRole('textbox', { name: 'Invoice number' });
  await expect(number).toHaveValue('HT-2041');
  await expect(card(page).getByRole('textbox', { name: 'Total gross' })).toHaveValue('30.60');
  await number.focus();
  await expect(pages.locator('[data-group="field-invoice_number"]').first()).toHaveClass(/active/);
  await pages.locator('[data-group="field-total_gross"]').first().click();
  await expect(card(page).getByRole('textbox', { name: 'Total gross' })).toBeFocused();

  await number.fill('HT-2042');
  await expect(card(page)).toContainText('Was: HT-2041');
  await card(page)
    .getByRole('button', { name: /Accept with changes/ })
    .click();
  await expect(card(page)).toContainText('Corrected by you');
  await page.reload();
  await expect(page.getByRole('group', { name: 'File' })).toContainText('invoice.pdf');
  await expect(number).toHaveValue('HT-2042');
  await page.getByRole('button', { name: 'Remove invoice.pdf' }).click();
  await expect(text(page)).toHaveValue('half a sentence');
});

test('an e-mail: its head, its attachment in its place, and the way back', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await drop(page, {
    name: 'mail.eml',
    mimeType: 'message/rfc822',
    buffer: Buffer.from(MESSAGE, 'utf8'),
  });
  const document = page.getByRole('region', { name: 'Document' });
  await expect(document).toContainText('Our invoice HT-2041');
  await expect(document).toContainText('ada@example.org');
  await document.getByRole('button', { name: /invoice\.pdf/ }).click();
  await expect(page.getByRole('group', { name: 'File' })).toContainText('invoice.pdf');
  await expect(page.getByRole('img', { name: 'Page 1 of 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to mail.eml' }).click();
  await expect(document).toContainText('Please confirm that it has arrived');
});

test('redact: placeholders by type, one shown again by click and by keyboard', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await write(page, NOTE);
  await ask(page, 'Redact');
  const redacted = card(page).getByRole('region', { name: 'Redacted text' });
  await expect(redacted).not.toContainText('DE89 3704');
  await expect(redacted).not.toContainText('ada.byron@example.org');
  const iban = redacted.getByRole('button', { name: /IBAN/ }).first();
  await iban.click();
  await expect(redacted).toContainText('DE89 3704 0044 0532 0130 00');
  await page.keyboard.press('Enter');
  await expect(redacted).not.toContainText('DE89 3704');
  await card(page).getByRole('button', { name: 'Original' }).click();
  await expect(card(page).getByRole('region', { name: 'Original text' })).toContainText(
    'DE89 3704',
  );
});

test('summarise: each point shows the lines of the call that it rests on', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await drop(page, { name: 'call.txt', mimeType: 'text/plain', buffer: Buffer.from(CALL) });
  await expect(page.getByRole('region', { name: 'Text of call.txt' })).toContainText('HT-7');
  await ask(page, 'Summarise');
  const point = card(page).getByRole('region', { name: 'Answer, in full' }).locator('li button');
  await point.first().click();
  const quote = card(page).locator('blockquote').first();
  const words = (await quote.innerText()).trim();
  expect(words.length).toBeGreaterThan(5);
  expect(CALL).toContain(words.split('\n')[0]);
  await expect(page.locator('mark.active').first()).toBeVisible();
});

test('fill a template: one text for each row, missing slots listed', async ({ page, site }) => {
  await openDesk(page, site.url);
  await write(page, 'Dear {{name}}, invoice {{number}} is due on {{due}}.');
  await page.getByRole('combobox', { name: 'Work' }).selectOption({ label: 'Fill a template' });
  await page.getByLabel('Records', { exact: true }).fill('name,number,due\nAda,7,\nGrace,8,Friday');
  await ask(page, 'Fill a template');
  const letter = card(page).getByRole('textbox', { name: 'The text' });
  await expect(letter).toHaveValue('Dear Ada, invoice 7 is due on [due].');
  await card(page).getByRole('button', { name: 'due', exact: true }).click();
  expect(
    await letter.evaluate((field: HTMLTextAreaElement) =>
      field.value.slice(field.selectionStart, field.selectionEnd),
    ),
  ).toBe('[due]');
  await card(page).getByRole('button', { name: 'Next page' }).click();
  await expect(letter).toHaveValue('Dear Grace, invoice 8 is due on Friday.');
});

test('check: clauses as a table, filtered, with what was found shown in the text', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await write(page, 'Bore: 12.02 mm\nHardness: 58 HRC');
  await page.getByRole('combobox', { name: 'Work' }).selectOption({ label: 'Check' });
  await page
    .getByLabel('Specification', { exact: true })
    .fill('parameter,nominal,tolerance,unit\nBore,12,0.05,mm\nHardness,60,1,HRC\nLength,40,0.1,mm');
  await ask(page, 'Check');
  const table = card(page).getByRole('table', { name: 'Clauses' });
  await expect(table).toContainText('Failed');
  await expect(table).not.toContainText('Passed');
  await card(page).getByRole('button', { name: /^All/ }).click();
  await expect(table).toContainText('Passed');
  await table.getByRole('button').first().focus();
  await expect(page.locator('mark.active')).toHaveCount(1);
});

test('code: nothing is taken until a person ticks and confirms it', async ({ page, site }) => {
  await openDesk(page, site.url);
  await write(page, 'Patient with type 2 diabetes and pneumonia, admitted with fever and cough.');
  await ask(page, 'Code');
  await expect(card(page)).toContainText('Needs a person');
  const confirm = card(page).getByRole('button', { name: /^Confirm/ });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await card(page).getByRole('checkbox').first().check();
  await confirm.click();
  await expect(card(page)).toContainText(/Corrected by you|Accepted by you/);
  await page.reload();
  await expect(card(page).getByRole('checkbox').first()).toBeChecked();
});

test('draft: an editor with what is missing, and the sources with their passages', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await page.getByRole('button', { name: 'Example: Draft a reply' }).click();
  await answered(page);
  const reply = card(page).getByRole('textbox', { name: 'The reply' });
  await expect(reply).not.toHaveValue('');
  await reply.press('End');
  await reply.pressSequentially(' PS');
  await expect(card(page).getByRole('button', { name: /Accept with changes/ })).toBeVisible();
  const source = card(page).getByRole('region', { name: 'Sources' }).locator('details').first();
  await source.locator('summary').click();
  await expect(source.locator('p')).not.toBeEmpty();
});

test('review: what needs a person is worked through by keyboard alone', async ({ page, site }) => {
  await openDesk(page, site.url);
  await write(page, 'Dear {{name}}, your order {{number}} is ready.');
  await page.getByRole('combobox', { name: 'Work' }).selectOption({ label: 'Fill a template' });
  await page.getByLabel('Or one record').fill('{"name": "Ada"}');
  await ask(page, 'Fill a template');
  await write(page, 'Patient with type 2 diabetes and pneumonia.');
  await ask(page, 'Code');
  await page.goto(`${site.url}#/review`);
  const queue = page.getByRole('navigation', { name: 'Waiting answers' }).getByRole('button');
  await expect(queue).toHaveCount(2);
  await expect(queue.first()).toContainText('Code');
  await expect(queue.first()).toHaveAttribute('aria-current', 'true');
  await page.locator('#main').focus();
  await page.keyboard.press('j');
  await expect(card(page).getByRole('textbox', { name: 'The text' })).toHaveValue(/Dear Ada/);
  await expect(card(page)).toBeFocused();
  await page.keyboard.press('e');
  await page.keyboard.press('End');
  await page.keyboard.type(' Soon.');
  await page.locator('#answer').focus();
  await page.keyboard.press('a');
  await expect(queue).toHaveCount(1);
  await page.keyboard.press('e');
  await expect(card(page).getByRole('checkbox').first()).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('a');
  await expect(page.getByText('Nothing waits for a person')).toBeVisible();
});

test('a file that cannot be read says why, stays, and can be removed', async ({ page, site }) => {
  await openDesk(page, site.url);
  await drop(page, {
    name: 'broken.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\nthis is no PDF'),
  });
  await expect(form(page).getByRole('alert')).toContainText('The file is kept here.');
  await page.getByRole('button', { name: 'Remove broken.pdf' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(text(page)).toBeVisible();
});

test('an image from the clipboard becomes the file; pasted words stay words', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await write(page, '');
  await text(page).evaluate(async (field) => {
    const canvas = new OffscreenCanvas(300, 120);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 300, 120);
    context.fillStyle = '#000';
    context.font = '28px sans-serif';
    context.fillText('Total 30.60', 40, 70);
    const data = new DataTransfer();
    data.items.add(new File([await canvas.convertToBlob()], 'image.png', { type: 'image/png' }));
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await expect(page.getByRole('group', { name: 'File' })).toContainText('image.png');
  await expect(page.getByRole('region', { name: 'Pages of image.png' })).toBeVisible({
    timeout: 90_000,
  });
});

test('pasted without a word, an invoice is read and a letter with a request is sorted', async ({
  page,
}) => {
  await page.goto('/');
  const ask = (text: string) =>
    page.evaluate(async (pasted) => {
      const { task, specialist } = await window.flotilla.run({ text: pasted });
      return `${task} by ${specialist.id}`;
    }, text);
  const invoice =
    'Hollow Oak Print Works Ltd\n7 Tannery Lane, Kilkenny\n\nINVOICE\nInvoice number: HO-26-3381\n' +
    'Invoice date: 12 November 2026\nBill to: Lindwald Savings Bank\n\nLeaflets, A5   5000   0.09   450.00\n' +
    'Subtotal 450.00\nVAT 23 % 103.50\nTotal due EUR 553.50\nPlease pay by 12 December 2026.';
  const letter =
    'Hello,\n\nmy new card still has not arrived, and it has been two weeks.\n\n' +
    'Can you find out where it is?\n\nMany thanks\nJo Miller';
  expect(await ask(invoice)).toBe('extract by invoices');
  expect(await ask(letter)).toMatch(/^classify by /);
});

const LOOKS = [
  { name: 'a phone, dark', width: 375, height: 740, scheme: 'dark' },
  { name: 'wide and light', width: 1440, height: 900, scheme: 'light' },
] as const;

test('every example is answered in its own form, which passes axe on a desk and on a phone', async ({
  page,
  site,
}) => {
  test.setTimeout(400_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  await openDesk(page, site.url);
  const chips = page.getByRole('region', { name: 'Examples', exact: true }).getByRole('button');
  for (let index = 0; index < (await chips.count()); index++) {
    const name = (await chips.nth(index).innerText()).replace('Example:', '').trim();
    const before = page.url();
    await chips.nth(index).press('Enter'); // a click may fall between two layouts
    await expect.poll(() => page.url(), { message: name, timeout: 90_000 }).not.toBe(before);
    await expect(page.getByRole('alert'), name).toHaveCount(0);
    await expect(card(page).getByRole('heading', { level: 2 }), name).not.toContainText(
      'No answer',
    );
    for (const look of LOOKS) {
      await page.setViewportSize(look);
      await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(300); // until the body of the answer is there
      expect.soft(await problems(page), `${name}, ${look.name}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(overflow, `${name} scrolls sideways: ${look.name}`).toBeLessThanOrEqual(0);
    }
  }
});
