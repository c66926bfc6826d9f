/** After the first load the server can disappear: the example of every kind of work is still answered. */
import { expect, test } from './closable-site.ts';

test('without a network and without a server, each example is answered', async ({
  page,
  context,
  closable,
}) => {
  test.setTimeout(400_000);
  await page.goto(closable.url);
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'Flotilla now works without a network',
    { timeout: 120_000 },
  );
  await context.setOffline(true);
  await closable.close();
  await page.reload();
  const chips = page.getByRole('region', { name: 'Examples', exact: true }).getByRole('button');
  await expect(chips.first()).toBeVisible();
  for (let index = 0; index < (await chips.count()); index++) {
    const name = (await chips.nth(index).innerText()).replace('Example:', '').trim();
    const before = page.url();
    await chips.nth(index).press('Enter'); // a click may fall between two layouts
    await expect.poll(() => page.url(), { message: name, timeout: 90_000 }).not.toBe(before);
    await expect
      .soft(page.locator('#answer').getByRole('heading', { level: 2 }), name)
      .not.toContainText('No answer');
  }
});
