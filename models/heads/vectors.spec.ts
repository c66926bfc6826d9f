/**
 * Embeds the background texts of public/fleet in the shipped app, in real Chromium, once for all trainings. Runs after
 * `build.spec.ts`, which writes the texts; needs a build (`npm run build`).
 */
import { chromium, test } from '@playwright/test';
import { findChromium } from '../../.ci/chromium.mjs';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';
import { readBackground, writeBackgroundVectors } from './fleet-files.ts';

const AT_ONCE = 50;

test('embed the background', async () => {
  const site = await serve({ folder: DIST, port: 0 });
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage();
  await page.goto(site.url);
  const texts = readBackground();
  const vectors: number[] = [];
  for (let at = 0; at < texts.length; at += AT_ONCE)
    vectors.push(
      ...(await page.evaluate(
        async (part) => [...(await window.flotilla.embed('encoder', part))],
        texts.slice(at, at + AT_ONCE),
      )),
    );
  writeBackgroundVectors(Float32Array.from(vectors));
  await browser.close();
  await site.close();
});
