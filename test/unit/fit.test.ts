/** Which model fits which device, and in which words the others do not. The catalogue is the shipped one. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/core/catalogue-schema.ts';
import { deviceClass, fitOf, recommend } from '../../src/core/fit.ts';
import type { CatalogueEntry, DeviceProbe, Fit } from '../../src/core/generation-model.ts';

const GIB = 2 ** 30;
const parsed = parseCatalogue(JSON.parse(readFileSync('public/fleet/catalogue.json', 'utf8')));
if (!parsed.ok) throw new Error(parsed.failure.message);
const catalogue = parsed.value;

const LAPTOP: DeviceProbe = {
  webgpu: 'none',
  adapter: '',
  shaderF16: false,
  maxBufferBytes: 0,
  memoryBytes: 8 * GIB,
  cores: 4,
  crossOriginIsolated: true,
  promptApi: 'none',
  storage: { usedBytes: 1e8, quotaBytes: 60e9, persistent: false },
};
const SOFTWARE: DeviceProbe = {
  ...LAPTOP,
  webgpu: 'software',
  adapter: 'google swiftshader',
  maxBufferBytes: GIB,
};
const INTEGRATED: DeviceProbe = {
  ...LAPTOP,
  webgpu: 'hardware',
  adapter: 'intel gen-12lp',
  shaderF16: true,
  maxBufferBytes: 2 * GIB,
};
const DISCRETE: DeviceProbe = { ...INTEGRATED, adapter: 'nvidia ampere', maxBufferBytes: 4 * GIB };
const PHONE: DeviceProbe = {
  ...INTEGRATED,
  adapter: 'qualcomm adreno-7xx',
  memoryBytes: 4 * GIB,
  maxBufferBytes: GIB / 4,
};

const entryNamed = (id: string): CatalogueEntry => {
  const found = catalogue.find((one) => one.id === id);
  if (!found) throw new Error(`no ${id} in the catalogue`);
  return found;
};
const fit = (id: string, probe: DeviceProbe): Fit => fitOf(entryNamed(id), probe);
const recommended = (probe: DeviceProbe): string[] => {
  const fits = recommend(catalogue, probe);
  return catalogue.flatMap(({ id }, index) => (fits[index]?.recommended ? [id] : []));
};

describe('device classes', () => {
  it.each([
    [LAPTOP, 'processor'],
    [SOFTWARE, 'processor'],
    [INTEGRATED, 'integrated'],
    [PHONE, 'integrated'],
    [{ ...INTEGRATED, adapter: 'apple metal-3' }, 'integrated'],
    [DISCRETE, 'discrete'],
  ])('%#', (probe, expected) => expect(deviceClass(probe)).toBe(expected));
});

describe('what fits', () => {
  it('the house model fits everywhere, on graphics or on the processor', () => {
    for (const probe of [LAPTOP, SOFTWARE, INTEGRATED, DISCRETE, PHONE])
      expect(fit('house-slm', probe).fits).toBe(true);
    expect(fit('house-slm', LAPTOP).why).toBe(
      'It runs on the processor (4 threads) and takes 249 MB of memory.',
    );
    expect(fit('house-slm', { ...LAPTOP, crossOriginIsolated: false }).why).toContain('(1 thread)');
    expect(fit('house-slm', DISCRETE).why).toContain('nvidia ampere');
  });

  it('a WebLLM model needs WebGPU on hardware, and the sentence says what is missing', () => {
    expect(fit('qwen3-1.7b', LAPTOP)).toMatchObject({
      fits: false,
      why: 'It needs WebGPU, which this browser does not offer here.',
    });
    expect(fit('qwen3-1.7b', SOFTWARE).why).toContain('graphics hardware');
    expect(fit('qwen3-1.7b', { ...DISCRETE, shaderF16: false }).why).toBe(
      'It needs shader-f16, which this adapter (nvidia ampere) does not offer.',
    );
    expect(fit('gemma4-e2b', { ...DISCRETE, maxBufferBytes: 2 ** 27 }).why).toBe(
      'It needs buffers of 201 MB; this adapter stops at 134 MB.',
    );
    expect(fit('qwen3-1.7b', DISCRETE).fits).toBe(true);
  });

  it('memory counts where it is shared and told, and not where it is not', () => {
    expect(fit('qwen3-4b', PHONE)).toMatchObject({
      fits: false,
      why: 'It needs 3.6 GB of memory; this device has 4.3 GB, of which a model may take half.',
    });
    expect(fit('qwen3-4b', { ...PHONE, memoryBytes: null }).why).toContain('does not tell');
    expect(fit('qwen3-4b', { ...DISCRETE, memoryBytes: 4 * GIB }).fits).toBe(true);
    expect(fit('qwen3-4b', INTEGRATED).fits).toBe(true); // 8 GiB or more
  });

  it('16-bit ONNX weights need WebGPU, others do not', () => {
    expect(fit('smollm3-3b', LAPTOP).fits).toBe(false);
    expect(fit('smollm2-360m-onnx', LAPTOP).fits).toBe(true);
  });

  it('a quota below the size of the files is a reason', () => {
    const storage = { usedBytes: 0, quotaBytes: 50e6, persistent: false };
    expect(fit('house-slm', { ...LAPTOP, storage }).why).toBe(
      'Its files take 89 MB; this browser grants this site 50 MB.',
    );
  });

  it('the browser’s own model is there or is not', () => {
    expect(fit('gemini-nano', DISCRETE).fits).toBe(false);
    expect(fit('gemini-nano', { ...LAPTOP, promptApi: 'ready' })).toMatchObject({
      fits: true,
      why: 'The browser brings it; it is ready.',
    });
  });
});

describe('what is recommended', () => {
  it.each([
    ['a laptop without WebGPU', LAPTOP, 'house-slm'],
    ['a software adapter', SOFTWARE, 'house-slm'],
    ['integrated graphics', INTEGRATED, 'qwen3-1.7b'],
    ['a graphics card', DISCRETE, 'qwen3-4b'],
    ['a phone', PHONE, 'qwen2.5-0.5b'],
    ['a card without shader-f16', { ...DISCRETE, shaderF16: false }, 'smollm2-360m-onnx'],
  ])('%s', (_name, probe, id) => expect(recommended(probe)).toEqual([id]));

  it('never the browser’s own model, nor one with a use policy', () => {
    const only = ['gemini-nano', 'llama3.2-1b', 'gemma3-1b'].map(entryNamed);
    const fits = recommend(only, { ...DISCRETE, promptApi: 'ready' });
    expect(fits.map((one) => [one.fits, one.recommended])).toEqual([
      [true, false],
      [true, false],
      [true, false],
    ]);
  });
});
