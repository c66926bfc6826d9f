/** A hostile host page: 100,000 messages without a right, calls with poisoned arguments, a huge file; and what leaves meanwhile. */
import type { Answer } from '../../src/core/answer.ts';
import { call, codeOf, embed, labelOf, open, TEXT, widgetOf } from '../browser/embed-calls.ts';
import { expect, test as base } from '../browser/embed-host.ts';
import { startProxy, type Proxy } from '../servers/proxy.ts';

/** Where Chromium goes by itself: updates, accounts, the kinds of a form's fields. The proxy refuses its tunnels. */
const OF_THE_BROWSER = /^(https?:\/\/)?[\w.-]+\.(google|googleapis|gstatic|gvt1)\.com(:443|\/|$)/;

/** Every request of the browser, loopback too, goes through a proxy of the test. */
const test = base.extend<object, { network: Proxy }>({
  network: [
    async ({ browserName: _ }, use) => {
      const proxy = await startProxy();
      await use(proxy);
      await proxy.close();
    },
    { scope: 'worker' },
  ],
  flags: [
    async ({ network }, use) => {
      await use([
        `--proxy-server=http://127.0.0.1:${network.port}`,
        '--proxy-bypass-list=<-loopback>',
      ]);
    },
    { scope: 'worker' },
  ],
});

test.setTimeout(400_000);

const answers = async (page: Parameters<typeof call>[0]): Promise<void> => {
  const { value } = await call<Answer>(page, 'run', [{ text: TEXT }]);
  expect(labelOf(value)).toBe('card_arrival');
};

/** Runs on the host page: as many messages of the given kind to the frame's window, and how many were answered. */
async function floodWindow({ n, target }: { n: number; target: string }): Promise<number> {
  const frame = window.frames[0];
  const cyclic: Record<string, unknown> = { flotilla: 'connect' };
  cyclic.self = cyclic;
  const { challenge } = window as unknown as { challenge?: string };
  const shapes: (() => unknown)[] = [
    () => null,
    () => 'connect',
    () => cyclic,
    () => ({ flotilla: 'connect' }),
    () => ({ flotilla: 'ready', protocol: 1, challenge: crypto.randomUUID() }),
    () => JSON.parse('{"__proto__":{"flotilla":"connect","challenge":"x"}}') as unknown,
    () => ({ kind: 'call', id: 1, call: 'auditExport', args: [] }),
    () => new Map([['flotilla', 'connect']]),
    () => new Uint8Array(64),
    () => [[[[[[]]]]]],
  ];
  let answered = 0;
  for (let i = 0; i < n; i++) {
    if (i % 5 !== 0) frame?.postMessage(shapes[i % shapes.length]?.(), target);
    else {
      // With a port and every field right; of the parent, the challenge is a guess.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (answered += 1);
      const connect = { flotilla: 'connect', protocol: 1, nonce: crypto.randomUUID(), sdk: 'x' };
      const guess = { challenge: challenge ?? crypto.randomUUID(), options: { hidden: true } };
      frame?.postMessage({ ...connect, ...guess }, target, [port2]);
    }
    if (i % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  return answered;
}

/** Runs on the host page: messages over the port that no host may send. */
function floodPort({ malformed, ignored }: { malformed: number; ignored: number }): void {
  const { last } = window.host;
  const post = last.post as (message: unknown) => void;
  const cyclic: Record<string, unknown> = { kind: 'call' };
  cyclic.args = [cyclic];
  const broken: unknown[] = [
    null,
    cyclic,
    { kind: 'call', id: -1, call: 'run', args: [] },
    { kind: 'call', id: 1e9, call: 'constructor', args: [] },
    { kind: 'call', id: 1e9, call: 'run', args: { length: 1 } },
    JSON.parse('{"kind":"__proto__","id":1}'),
    { kind: 'push', id: 1, requests: new Array(4_000_000) },
    new Error('kind'),
    { kind: 'connected', nonce: 'x', protocol: 1, build: '', rules: {} },
  ];
  for (let i = 0; i < malformed; i++) post(broken[i % broken.length]);
  for (let i = 0; i < ignored; i++) {
    const id = 1_000_000 + i;
    const idle: unknown[] = [
      { kind: 'cancel', id },
      { kind: 'push', id, requests: [{ text: 'x' }] },
      { kind: 'took', id, n: 1 },
      { kind: 'look', look: { layout: i } },
      { kind: 'tokens', accessTokens: { x: 'a\r\nb' } },
    ];
    post(idle[i % idle.length]);
  }
}

test('100,000 messages that no host may send: none accepted, and the widget still answers', async ({
  page,
  site,
  portals,
}) => {
  const src = widgetOf(site);
  const target = new URL(src).origin;
  expect(await embed(page, portals.portal, src)).toMatchObject({ kind: 'connected' });
  await answers(page);
  const accepted = () =>
    page.evaluate(() => window.host.last.heard.filter(({ kind }) => kind === 'accepted').length);
  let right = 1;

  await test.step('50,000 to the window, by the parent', async () => {
    expect(await page.evaluate(floodWindow, { n: 50_000, target })).toBe(0);
    await answers(page);
    expect(await accepted()).toBe(++right);
  });

  await test.step('10,000 to the window, by a frame of a stranger that knows the challenge', async () => {
    const challenge = page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          addEventListener('message', ({ data }: MessageEvent<{ challenge?: string }>) => {
            if (data.challenge !== undefined) resolve(data.challenge);
          }),
        ),
    );
    await page.evaluate(() => window.host.last.frame.remove());
    await open(page, src);
    await page.evaluate(async (stranger) => {
      const beside = document.createElement('iframe');
      beside.src = `${stranger}/portal`;
      await new Promise((loaded) => {
        beside.onload = loaded;
        document.body.append(beside);
      });
    }, portals.stranger);
    const beside = page.frames().find((frame) => frame.url().startsWith(portals.stranger));
    if (!beside) throw new Error('The frame beside the widget is not there.');
    await beside.evaluate((known) => Object.assign(window, { challenge: known }), await challenge);
    // Its window is the one that the script calls `window.frames[0]` on the parent's page.
    await beside.evaluate(() => Object.defineProperty(window, 'frames', { value: parent.frames }));
    expect(await beside.evaluate(floodWindow, { n: 10_000, target })).toBe(0);
    await answers(page);
    expect(await accepted()).toBe((right = 1));
  });

  await test.step('9,900 over the port, which is borne', async () => {
    await page.evaluate(floodPort, { malformed: 900, ignored: 9_000 });
    await answers(page);
    expect(await accepted()).toBe(++right);
  });

  await test.step('30,100 more, which ends the connection', async () => {
    await page.evaluate(floodPort, { malformed: 15_000, ignored: 15_100 });
    await expect
      .poll(() => page.evaluate(() => window.host.last.heard.at(-1)))
      .toMatchObject({ kind: 'refused', failure: { code: 'bad_request' } });
    expect(await accepted()).toBe(right);
  });

  expect(await open(page, src)).toMatchObject({ kind: 'connected' });
  await answers(page);
});

test('poisoned arguments are refused by name, and a file of 200 MB by its size', async ({
  page,
  site,
  portals,
}) => {
  await embed(page, portals.portal, widgetOf(site));
  const codes = await page.evaluate(async () => {
    const { last } = window.host;
    const cyclic: Record<string, unknown> = { text: 'x' };
    cyclic.input = cyclic;
    let laughs: unknown = 'ha';
    for (let i = 0; i < 30; i++) laughs = [laughs, laughs];
    const deep = Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], 'x');
    const huge = new File([new Uint8Array(200_000_000)], 'huge.pdf', { type: 'application/pdf' });
    const calls: [string, string, unknown[]][] = [
      ['cyclic', 'run', [cyclic]],
      ['a billion laughs', 'run', [{ text: 'x', input: laughs }]],
      ['deep', 'run', [{ text: 'x', input: deep }]],
      ['a prototype', 'run', [JSON.parse('{"text":"x","input":{"__proto__":{"a":1}}}')]],
      ['a sparse array', 'run', [{ text: 'x', lines: new Array(4_000_000_000) }]],
      ['a map', 'run', [{ text: 'x', input: new Map() }]],
      ['64 MB of text', 'run', [{ text: 'x'.repeat(64_000_000) }]],
      ['no text', 'run', [{ text: 5 }]],
      ['rows that are none', 'train', [{ id: 'a', title: 'A', task: 'classify', rows: [{}] }]],
      ['a huge file', 'run', [{ file: huge }]],
      ['a huge specialist', 'importSpecialist', [huge]],
      ['a chat of nothing', 'chat', [null]],
      ['a chat of nonsense', 'chatStream', [{ model: {}, messages: 'x' }]],
    ];
    const found: Record<string, string | undefined> = {};
    for (const [name, called, args] of calls)
      found[name] = (await last.call(called, args)).failure?.code;
    return found;
  });
  expect(codes).toEqual({
    cyclic: 'bad_request',
    'a billion laughs': 'input_too_long',
    deep: 'bad_request',
    'a prototype': 'bad_request',
    'a sparse array': 'input_too_long',
    'a map': 'bad_request',
    '64 MB of text': 'input_too_long',
    'no text': 'bad_request',
    'rows that are none': 'bad_request',
    'a huge file': 'input_too_long',
    'a huge specialist': 'input_too_long',
    'a chat of nothing': 'bad_request',
    'a chat of nonsense': 'bad_request',
  });
  await answers(page);
});

test('under the default policy not one byte of content leaves, as a proxy of the browser sees it', async ({
  page,
  site,
  portals,
  network,
}) => {
  const secret = 'Zanzibarkrokodil';
  network.passed.length = 0;
  await embed(page, portals.portal, widgetOf(site), { hidden: false, text: secret }, {});
  const rows = Array.from({ length: 40 }, (_, i) => ({
    text: `${secret} ${i % 2 ? 'broken lamp' : 'switch on'} ${i}`,
    label: i % 2 ? 'repair' : 'start',
  }));
  await call(page, 'run', [{ text: `${secret} card lost` }]);
  await call(page, 'run', [{ text: `${secret}, Berlin`, task: 'redact' }]);
  await call(page, 'train', [{ id: 'a', title: 'A', task: 'classify', rows }]);
  await page.evaluate(
    (texts) =>
      window.host.last.stream(
        'runBatch',
        [],
        texts.map((text) => ({ text })),
      ),
    rows.map(({ text }) => text),
  );
  const request = { model: 'auto', messages: [{ role: 'user', content: `${secret} card` }] };
  await call(page, 'chat', [request]);
  expect(await codeOf(page, 'auditVerify')).toBeUndefined();
  const own = new Set([new URL(site.url).origin, portals.portal]);
  expect(network.passed.length).toBeGreaterThan(20);
  expect(network.passed.filter(({ url, body }) => `${url} ${body}`.includes(secret))).toEqual([]);
  const ofPages = network.passed.filter(({ url }) => !OF_THE_BROWSER.test(url));
  const foreign = ofPages.filter(({ url }) => !URL.canParse(url) || !own.has(new URL(url).origin));
  expect(foreign).toEqual([]);
  expect(ofPages.filter(({ body, method }) => body !== '' || method !== 'GET')).toEqual([]);
});
