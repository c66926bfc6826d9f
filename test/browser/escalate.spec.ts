/** A doubtful ticket goes up to llama.cpp's real server: only after consent, only masked, with receipt and audit rows. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startLlama, type StartedLlama } from '../servers/llama.ts';
import { startRelay, type Relay } from '../servers/relay.ts';
import { expect, test as base } from './fixture.ts';

const IDENTIFIERS = ['anna.meier@mail.example', '+49 30 9018200', 'DE89370400440532013000'];
const DOUBTFUL = `Hello, this is about that matter again, which is still not as it should be. Write to ${IDENTIFIERS[0]}, call ${IDENTIFIERS[1]}, my account is ${IDENTIFIERS[2]}.`;
const MASKED = [/\[EMAIL_1\]/, /\[PHONE_1\]/, /\[IBAN_1\]/];
const ANSWER_MS = 200_000;

interface Upstairs {
  started: StartedLlama;
  relay: Relay | null;
}

const test = base.extend<object, { upstairs: Upstairs }>({
  upstairs: [
    async ({ browserName: _ }, use) => {
      const started = await startLlama();
      const relay =
        'server' in started ? await startRelay(new URL(started.server.baseUrl).origin) : null;
      await use({ started, relay });
      await relay?.close();
      if ('server' in started) await started.server.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  policyFile: [
    async ({ upstairs: { relay } }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-policy-'));
      const file = join(folder, 'policy.json');
      await writeFile(file, JSON.stringify(policyFor(relay?.origin ?? 'http://127.0.0.1:9')));
      await use(file);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  allowedProblems: /another origin: (POST|OPTIONS) http:\/\/127\.0\.0\.1:\d+\/v1\//,
});

const policyFor = (origin: string) => ({
  version: 1,
  defaults: {
    tiers: ['rules', 'static', 'encoder', 'slm', 'server', 'person'],
    egress: 'masked',
    consent: 'ask',
    deadline_ms: ANSWER_MS,
  },
  servers: [
    { id: 'onprem', base_url: `${origin}/v1`, model: 'any', region: 'eu', timeout_ms: ANSWER_MS },
  ],
  regions: ['eu'],
});

const input = (page: Page) => page.getByLabel('The request: a ticket, an e-mail, a command');
const card = (page: Page) => page.locator('#answer');
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Send this to onprem?' });
const kinds = (page: Page) =>
  page.evaluate(async () => (await window.flotilla.audit.export()).map((row) => row.kind));

/** The relay, or the end of the test by name when there is no Python for the server. */
function relayOf({ started, relay }: Upstairs): Relay {
  test.skip(relay === null, 'skipped' in started ? started.skipped : '');
  if (relay === null) throw new Error('unreachable');
  relay.bodies.length = 0;
  return relay;
}

/** Opens the desk behind the example of the first visit, which is never worth a question to the person. */
async function openDesk(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(card(page)).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

async function askDoubtful(page: Page): Promise<void> {
  await page.getByLabel('Specialist').selectOption('banking-tickets');
  await input(page).fill(DOUBTFUL);
  await input(page).press('Enter');
  await expect(dialog(page)).toBeVisible();
}

test.setTimeout(400_000);

test('the boundary of the page follows from the policy file', async ({ page, site, upstairs }) => {
  const relay = relayOf(upstairs);
  const response = await page.goto(site.url);
  expect(response?.headers()['content-security-policy']).toContain(
    `connect-src 'self' ${relay.origin};`,
  );
  await page.goto(`${site.url}#/settings`);
  await expect(page.locator('#main')).toContainText('onprem');
});

test('"Keep here" sends nothing, and the answer says who decides now', async ({
  page,
  site,
  upstairs,
}) => {
  const relay = relayOf(upstairs);
  await openDesk(page, site.url);
  await askDoubtful(page);
  await expect(page.getByRole('button', { name: 'Keep here' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(card(page)).toContainText('You kept it on this device');
  await expect(card(page)).toContainText('Needs a person');
  expect(relay.bodies).toEqual([]);
  expect(await kinds(page)).not.toContain('leaving');
  expect(await kinds(page)).toContain('denied');
  await expect(page.getByRole('link', { name: /0 bytes left this device/ })).toBeVisible();
});

test('escalated by hand: masked preview, answer of the server, receipt, audit rows', async ({
  page,
  site,
  upstairs,
}) => {
  const relay = relayOf(upstairs);
  await openDesk(page, site.url);
  await askDoubtful(page);
  await page.getByRole('button', { name: 'Keep here' }).click();
  await expect(card(page)).toContainText('You kept it on this device');

  await page.getByRole('button', { name: 'Escalate' }).click();
  const preview = dialog(page).getByRole('region', { name: 'Text that would leave' });
  for (const mark of MASKED) await expect(preview).toContainText(mark);
  for (const secret of IDENTIFIERS) await expect(preview).not.toContainText(secret);
  const promised = Number(
    /([\d,]+) bytes, exactly/.exec(await dialog(page).innerText())?.[1]?.replaceAll(',', ''),
  );
  expect(relay.bodies).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Send' }).click();
  await expect(card(page).getByRole('list', { name: 'Path through the tiers' })).toContainText(
    'Server',
  );
  await expect(
    page.getByRole('link', { name: new RegExp(`^${count(promised)} bytes`) }),
  ).toBeVisible({ timeout: ANSWER_MS });
  await expect(card(page)).not.toContainText('You kept it on this device');

  const [body = ''] = relay.bodies;
  expect(relay.bodies).toHaveLength(1);
  for (const secret of IDENTIFIERS) expect(body).not.toContain(secret);
  for (const mark of MASKED) expect(body).toMatch(mark);
  expect(Buffer.byteLength(body)).toBe(promised);
  const [receipt] = await page.evaluate(() => window.flotilla.receipts());
  expect(receipt).toMatchObject({
    body,
    bytes: promised,
    sha256: createHash('sha256').update(body).digest('hex'),
    masked: { email: 1, phone: 1, iban: 1 },
    attempts: 1,
    outcome: 'answered',
  });
  expect(await kinds(page)).toEqual(expect.arrayContaining(['leaving', 'settled', 'answered']));
  expect(await page.evaluate(() => window.flotilla.audit.verify())).toMatchObject({ intact: true });
  const log = JSON.stringify(await page.evaluate(() => window.flotilla.audit.export()));
  for (const secret of [...IDENTIFIERS, 'that matter again']) expect(log).not.toContain(secret);

  await page.goto(`${site.url}#/receipts`);
  await expect(page.getByRole('table')).toContainText(receipt?.sha256 ?? 'no receipt');
  await page.getByRole('link', { name: 'Read', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Body as it was sent' })).toContainText('[IBAN_1]');
});

test('the answer of the server is one of the labels or none, and names its receipt', async ({
  page,
  site,
  upstairs,
}) => {
  relayOf(upstairs);
  await openDesk(page, site.url);
  await page.evaluate(() => window.flotilla.onConsent(() => Promise.resolve(true)));
  const { answer, labels, events } = await page.evaluate(async (text) => {
    const events: string[] = [];
    const answer = await window.flotilla.escalate(
      { text, specialist: 'banking-tickets' },
      { onEvent: (event) => void events.push(event.type) },
    );
    const card = (await window.flotilla.specialists()).find(({ id }) => id === 'banking-tickets');
    return { answer, labels: card?.labels ?? [], events };
  }, DOUBTFUL);
  expect(answer).toMatchObject({
    inferenceSource: 'in_cloud',
    decision: { tier: 'server' },
    egress: { receipt: expect.any(String) },
  });
  expect(answer.egress.bytes).toBeGreaterThan(0);
  const { label } = answer.output as { label: string | null };
  expect([...labels, null]).toContain(label);
  expect(answer.status).toBe(label === null ? 'needs_review' : 'accepted');
  expect(events).toEqual(expect.arrayContaining(['escalated', 'egress_preview', 'attempt']));
});

test('a server that dies in the middle: an honest deferral, and the receipt says failed', async ({
  page,
  site,
  upstairs,
}) => {
  const relay = relayOf(upstairs);
  await openDesk(page, site.url);
  relay.changes.set('/v1/chat/completions', () => null);
  await page.evaluate(() => window.flotilla.onConsent(() => Promise.resolve(true)));
  const answer = await page.evaluate(
    (text) => window.flotilla.escalate({ text, specialist: 'banking-tickets' }),
    DOUBTFUL,
  );
  relay.changes.clear();
  expect(answer.status).toBe('needs_review');
  expect(answer.decision.reason).toMatch(/^fell_back:server_/);
  expect(answer.output).not.toBeNull();
  const [receipt] = await page.evaluate(() => window.flotilla.receipts());
  expect(receipt).toMatchObject({ id: answer.egress.receipt, outcome: 'failed' });
});

const count = (value: number): string => value.toLocaleString('en');
