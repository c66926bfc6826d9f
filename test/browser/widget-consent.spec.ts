/** Nothing leaves the frame without a real click of a person who could see what leaves. */
import { expect, test } from './embed-host.ts';
import { embedForm } from './widget-embed.ts';

/** Nobody listens there: what would be sent is never received. */
const DEAD_END = 'http://127.0.0.1:9/v1';

test.setTimeout(300_000);
test.use({
  policy: {
    mode: 'prefer_on_device',
    defaults: {
      tiers: ['static', 'encoder', 'server', 'person'],
      egress: 'masked',
      consent: 'ask',
    },
    servers: [{ id: 'onprem', base_url: DEAD_END, model: 'm', region: 'eu' }],
    regions: ['eu'],
  },
});

const DOUBTFUL = 'something about my card, write to john.smith@example.com';

test('the question shows the server, the bytes and the masked text; only an undisturbed click sends', async ({
  page,
  site,
  portals,
}) => {
  const sent: string[] = [];
  page.context().on('request', (request) => {
    if (request.url().startsWith(DEAD_END)) sent.push(request.url());
  });
  await page.goto(`${portals.portal}/portal`);
  const form = await embedForm(page, site.url, { language: 'en', specialist: 'banking-tickets' });
  await expect(
    form.getByText('Flotilla · may send masked text to onprem (eu) after asking'),
  ).toBeVisible();
  await form.getByRole('textbox').fill(DOUBTFUL);
  await form.getByRole('textbox').press('Enter');
  const question = form.getByRole('alertdialog', { name: 'Send this to onprem?' });
  await expect(question).toBeVisible({ timeout: 60_000 });
  await expect(question).toContainText(DEAD_END);
  await expect(question).toContainText('eu');
  await expect(question).toContainText(/\d,\d{3} bytes/);
  await expect(question).not.toContainText('john.smith@example.com');
  await expect(question.getByRole('button', { name: 'Keep here' })).toBeFocused();

  await test.step('a click that a script makes does not count', async () => {
    await question
      .getByRole('button', { name: 'Send' })
      .evaluate((button: HTMLElement) => button.click());
    await expect(question.getByRole('alert')).toContainText('That did not count.');
    expect(sent).toEqual([]);
  });

  await test.step('no is no', async () => {
    // Chromium gives no click to a frame of another origin that grew less than half a second ago: a person presses again.
    await expect(async () => {
      await question.getByRole('button', { name: 'Keep here' }).click({ timeout: 1_000 });
      await expect(question).toBeHidden({ timeout: 1_000 });
    }).toPass();
    await expect(form.getByRole('article')).toContainText('Needs a person');
    expect(sent).toEqual([]);
  });
});
