/** The shell: isolated, inside its boundary, installable, and there without a network after the first load. */
import { expect, test } from './fixture.ts';

test('the page is isolated and carries the boundary in headers and in itself', async ({
  page,
  site,
}) => {
  const response = await page.goto(site.url);
  const csp = response?.headers()['content-security-policy'] ?? '';
  expect(csp).toContain("default-src 'none'");
  const meta = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(csp.startsWith(meta ?? 'no meta element')).toBe(true);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test.describe('the boundary holds', () => {
  test.use({
    allowedProblems: /Content Security Policy|another origin: GET http:\/\/127\.0\.0\.2/i,
  });

  test('a request to another origin is blocked by the browser', async ({ page, site }) => {
    await page.goto(site.url);
    const outcome = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.effectiveDirective),
      );
      const fetched = await fetch('http://127.0.0.2:9/', { mode: 'no-cors' }).then(
        () => 'sent',
        () => 'blocked',
      );
      const image = await new Promise((resolve) => {
        const pixel = new Image();
        pixel.onload = () => resolve('sent');
        pixel.onerror = () => resolve('blocked');
        pixel.src = 'http://127.0.0.2:9/pixel.png';
      });
      return { fetched, image, violations: [...new Set(violations)] };
    });
    expect(outcome).toEqual({
      fetched: 'blocked',
      image: 'blocked',
      violations: ['connect-src', 'img-src'],
    });
  });
});

test('it is installable: manifest, icons and a service worker', async ({ page, site }) => {
  await page.goto(site.url);
  const manifestUrl = await page.evaluate(
    () => document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? '',
  );
  const manifest = (await (await page.request.get(manifestUrl)).json()) as {
    icons: { src: string; sizes: string }[];
  };
  expect(manifest.icons.map((icon) => icon.sizes)).toEqual(
    expect.arrayContaining(['192x192', '512x512']),
  );
  for (const icon of manifest.icons) {
    const answer = await page.request.get(new URL(icon.src, manifestUrl).href);
    expect(answer.headers()['content-type']).toMatch(/^image\//);
  }
});

test('it opens without a network after the first load', async ({ page, context, site }) => {
  await page.goto(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.goto(`${site.url}settings`);
  await expect(page.locator('#app')).not.toBeEmpty();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
