/** Files that were changed or cut on their way: they are refused in plain words, and the rest of the fleet works. */
import { startRelay, type Relay } from '../servers/relay.ts';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';
import { expect, test as base } from '../browser/fixture.ts';

const test = base.extend<object, { relay: Relay }>({
  relay: [
    async ({ browserName: _ }, use) => {
      const site = await serve({ folder: DIST, port: 0 });
      const relay = await startRelay(new URL(site.url).origin);
      await use(relay);
      await relay.close();
      await site.close();
    },
    { scope: 'worker' },
  ],
  site: [async ({ relay }, use) => use({ url: `${relay.origin}/` }), { scope: 'worker' }],
});

const flipped = (bytes: Buffer): Buffer => {
  const changed = Buffer.from(bytes);
  const middle = changed.length >> 1;
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
};
const cut = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);

/** Paths of the build's files, as fleet.json and the manifests name them. */
async function pathOf(relay: Relay, name: string): Promise<string> {
  const fleet = (await (await fetch(`${relay.origin}/fleet/fleet.json`)).json()) as {
    encoder: { files: { path: string }[] };
    static: { files: { path: string }[] };
    specialists: { id: string; manifest: { path: string } }[];
  };
  const all = [...fleet.encoder.files, ...fleet.static.files].map(({ path }) => path);
  const path =
    all.find((one) => one.includes(name)) ??
    fleet.specialists
      .find(({ id }) => id === name)
      ?.manifest.path.replace(/[^/]+$/, 'head.safetensors');
  if (path === undefined) throw new Error(`The fleet has no ${name}.`);
  return `/fleet/${path}`;
}

test.afterEach(({ relay }) => relay.changes.clear());

test('a head with a wrong hash: its specialist is refused in words, the others answer', async ({
  page,
  relay,
  site,
}) => {
  relay.changes.set(await pathOf(relay, 'banking-tickets'), flipped);
  await page.goto(`${site.url}#/fleet`);
  await expect(page.getByRole('alert')).toContainText('hash_mismatch');
  await expect(page.getByRole('alert')).toContainText('banking-tickets');
  await expect(page.getByRole('table')).not.toContainText('banking-tickets');
  const outcome = await page.evaluate(async () => ({
    ids: (await window.flotilla.specialists())
      .filter(({ task }) => task === 'classify')
      .map(({ id }) => id),
    named: await window.flotilla
      .run({ text: 'my card is lost', specialist: 'banking-tickets' })
      .then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      ),
    other: (
      await window.flotilla.run({
        text: 'turn off the kitchen lights',
        specialist: 'home-commands',
      })
    ).output,
  }));
  expect(outcome.ids).toHaveLength(5);
  expect(outcome.named).toBe('hash_mismatch');
  expect(outcome.other).not.toBeNull();
});

test('a cut encoder: the static tier goes on answering, and the page says what is missing', async ({
  page,
  relay,
  site,
}) => {
  relay.changes.set(await pathOf(relay, 'model.onnx'), cut);
  await page.goto(site.url);
  await expect(page.getByRole('link', { name: /Degraded/ })).toBeVisible();
  const answers = await page.evaluate(async () => ({
    sure: await window.flotilla.run({
      text: 'my new card has not arrived yet',
      specialist: 'banking-tickets',
    }),
    doubtful: await window.flotilla.run({ text: 'the thing again', specialist: 'banking-tickets' }),
  }));
  expect(answers.sure.output).not.toBeNull();
  expect(answers.sure.decision.tier).toBe('static');
  expect(answers.doubtful).toMatchObject({
    status: 'needs_review',
    decision: {
      reason: 'fell_back:file_corrupt',
      explanation: expect.stringMatching(/model\.onnx/),
    },
  });
  await page.goto(`${site.url}#/settings`);
  await expect(page.getByRole('table', { name: 'Runtimes' })).toContainText(
    /encoder\s*failed: .*model\.onnx/,
  );
});

test('a changed static table: the encoder answers alone', async ({ page, relay, site }) => {
  relay.changes.set(await pathOf(relay, 'table.safetensors'), flipped);
  await page.goto(site.url);
  await expect(page.getByRole('link', { name: /Degraded/ })).toBeVisible({ timeout: 60_000 });
  const answer = await page.evaluate(() =>
    window.flotilla.run({ text: 'my new card has not arrived yet', specialist: 'banking-tickets' }),
  );
  expect(['accepted', 'needs_review']).toContain(answer.status);
  expect(answer.decision.attempts.map(({ outcome }) => outcome)).toContain('hash_mismatch');
});

test('fleet.json that cannot be read: the page opens, says why, keeps what is typed and recovers', async ({
  page,
  relay,
  site,
}) => {
  relay.changes.set('/fleet/fleet.json', () => Buffer.from('{"schema":1,'));
  await page.goto(site.url);
  await expect(page.getByRole('link', { name: /Engine failed/ })).toBeVisible();
  const input = page.getByLabel('The request: a ticket, an e-mail, a command');
  await input.fill('My card was stolen');
  await input.press('Enter');
  await expect(page.getByRole('alert').first()).toContainText('fleet.json');
  await expect(input).toHaveValue('My card was stolen');
  relay.changes.clear();
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await expect(page.locator('#answer')).toBeVisible();
});
