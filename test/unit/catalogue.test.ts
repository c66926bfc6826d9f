/** The catalogue is what its script makes of the installed WebLLM, and reads as a catalogue. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, catalogueText } from '../../.ci/catalogue.mjs';
import { parseCatalogue, parseMirrorIndex } from '../../src/core/catalogue-schema.ts';
import type { CatalogueEntry } from '../../src/core/generation-model.ts';

const text = readFileSync(CATALOGUE, 'utf8');
const read = (): CatalogueEntry[] => {
  const parsed = parseCatalogue(JSON.parse(text));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
};

describe('catalogue.json', () => {
  it('is what .ci/catalogue.mjs writes', () =>
    expect(text, 'run node .ci/catalogue.mjs').toBe(catalogueText()));

  it('names the families that were promised, each with a size or the browser behind it', () => {
    const families = new Set(read().map(({ family }) => family));
    for (const family of [
      'SmolLM2',
      'SmolLM3',
      'Phi-4',
      'Llama 3.2',
      'Qwen2.5',
      'Qwen3',
      'Gemma 3',
      'Gemma 4',
      'Ministral 3',
      'Gemini Nano',
    ])
      expect(families).toContain(family);
    for (const entry of read())
      expect(
        (entry.downloadBytes ?? entry.downloadBytesAbout ?? 0) > 0,
        `size of ${entry.id}`,
      ).toBe(entry.runtime !== 'prompt-api');
  });

  it('calls no licence open that asks for more than attribution', () => {
    for (const { licence, openLicence } of read())
      expect(openLicence).toBe(['apache-2.0', 'mit'].includes(licence));
  });

  it('names a library for WebLLM’s models and for no others', () => {
    for (const { id, runtime, hub } of read())
      if (hub) expect(hub.library !== null, id).toBe(runtime === 'webllm');
  });

  it.each([
    [(one: CatalogueEntry) => ({ ...one, id: '../x' }), 'models.0.id'],
    [(one: CatalogueEntry) => ({ ...one, memoryBytes: -1 }), 'models.0.memoryBytes'],
    [(one: CatalogueEntry) => ({ ...one, runtime: 'eval' }), 'models.0.runtime'],
    [(one: CatalogueEntry) => ({ ...one, price: 0 }), 'models.0.price'],
  ])('is refused with a wrong line %#', (change, place) => {
    const [first] = read();
    const parsed = parseCatalogue({ schema: 1, models: [change(first as CatalogueEntry)] });
    expect(parsed).toMatchObject({
      ok: false,
      failure: { code: 'file_corrupt', message: expect.stringContaining(place) },
    });
  });
});

describe('models/index.json', () => {
  it('is a list of ids', () => {
    const shipped = parseMirrorIndex(JSON.parse(readFileSync('public/models/index.json', 'utf8')));
    expect(shipped.ok).toBe(true);
    expect(parseMirrorIndex({ schema: 1, models: ['qwen2.5-0.5b'] })).toEqual({
      ok: true,
      value: ['qwen2.5-0.5b'],
    });
    for (const bad of [[], {}, { schema: 1, models: ['../../etc'] }, { schema: 1, models: [1] }])
      expect(parseMirrorIndex(bad).ok).toBe(false);
  });
});
