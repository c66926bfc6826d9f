/** Stolen clicks: a host page covers, fades, shrinks or moves the frame, or clicks by script. Never a yes; a person's click is. */
import type { FrameLocator, Page } from '@playwright/test';
import type { Answer } from '../../src/core/answer.ts';
import { completion, json, startHostile, type HostileServer } from '../servers/hostile.ts';
import { expect, test as base } from './embed-host.ts';
import { embed, widgetOf } from './embed-calls.ts';

const DOUBTFUL =
  'Hello, this is about that matter again, which is still not as it should be. Write to anna.meier@mail.example.';
const STILL_MS = 1_200;

const test = base.extend<object, { upstairs: HostileServer }>({
  upstairs: [
    async ({ browserName: _ }, use) => {
      const server = await startHostile();
      server.behave((response, request, count) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Access-Control-Allow-Headers', '*');
        if (request.method === 'OPTIONS') response.end();
        else json(completion({ label: 'card_arrival', evidence: null }))(response, request, count);
      });
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  policy: [
    async ({ upstairs: { baseUrl } }, use) => {
      await use({
        mode: 'prefer_on_device',
        defaults: {
          tiers: ['rules', 'static', 'encoder', 'server', 'person'],
          egress: 'masked',
          consent: 'ask',
        },
        servers: [{ id: 'onprem', base_url: baseUrl, model: 'any', region: 'eu' }],
        regions: ['eu'],
      });
    },
    { scope: 'worker' },
  ],
  allowedProblems:
    /another origin: (GET http:\/\/127\.0\.0\.1:\d+\/portal|(POST|OPTIONS) http:\/\/127\.0\.0\.1:\d+\/v1\/.*)$/,
});

test.setTimeout(240_000);

const widget = (page: Page): FrameLocator => page.frameLocator('iframe');
const question = (page: Page) => widget(page).getByRole('alertdialog');
const send = (page: Page) => question(page).getByRole('button', { name: 'Send' });
/** What the form says to a click that did not count: proof that the click met the button. */
const said = (page: Page) => question(page).getByRole('alert');
/** Bodies that reached the server, without the browser's questions whether it may. */
const left = ({ bodies }: HostileServer) => bodies.filter((body) => body !== '');

/** The host asks for a doubtful answer; resolves when the form asks the person. */
async function ask(page: Page): Promise<void> {
  await page.evaluate((text) => {
    const request = { text, specialist: 'banking-tickets' };
    const running = window.host.last.call('run', [request]);
    Object.assign(window, { running });
  }, DOUBTFUL);
  await expect(send(page)).toBeVisible({ timeout: 90_000 }); // the engine starts, in a cold frame
}

const answerOf = (page: Page) =>
  page.evaluate(async () => (window as unknown as { running: Promise<{ value: Answer }> }).running);

/** Where the button is on the host page. */
async function centreOf(page: Page): Promise<{ x: number; y: number }> {
  const box = await send(page).boundingBox();
  if (!box) throw new Error('The button is not on the page.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const OPTIONS = { hidden: false, layout: 'full' } as const;
const STYLE = {
  style: 'width: 640px; height: 900px; border: 0; position: absolute; left: 20px; top: 20px',
};

test.beforeEach(async ({ page, site, portals, upstairs }) => {
  upstairs.bodies.length = 0;
  await page.setViewportSize({ width: 1100, height: 1000 });
  await embed(page, portals.portal, widgetOf(site), OPTIONS, STYLE);
  await ask(page);
});

test('a plain click of a person, who looked at it for a moment, is a yes', async ({
  page,
  upstairs,
}) => {
  const { x, y } = await centreOf(page);
  await page.mouse.move(x - 30, y - 4);
  await page.mouse.move(x, y);
  await page.waitForTimeout(STILL_MS);
  await page.mouse.click(x, y);
  const { value } = await answerOf(page);
  expect(value.decision.attempts.map(({ tier }) => tier)).toContain('server');
  expect(left(upstairs)).toHaveLength(1);
  expect(left(upstairs)[0]).not.toContain('anna.meier');
});

test('"Keep here" needs no proof', async ({ page, upstairs }) => {
  await question(page).getByRole('button', { name: 'Keep here' }).click();
  const { value } = await answerOf(page);
  expect(value.decision.reason).toMatch(/consent_denied|low_confidence/);
  expect(left(upstairs)).toEqual([]);
});

const ATTACKS: [name: string, attack: (frame: HTMLElement) => void][] = [
  [
    'covers it with an element that lets clicks through',
    () => {
      const cover = document.createElement('div');
      cover.style.cssText =
        'position: fixed; inset: 0; z-index: 9; background: #fff; pointer-events: none';
      cover.textContent = 'Click here to win a bicycle';
      document.body.append(cover);
    },
  ],
  [
    'lays a transparent picture over it',
    () => {
      const cover = document.createElement('div');
      cover.style.cssText =
        'position: fixed; inset: 0; z-index: 9; pointer-events: none; background: rgb(255 255 255 / 60%)';
      document.body.append(cover);
    },
  ],
  ['fades it', (frame) => void (frame.style.opacity = '0.02')],
  ['fades what is around it', () => void (document.body.style.opacity = '0.02')],
  ['turns it', (frame) => void (frame.style.transform = 'rotate(1deg)')],
  ['shrinks it', (frame) => void (frame.style.transform = 'scale(0.4)')],
  ['filters it', (frame) => void (frame.style.filter = 'blur(6px)')],
];

for (const [name, attack] of ATTACKS)
  test(`no yes when the host ${name}`, async ({ page, upstairs }) => {
    await page.locator('iframe').evaluate(attack);
    await page.waitForTimeout(STILL_MS);
    const { x, y } = await centreOf(page);
    for (let i = 0; i < 3; i++) {
      await page.mouse.move(x, y);
      await page.waitForTimeout(STILL_MS);
      await page.mouse.click(x, y);
    }
    await expect(question(page)).toHaveCount(1);
    await expect(said(page)).toBeVisible();
    expect(left(upstairs)).toEqual([]);
  });

test('no yes when the host moves the frame under the cursor in the instant of the click', async ({
  page,
  upstairs,
}) => {
  const { x, y } = await centreOf(page);
  const put = (left: string) =>
    page.locator('iframe').evaluate((frame, to) => (frame.style.left = to), left);
  await put('460px');
  await page.mouse.move(x - 15, y);
  for (let i = 0; i < 6; i++) {
    await put('20px');
    await page.mouse.click(x, y);
    await put('460px');
    await page.waitForTimeout(200);
  }
  await expect(question(page)).toHaveCount(1);
  expect(left(upstairs)).toEqual([]);
});

test('no yes when the looks move the button under the cursor', async ({ page, upstairs }) => {
  const { x, y } = await centreOf(page);
  await page.mouse.move(x, y);
  await page.waitForTimeout(STILL_MS);
  await page.evaluate(() =>
    window.host.last.post({ kind: 'look', look: { layout: 'card', text: 'x '.repeat(400) } }),
  );
  const moved = await centreOf(page);
  await page.mouse.click(moved.x, moved.y);
  await expect(said(page)).toBeVisible();
  expect(left(upstairs)).toEqual([]);
});

test('no yes for clicks of a script', async ({ page, upstairs }) => {
  await page.waitForTimeout(STILL_MS);
  await send(page).evaluate((button) => {
    (button as HTMLButtonElement).click();
    button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    button.dispatchEvent(new PointerEvent('click', { bubbles: true, composed: true }));
  });
  await expect(question(page)).toHaveCount(1);
  expect(left(upstairs)).toEqual([]);
});

test('nobody is asked in a hidden frame', async ({ page, site, portals, upstairs }) => {
  await embed(page, portals.portal, widgetOf(site), { hidden: true });
  const { value } = await page.evaluate(
    async (text) =>
      (await window.host.last.call('run', [{ text, specialist: 'banking-tickets' }])) as {
        value: Answer;
      },
    DOUBTFUL,
  );
  expect(JSON.stringify(value.decision)).toContain('consent_denied');
  expect(left(upstairs)).toEqual([]);
});
