/** The widget's form in a page on another port, with the real SDK and the real models: looks, keys, answers, corrections. */
import AxeBuilder from '@axe-core/playwright';
import type { FrameLocator, Page } from '@playwright/test';
import { expect, test } from './embed-host.ts';
import { embedForm, type Embedding } from './widget-embed.ts';

const TICKET = 'My new card has not arrived yet';
const STRANGE = 'what is the meaning of purple elephants singing in the rain';
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const ANSWER_MS = 60_000;

test.setTimeout(300_000);

/** A portal with one control of its own, whose main part the widget is. */
async function open(
  page: Page,
  { portal, site }: { portal: string; site: string },
  options: Embedding = {},
): Promise<FrameLocator> {
  await page.goto(`${portal}/portal`);
  await page.evaluate(() => {
    const button = document.createElement('button');
    button.textContent = 'Of the portal';
    document.body.append(button);
  });
  return embedForm(page, site, { language: 'en', ...options });
}

async function ask(form: FrameLocator, text: string): Promise<void> {
  await form.getByRole('textbox').fill(text);
  await form.getByRole('textbox').press('Enter');
  await expect(form.getByRole('article')).toBeVisible({ timeout: ANSWER_MS });
}

/** What axe finds inside the frame; the bare portal around it is not its business. */
async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter(({ target }) => target.length > 1).map(({ html }) => `${id}: ${html}`),
  );
}

/** How much higher or lower the frame is than what is in it, px. */
async function misfit(page: Page, form: FrameLocator): Promise<number> {
  const content = await form
    .locator('main')
    .evaluate((main) => main.getBoundingClientRect().height);
  const frame = await page.locator('iframe').evaluate((element) => element.clientHeight);
  return Math.abs(frame - content);
}

const fits = (page: Page, form: FrameLocator) =>
  expect.poll(() => misfit(page, form)).toBeLessThanOrEqual(1);

for (const scheme of ['light', 'dark'] as const) {
  for (const layout of ['compact', 'card', 'full'] as const) {
    test(`${layout}, ${scheme}: axe finds nothing before and after an answer, and the height follows`, async ({
      page,
      site,
      portals,
    }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width: layout === 'full' ? 1440 : 375, height: 900 });
      const where = { portal: portals.portal, site: site.url };
      const form = await open(page, where, { layout, theme: { scheme } });
      await expect(form.getByRole('textbox')).toBeVisible();
      expect(await problems(page), 'before its use').toEqual([]);
      await fits(page, form);
      await ask(form, TICKET);
      await expect(form.getByRole('article')).toContainText('Card arrival');
      await expect(form.getByRole('article')).toContainText(/9\d% sure/);
      if (layout === 'compact') await form.getByRole('button', { name: 'More' }).click();
      await expect(form.getByText('What else it could be')).toBeVisible();
      expect(await problems(page), 'with its answer').toEqual([]);
      await fits(page, form);
      const sideways = await form
        .locator('html')
        .evaluate((html) => html.scrollWidth - html.clientWidth);
      expect(sideways).toBeLessThanOrEqual(0);
    });
  }
}

test('before its use no engine and no library is loaded, and nothing moves when they are', async ({
  page,
  site,
  portals,
}) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const where = { portal: portals.portal, site: site.url };
  const form = await open(page, where, { layout: 'full', text: TICKET });
  await expect(form.getByRole('textbox')).toHaveValue(TICKET);
  await page.waitForLoadState('networkidle');
  expect(fetched.filter((path) => /live-|router|\.wasm|\/fleet\//.test(path))).toEqual([]);
  const height = () => page.locator('iframe').evaluate((element) => element.clientHeight);
  const before = await height();
  await form.getByRole('button', { name: 'Answer' }).hover();
  await expect.poll(() => fetched.some((path) => path.includes('live-'))).toBe(true);
  await expect(form.getByRole('combobox', { name: 'Work' })).toContainText('Extract fields');
  expect(await height()).toBe(before);
});

test('by keyboard alone: in, a line break, an answer, a correction, out again', async ({
  page,
  site,
  portals,
}) => {
  const form = await open(page, { portal: portals.portal, site: site.url });
  await expect(form.getByRole('textbox')).toBeVisible();
  await page.getByRole('button', { name: 'Of the portal' }).focus();
  await page.keyboard.press('Tab');
  await expect(form.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('My new card');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('has not arrived yet');
  await expect(form.getByRole('textbox')).toHaveValue('My new card\nhas not arrived yet');
  await page.keyboard.press('Enter');
  await expect(form.getByRole('article')).toContainText('Card arrival', { timeout: ANSWER_MS });
  await expect(form.getByRole('status')).toContainText('Card arrival');

  await form.getByRole('button', { name: 'Correct' }).focus();
  await page.keyboard.press('Enter');
  await expect(form.getByRole('combobox', { name: 'Which label is right?' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(form.getByRole('combobox', { name: 'Which label is right?' })).toBeHidden();
  await expect(form.getByRole('button', { name: 'Correct' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('lost or stolen');
  await page.keyboard.press('Enter');
  await expect(form.getByText('Corrected to Lost or stolen card by you')).toBeVisible();
  expect(await page.evaluate(() => window.heardOfForm)).toEqual({
    answered: ['accepted'],
    corrected: ['lost_or_stolen_card'],
  });

  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Of the portal' })).toBeFocused();
});

test('the host hands the focus in, changes the text, and never takes away what was typed', async ({
  page,
  site,
  portals,
}) => {
  const form = await open(page, { portal: portals.portal, site: site.url }, { text: 'ticket 1' });
  await page.evaluate(() => window.widget.focus());
  await expect(form.getByRole('textbox')).toBeFocused();
  await page.evaluate(() => window.widget.setLook({ text: 'ticket 2' }));
  await expect(form.getByRole('textbox')).toHaveValue('ticket 2');
  await page.keyboard.type('!');
  await page.evaluate(() => window.widget.setLook({ text: 'ticket 3' }));
  await page.evaluate(() => window.widget.setLook({ language: 'de' }));
  await expect(form.getByRole('button', { name: 'Antworten' })).toBeVisible();
  await expect(form.getByRole('textbox')).toHaveValue(/^ticket 2!|!ticket 2$/);
});

test('what was typed is there again after the portal was reloaded', async ({
  page,
  site,
  portals,
}) => {
  const places = { portal: portals.portal, site: site.url };
  const form = await open(page, places, { text: 'ticket 1' });
  await form.getByRole('textbox').fill('ticket 1, and my own words');
  await page.reload();
  const again = await open(page, places, { text: 'ticket 1' });
  await expect(again.getByRole('textbox')).toHaveValue('ticket 1, and my own words');
  await ask(again, `${await again.getByRole('textbox').inputValue()}: ${TICKET}`);
  const other = await open(page, places, { text: 'ticket 2' });
  await expect(other.getByRole('textbox')).toHaveValue('ticket 2');
});

test('doubt looks different from an accepted answer in more than colour', async ({
  page,
  site,
  portals,
}) => {
  const form = await open(page, { portal: portals.portal, site: site.url });
  await ask(form, STRANGE);
  await expect(form.getByText('Needs a person')).toBeVisible();
  const styleOf = () =>
    form.getByRole('article').evaluate((card) => getComputedStyle(card).borderTopStyle);
  expect(await styleOf()).toBe('dashed');
  await expect(form.getByRole('button', { name: 'Accept' })).toBeHidden();
  await ask(form, TICKET);
  await expect(form.getByText('Accepted', { exact: true })).toBeVisible();
  expect(await styleOf()).toBe('solid');
});

test('a theme that reads is taken; one that does not leaves the built-in colours', async ({
  page,
  site,
  portals,
}) => {
  const where = { portal: portals.portal, site: site.url };
  const colorOf = (form: FrameLocator) =>
    form
      .getByRole('button', { name: 'Answer' })
      .evaluate((button) => getComputedStyle(button).backgroundColor);
  const taken = { accent: 'oklch(40% 0.2 310)', background: '#fff8e1', radius: 16 } as const;
  const form = await open(page, where, { theme: { ...taken, font: 'Georgia, serif' } });
  await expect(form.locator('html')).toHaveAttribute('data-refused', '');
  const brand = await colorOf(form);
  expect(await problems(page)).toEqual([]);
  expect(
    await form.locator('main').evaluate((main) => getComputedStyle(main).fontFamily),
  ).toContain('Georgia');

  const refused = await open(page, where, {
    theme: { accent: 'yellow', background: '#777', text: 'url(x)', scheme: 'light' },
  });
  await expect(refused.locator('html')).toHaveAttribute('data-refused', 'text background accent');
  const own = await colorOf(refused);
  expect(own).not.toBe(brand);
  expect(own).toBe('rgb(11, 96, 114)');
  expect(await problems(page)).toEqual([]);
});

test('German words and figures, and English where the engine speaks', async ({
  page,
  site,
  portals,
}) => {
  const form = await open(page, { portal: portals.portal, site: site.url }, { language: 'de-AT' });
  await expect(form.locator('html')).toHaveAttribute('lang', 'de-AT');
  await expect(form.getByText('nichts verlässt dieses Gerät')).toBeVisible();
  await form.getByRole('textbox', { name: 'Die Anfrage' }).fill(TICKET);
  await form.getByRole('button', { name: 'Antworten' }).click();
  const answer = form.getByRole('article', { name: 'Die Antwort' });
  await expect(answer).toContainText('Angenommen', { timeout: ANSWER_MS });
  await expect(answer).toContainText(/zu .{0,3}9\d\s%\s?sicher/);
  await expect(answer.locator('section [lang="en"]').first()).not.toBeEmpty();
});

test('from right to left nothing overflows', async ({ page, site, portals }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  const where = { portal: portals.portal, site: site.url };
  const form = await open(page, where, { language: 'ar', layout: 'full' });
  await expect(form.locator('html')).toHaveAttribute('dir', 'rtl');
  await ask(form, TICKET);
  const sideways = await form
    .locator('html')
    .evaluate((html) => html.scrollWidth - html.clientWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  expect(await problems(page)).toEqual([]);
});

test('on paper: the text and the answer, no controls', async ({ page, site, portals }) => {
  const form = await open(page, { portal: portals.portal, site: site.url });
  await ask(form, TICKET);
  await page.emulateMedia({ media: 'print' });
  await expect(form.getByRole('article')).toBeVisible();
  await expect(form.getByText('nothing leaves this device')).toBeVisible();
  await expect(form.getByRole('button')).toHaveCount(0);
});

test('an empty request is trouble in words; a file chosen before the form was live is read', async ({
  page,
  site,
  portals,
}) => {
  const form = await open(page, { portal: portals.portal, site: site.url }, { task: 'redact' });
  const chooser = page.waitForEvent('filechooser');
  await form.getByRole('button', { name: 'Choose a file' }).click();
  await (
    await chooser
  ).setFiles({
    name: 'note.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Write to john.smith@example.com'),
  });
  await expect(form.getByText('note.txt')).toBeVisible();
  await form.getByRole('button', { name: 'Answer' }).click();
  await expect(form.getByRole('article')).toContainText('1 detail redacted', {
    timeout: ANSWER_MS,
  });
  await form.getByRole('button', { name: 'Remove note.txt' }).click();
  await form.getByRole('button', { name: 'Answer' }).click();
  await expect(form.getByRole('alert')).toContainText('empty_input');
});
