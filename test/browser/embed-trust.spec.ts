/** Who may embed the widget, and what becomes of a connection: refusals, limits of an origin, frames that come and go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from '../../.ci/project.mjs';
import type { Answer } from '../../src/core/answer.ts';
import { expect, installOn, test } from './embed-host.ts';
import { call, codeOf, embed, labelOf, open, TEXT, widgetOf } from './embed-calls.ts';

test.setTimeout(240_000);

test('a page of the same origin may do everything', async ({ page, site }) => {
  await page.goto(site.url);
  await installOn(page);
  expect(await open(page, widgetOf(site))).toMatchObject({
    kind: 'connected',
    rules: { manage: true },
  });
  expect(labelOf((await call<Answer>(page, 'run', [{ text: TEXT }])).value)).toBe('card_arrival');
});

test('an origin under embeds may do what its entry says', async ({ page, site, portals }) => {
  const hello = await embed(page, portals.narrow, widgetOf(site));
  expect(hello).toMatchObject({
    kind: 'connected',
    rules: { tasks: ['classify'], layouts: ['compact', 'card'], manage: false },
  });
  expect(labelOf((await call<Answer>(page, 'run', [{ text: TEXT }])).value)).toBe('card_arrival');
  const rows = [{ text: 'a', label: 'b' }];
  for (const [name, args] of [
    ['train', [{ id: 'x', title: 'X', task: 'classify', rows }]],
    ['exportSpecialist', ['banking-tickets']],
    ['auditExport', []],
    ['auditVerify', []],
    ['chat', [{ model: 'auto', messages: [{ role: 'user', content: 'hi' }] }]],
    ['run', [{ text: TEXT, task: 'redact' }]],
  ] as const)
    expect(await codeOf(page, name, [...args]), name).toBe('policy_denied');
  await test.step('also where the router would find the work by itself', async () => {
    const named = { text: 'Write to ada@example.org', specialist: 'personal-data' };
    expect(await codeOf(page, 'run', [named])).toBe('policy_denied');
    const { items } = await page.evaluate(
      (request) => window.host.last.stream('runBatch', [], [request]),
      named,
    );
    for (const answer of items as Answer[]) expect(answer.output).toBeNull();
    const flow = await call<{ output?: unknown }>(page, 'runWorkflow', [
      'helpdesk-triage',
      { text: 'My card was stolen. Ada Kern, ada@example.org' },
      {},
    ]);
    expect(JSON.stringify(flow)).toContain('policy_denied');
  });
});

test('a page whose origin is not named cannot frame the widget at all', async ({
  browser,
  site,
  portals,
}) => {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  const hello = await embed(page, portals.stranger, widgetOf(site), undefined, { waitMs: 3_000 });
  expect(hello).toBeNull();
  expect(said.join('\n')).toContain('frame-ancestors');
  await page.close();
});

test.describe('where the server cannot send the header', () => {
  test.beforeEach(async ({ page }) => {
    await page.context().route('**/widget.html', async (route) => {
      const response = await route.fetch();
      const headers = response.headers();
      delete headers['content-security-policy'];
      await route.fulfill({ response, headers });
    });
  });

  test('a stranger is refused politely, and nothing is started', async ({
    page,
    site,
    portals,
  }) => {
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(new URL(request.url()).pathname));
    const hello = await embed(page, portals.stranger, widgetOf(site));
    expect(hello).toMatchObject({
      kind: 'refused',
      failure: {
        code: 'embedding_denied',
        message: expect.stringContaining(portals.stranger),
        hint: expect.stringContaining('policy.json'),
      },
    });
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('heading')).toHaveText('Flotilla is not available on this page');
    await expect(frame.getByRole('main')).toContainText(new URL(site.url).origin);
    await expect(frame.getByRole('main')).toContainText(portals.stranger);
    await expect(frame.getByRole('textbox')).toHaveCount(0);
    expect(asked.filter((path) => /router|encoder|fleet|calls-|mount-/.test(path))).toEqual([]);
    expect(page.workers()).toEqual([]);
  });

  test('a page without an origin is refused', async ({ page, site }) => {
    await page.goto('about:blank');
    await installOn(page);
    const heard = await open(page, widgetOf(site));
    expect(heard).toMatchObject({ kind: 'refused', failure: { code: 'embedding_denied' } });
  });
});

test('a page that is not secure is told what to do', async ({ page, site, portals }) => {
  const hello = await embed(page, portals.insecure, widgetOf(site));
  expect(hello).toMatchObject({
    kind: 'refused',
    failure: { code: 'embedding_denied', message: expect.stringContaining('https') },
  });
});

test('another protocol version is told so', async ({ page, site, portals }) => {
  const hello = await embed(page, portals.portal, widgetOf(site), undefined, { protocol: 2 });
  expect(hello).toMatchObject({
    kind: 'refused',
    failure: { code: 'version_mismatch', message: expect.stringContaining('version 2') },
  });
});

test('options that make no sense are named, and a host policy that is none', async ({
  page,
  site,
  portals,
}) => {
  const secret = { onprem: 'line\nbreak' };
  const options = { hidden: true, accessTokens: secret };
  const hello = await embed(page, portals.portal, widgetOf(site), options);
  expect(hello).toMatchObject({ kind: 'refused', failure: { code: 'bad_request' } });
  expect(JSON.stringify(hello)).not.toContain('break');
  const loose = { hidden: true, policy: { mode: 'anything' } } as never;
  expect(await open(page, widgetOf(site), loose)).toMatchObject({
    kind: 'refused',
    failure: { code: 'policy_invalid' },
  });
});

test('a wrong challenge and a replay get no answer; a second connect is refused', async ({
  page,
  site,
  portals,
}) => {
  const silent = { challenge: 'guessed', waitMs: 3_000 };
  expect(await embed(page, portals.portal, widgetOf(site), undefined, silent)).toBeNull();
  const answers = await page.evaluate(async (src) => {
    let challenge = '';
    addEventListener('message', ({ data }: MessageEvent<{ challenge: string }>) => {
      challenge = data.challenge;
    });
    const { frame } = await window.host.open(src, { hidden: true });
    const again = (nonce: string): Promise<unknown> => {
      const { port1, port2 } = new MessageChannel();
      frame.contentWindow?.postMessage(
        { flotilla: 'connect', protocol: 1, challenge, nonce, sdk: 'x', options: { hidden: true } },
        new URL(src).origin,
        [port2],
      );
      return new Promise((resolve) => {
        setTimeout(() => resolve(null), 2_000);
        port1.onmessage = ({ data }) => resolve(data);
      });
    };
    return {
      second: await again('nonce-0123456789abcdef'),
      replay: await again('nonce-0123456789abcdef'),
    };
  }, widgetOf(site));
  expect(answers.second).toMatchObject({ kind: 'refused', failure: { code: 'bad_request' } });
  expect(answers.replay).toBeNull();
  expect(labelOf((await call<Answer>(page, 'run', [{ text: TEXT }])).value)).toBe('card_arrival');
});

test('a host policy tightens, and cannot loosen', async ({ page, site, portals }) => {
  const src = widgetOf(site);
  await embed(page, portals.portal, src);
  expect((await call<Answer>(page, 'run', [{ text: TEXT }])).value.status).toBe('accepted');
  const strict = { hidden: true, policy: { defaults: { review: 'always' }, tasks: {} } } as const;
  await open(page, src, strict);
  expect((await call<Answer>(page, 'run', [{ text: TEXT }])).value.status).toBe('needs_review');
  const loose = {
    hidden: true,
    policy: {
      mode: 'only_in_cloud',
      defaults: { egress: 'full', consent: 'auto', tiers: ['server', 'encoder', 'static'] },
      tasks: {},
    },
  } as const;
  expect(await open(page, src, loose as never)).toMatchObject({ kind: 'connected' });
  const answer = (await call<Answer>(page, 'run', [{ text: TEXT }])).value;
  expect(answer).toMatchObject({ inferenceSource: 'on_device', egress: { bytes: 0 } });
  expect(labelOf(answer)).toBe('card_arrival');
});

test('a frame that is removed, reloaded or whose page navigates: the next one works', async ({
  page,
  site,
  portals,
}) => {
  const src = widgetOf(site);
  const busy = { text: 'block my card '.repeat(2000) };
  await embed(page, portals.portal, src);
  await page.evaluate(async (request) => {
    const { last } = window.host;
    await new Promise<void>((accepted) => {
      void last.call('run', [request], ({ kind }) => {
        if (kind === 'accepted') accepted();
      });
    });
    last.frame.remove();
  }, busy);
  expect(await open(page, src)).toMatchObject({ kind: 'connected' });
  const challenges = await page.evaluate(async (request) => {
    const { last } = window.host;
    await new Promise<void>((accepted) => {
      void last.call('run', [request], ({ kind }) => {
        if (kind === 'accepted') accepted();
      });
    });
    const next = new Promise<string>((resolve) =>
      addEventListener('message', ({ data }: MessageEvent<{ challenge: string }>) =>
        resolve(data.challenge),
      ),
    );
    last.frame.src = `${last.frame.src}?again`;
    return { next: await next };
  }, busy);
  expect(challenges.next).toMatch(/./);
  await page.goto(`${portals.portal}/portal`);
  expect(await open(page, src)).toMatchObject({ kind: 'connected' });
  expect(labelOf((await call<Answer>(page, 'run', [{ text: TEXT }])).value)).toBe('card_arrival');
});

test('opened by itself it says what it is, and links to the app', async ({ page, site }) => {
  const html = readFileSync(join(DIST, 'widget.html'), 'utf8');
  expect(html).toContain('Content-Security-Policy');
  await page.goto(widgetOf(site));
  await expect(page).toHaveTitle('Flotilla, embedded');
  await expect(page.getByRole('main')).toContainText('made to be embedded');
  await page.getByRole('link', { name: 'Open Flotilla' }).click();
  await expect(page.locator('#app')).toBeVisible();
});
