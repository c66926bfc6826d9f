/** The generative tier without a network: after one use everything that it needs is on this device. */
import { expect, test } from './fixture.ts';

test.use({ allowedProblems: /ERR_INTERNET_DISCONNECTED/ });

test('a reload without a network answers with the same text', async ({ page, context }) => {
  test.setTimeout(240_000);
  await page.goto('/');
  await page.evaluate(() => navigator.serviceWorker.ready);
  const ask = (): Promise<string | null> =>
    page.evaluate(() =>
      window.flotilla.chat.completions
        .create({
          model: 'auto',
          messages: [{ role: 'user', content: 'Write a short poem about the sea.' }],
          max_tokens: 12,
        })
        .then(({ choices: [{ message }] }) => message.content),
    );
  const before = await ask();
  expect(before?.length).toBeGreaterThan(10);
  // The shell's cache is filled when it controls a page.
  await page.reload();
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null))
    .toBe(true);
  await ask();
  await context.setOffline(true);
  await page.reload();
  expect(await ask()).toBe(before);
});
