/** The built SDK on host pages of another origin, with the real widget and the real models. */
import type { Page } from '@playwright/test';
import type { ConnectOptions, FlotillaConnection } from '../../src/sdk/contract.ts';
import type * as Sdk from '../../src/sdk/index.ts';
import { TEXT } from './embed-calls.ts';
import { expect, test } from './embed-host.ts';

test.setTimeout(300_000);

declare global {
  interface Window {
    sdk: typeof Sdk;
    connection: FlotillaConnection;
    /** What the three lines of a host page found. */
    labels: string[];
  }
}

/** Opens a host page and loads the SDK into it. */
async function openHost(page: Page, host: string, site: { url: string }): Promise<void> {
  await page.goto(`${host}/portal`);
  await page.evaluate(async (url) => {
    window.sdk = (await import(url)) as typeof window.sdk;
  }, new URL('sdk.js', site.url).href);
}

/** Connects on the page that is open; resolves to the code of the failure, or to null. */
const connect = (page: Page, options: Omit<ConnectOptions, 'container'>, inPage = false) =>
  page.evaluate(
    async ([given, visible]) => {
      const container = document.body.appendChild(document.createElement('main'));
      try {
        window.connection = await window.sdk.connect({ ...given, ...(visible && { container }) });
        return null;
      } catch (error) {
        const { name, code, hint } = error as InstanceType<typeof window.sdk.FlotillaError>;
        return { name, code, hint };
      }
    },
    [options, inPage] as const,
  );

test('three lines of a plain page label the rows of a table, also without a network', async ({
  page,
  site,
  portals,
  context,
}) => {
  await page.goto(`${portals.portal}/portal`);
  await page.addScriptTag({
    type: 'module',
    content: `
      import { connect } from '${new URL('sdk.js', site.url).href}';
      const flotilla = await connect();
      window.connection = flotilla;
      const rows = ['${TEXT}', 'the exchange rate you used is wrong', '${TEXT}'];
      const labels = [];
      for await (const { output } of flotilla.runBatch(rows.map((text) => ({ text })))) labels.push(output.label);
      window.labels = labels;
    `,
  });
  await page.waitForFunction(() => 'labels' in window, null, { timeout: 120_000 });
  const labels = await page.evaluate(() => window.labels);
  expect([labels[0], labels[2]]).toEqual(['card_arrival', 'card_arrival']);
  expect(labels[1]).not.toBe('card_arrival');
  expect(await page.locator('iframe').getAttribute('src')).toBe(
    new URL('widget.html', site.url).href,
  );
  await context.setOffline(true);
  const again = await page.evaluate(async (text) => {
    const { output } = await window.connection.run({ text });
    return (output as { label: string }).label;
  }, TEXT);
  expect(again).toBe('card_arrival');
});

test('every call of the contract through the SDK', async ({ page, site, portals }) => {
  await openHost(page, portals.portal, site);
  expect(await connect(page, {})).toBeNull();
  const seen = await page.evaluate(async (text) => {
    const { connection: flotilla } = window;
    const events: string[] = [];
    const answer = await flotilla.run({ text }, { onEvent: ({ type }) => events.push(type) });
    const requests = Array.from({ length: 300 }, (_, i) => ({
      text: i % 3 === 0 ? text : 'what is the exchange rate from dollars to yen',
      specialist: 'banking-tickets',
    }));
    const labels: unknown[] = [];
    for await (const { output } of flotilla.runBatch(requests))
      labels.push((output as { label: string } | null)?.label);
    let taken = 0;
    for await (const { id } of flotilla.runBatch(requests)) if (id !== '' && ++taken === 10) break;
    const words = ['refund', 'invoice', 'password', 'parcel'];
    const rows = Array.from({ length: 200 }, (_, i) => ({
      text: `my ${words[i % 4] ?? ''} number ${i} is wrong, please look at it`,
      label: words[i % 4] ?? '',
    }));
    const csv = ['text,label', ...rows.map((row) => `${row.text.replace(',', '')},${row.label}`)];
    const card = await flotilla.train({
      id: 'from-the-sdk',
      title: 'From the SDK',
      task: 'classify',
      rows: new File([csv.join('\n')], 'rows.csv', { type: 'text/csv' }),
    });
    const report = await flotilla.evaluate('from-the-sdk', rows.slice(0, 40));
    const file = await flotilla.exportSpecialist('from-the-sdk');
    const back = await flotilla.importSpecialist(file);
    return {
      rules: flotilla.rules,
      events,
      answer,
      labels,
      ids: (await flotilla.specialists()).map(({ id }) => id),
      capabilities: await flotilla.capabilities(),
      workflows: (await flotilla.workflows()).map(({ id }) => id),
      card: card.id,
      n: report.n,
      back: back.id,
      audit: (await flotilla.audit.export()).map(({ kind }) => kind),
      intact: (await flotilla.audit.verify()).intact,
      ignored: flotilla.ignoredMessages,
    };
  }, TEXT);
  expect(seen.events).toEqual(expect.arrayContaining(['routed', 'attempt']));
  expect(seen.answer.output).toMatchObject({ label: 'card_arrival' });
  expect(seen.labels.map((label) => label === 'card_arrival')).toEqual(
    seen.labels.map((_, i) => i % 3 === 0),
  );
  expect(seen.labels).toHaveLength(300);
  expect(seen.ids).toContain('from-the-sdk');
  expect(seen.capabilities).toMatchObject({ threads: expect.any(Number) });
  expect(seen.workflows.length).toBeGreaterThan(0);
  expect([seen.card, seen.back, seen.n]).toEqual(['from-the-sdk', 'from-the-sdk', 40]);
  expect(seen.audit).toContain('answered');
  expect(seen.intact).toBe(true);
  expect(seen.rules.manage).toBe(true);
  expect(seen.ignored).toBe(0);
});

test('bad arguments reject with a code and a hint, and the connection goes on', async ({
  page,
  site,
  portals,
}) => {
  await openHost(page, portals.portal, site);
  await connect(page, {});
  const codes = await page.evaluate(async (text) => {
    const { connection: flotilla } = window;
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: unknown) => (error as { code: string; hint: string }).code,
      );
    const cyclic: Record<string, unknown> = {};
    cyclic['itself'] = cyclic;
    const controller = new AbortController();
    const aborted = flotilla.run({ text }, { signal: controller.signal }).then(
      ({ status }) => status,
      (error: unknown) => (error as { code: string }).code,
    );
    controller.abort();
    return {
      function: await codeOf(flotilla.run({ text, input: () => 1 })),
      cyclic: await codeOf(flotilla.run({ text, input: cyclic })),
      huge: await codeOf(flotilla.run({ file: new Blob([new Uint8Array(200 * 1_048_576)]) })),
      unknown: await codeOf(flotilla.exportSpecialist('nobody')),
      late: await codeOf(flotilla.run({ text: 'a' }, { timeoutMs: 0.01 })),
      aborted: await aborted,
      after: (await flotilla.run({ text })).status,
    };
  }, TEXT);
  expect(codes).toEqual({
    function: 'bad_request',
    cyclic: 'bad_request',
    huge: 'input_too_long',
    unknown: 'unknown_specialist',
    late: 'timed_out',
    aborted: 'cancelled',
    after: expect.stringMatching(/accepted|needs_review/),
  });
});

test('a portal moves the container, reloads the frame and removes it', async ({
  page,
  site,
  portals,
}) => {
  await openHost(page, portals.portal, site);
  await connect(page, { layout: 'card' }, true);
  const seen = await page.evaluate(async (text) => {
    const { connection: flotilla } = window;
    const outcome = (work: Promise<{ output: unknown }>) =>
      work.then(
        ({ output }) => (output as { label: string }).label,
        (error: unknown) => (error as { code: string }).code,
      );
    const first = await outcome(flotilla.run({ text }));
    const second = document.body.appendChild(document.createElement('section'));
    second.append(flotilla.frame);
    const moved = await outcome(flotilla.run({ text }));
    // The frame's own port tells which of these the widget had begun; either way nothing hangs and nothing is lost silently.
    const under = outcome(flotilla.run({ text }));
    const { src } = flotilla.frame;
    const loaded = new Promise((resolve) => flotilla.frame.addEventListener('load', resolve));
    flotilla.frame.src = src;
    const reloaded = await under;
    await loaded; // until then the old document may take a call with it
    const after = await outcome(flotilla.run({ text }));
    const last = outcome(flotilla.run({ text }));
    second.remove();
    const removed = await last;
    const gone = await outcome(flotilla.run({ text }));
    document.body.append(second);
    const back = await outcome(flotilla.run({ text }));
    flotilla.close();
    return {
      first,
      moved,
      reloaded,
      after,
      removed,
      gone,
      back,
      frames: document.querySelectorAll('iframe').length,
    };
  }, TEXT);
  expect(seen).toMatchObject({
    first: 'card_arrival',
    moved: 'card_arrival',
    after: 'card_arrival',
    removed: 'frame_gone',
    gone: 'frame_gone',
    back: 'card_arrival',
    frames: 0,
  });
  expect(['card_arrival', 'frame_gone']).toContain(seen.reloaded);
});

test('in the page: as high as its content, the focus goes in and comes back', async ({
  page,
  site,
  portals,
}) => {
  await openHost(page, portals.portal, site);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<button id="before">Ticket 17</button>');
  });
  await connect(page, { layout: 'card', text: TEXT }, true);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('textbox').first()).toHaveValue(TEXT);
  await expect
    .poll(() => page.locator('iframe').evaluate((one) => one.getBoundingClientRect().height))
    .not.toBe(280);
  await page.locator('#before').focus();
  await page.evaluate(() => window.connection.focus());
  await expect(page.locator('iframe')).toBeFocused();
  await expect(frame.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('#before')).toBeFocused();
});

test.describe('where it may not be', () => {
  test.use({
    allowedProblems: /request to another origin|frame-ancestors|frame-src|ERR_BLOCKED|Framing/,
  });

  test('a page that the policy does not name, or whose own policy forbids the frame, hears so', async ({
    page,
    site,
    portals,
  }) => {
    await openHost(page, portals.stranger, site);
    const blocked = { name: 'FlotillaError', code: 'frame_blocked' };
    expect(await connect(page, { timeoutMs: 3000 })).toMatchObject(blocked);
    await openHost(page, portals.portal, site);
    await page.evaluate(() => {
      const meta = document.createElement('meta');
      meta.httpEquiv = 'Content-Security-Policy';
      meta.content = "frame-src 'none'";
      document.head.append(meta);
    });
    const error = await connect(page, { timeoutMs: 3000 });
    expect(error).toMatchObject(blocked);
    expect(error?.hint).toContain('frame-src');
    expect(await page.locator('iframe').count()).toBe(0);
  });

  test('an address without a widget', async ({ page, site, portals }) => {
    await openHost(page, portals.portal, site);
    expect(await connect(page, { src: '/not-here.html', timeoutMs: 2000 })).toMatchObject({
      code: 'frame_blocked',
    });
  });
});

test('a page that may only classify is told what it may, and refused the rest', async ({
  page,
  site,
  portals,
}) => {
  await openHost(page, portals.narrow, site);
  await connect(page, {});
  const seen = await page.evaluate(async (text) => {
    const { connection: flotilla } = window;
    const refused = (error: unknown) => (error as { code: string }).code;
    return {
      rules: flotilla.rules,
      label: (await flotilla.run({ text })).output,
      redact: await flotilla.run({ text, task: 'redact' }).catch(refused),
      audit: await flotilla.audit.export().catch(refused),
    };
  }, TEXT);
  expect(seen).toMatchObject({
    rules: { tasks: ['classify'], manage: false },
    label: { label: 'card_arrival' },
    redact: 'policy_denied',
    audit: 'policy_denied',
  });
});
