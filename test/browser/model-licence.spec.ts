/** A language model whose licence the policy does not name is neither fetched nor run. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixture.ts';

const policyFile = join(mkdtempSync(join(tmpdir(), 'flotilla-')), 'policy.json');
writeFileSync(policyFile, JSON.stringify({ version: 1, licences: ['mit'] }));
test.use({ policyFile });

test('the licence is enforced, and the card says why', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('weights.gguf')) fetched.push(request.url());
  });
  await page.goto('/#/models');
  await expect(page.getByText(/apache-2.0\) is not among those/).first()).toBeAttached();
  const outcome = await page.evaluate(() =>
    window.flotilla.chat.completions
      .create({ model: 'house-slm', messages: [{ role: 'user', content: 'Hello' }] })
      .then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      ),
  );
  expect(outcome).toBe('policy_denied');
  expect(fetched).toEqual([]);
});
