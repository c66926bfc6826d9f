/** A browser without a model of its own says so, and the app works without it. */
import { expect, test } from './fixture.ts';

test('a browser that brings no language model is told as one', async ({ page }) => {
  await page.goto('/');
  await page.waitForFunction(() => 'flotilla' in window);
  const availability = await page.evaluate(async () => {
    const api = (window as { LanguageModel?: { availability(): Promise<string> } }).LanguageModel;
    return (await api?.availability()) ?? 'unavailable';
  });
  expect(availability, 'this browser brings a model').toBe('unavailable');
  expect((await page.evaluate(() => window.flotilla.models.probe())).promptApi).toBe('none');
});
