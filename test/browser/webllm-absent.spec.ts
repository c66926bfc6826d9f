/** The runtime `webllm` in a browser without WebGPU: it says so, at once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenerationModel } from '../../src/core/generation-model.ts';
import { expect, test } from './fixture.ts';
import type { GenerationHarness } from './runtimes/generation.ts';
import { buildHarness, serveHarness } from './runtimes/site.ts';

declare const generation: GenerationHarness;

test('no adapter: no_webgpu, within two seconds', async ({ context }) => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-no-webgpu-'));
  await buildHarness(folder, 'generation.html');
  const site = await serveHarness(folder);
  const page = await context.newPage();
  await page.goto(`${site.url}/generation.html`);
  await page.waitForFunction(() => 'generation' in globalThis);
  const { result, tookMs, generated } = await page.evaluate(async () => {
    const response = await fetch('/fleet/house-slm/1.0.0/model.json');
    const model = (await response.json()) as GenerationModel;
    const startedAt = performance.now();
    const result = await generation.load('webllm', model);
    const tookMs = performance.now() - startedAt;
    return { result, tookMs, generated: await generation.ask('webllm', 'Hi') };
  });
  expect(result).toMatchObject({ ok: false, failure: { code: 'no_webgpu' } });
  expect(tookMs).toBeLessThan(2_000);
  expect(generated.result).toMatchObject({ ok: false, failure: { code: 'runtime_failed' } });
  await site.close();
  await rm(folder, { recursive: true });
});
