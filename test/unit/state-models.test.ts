/** The models' state: which one answers, what is under way, folders, failures in words. */
import { describe, expect, it, vi } from 'vitest';
import { FlotillaError } from '../../src/core/failure.ts';
import { modelInFolder } from '../../src/state/models-folder.ts';
import { Models, modelFor } from '../../src/state/models.svelte.ts';
import {
  contextWords,
  downloadWords,
  factsOf,
  inOrder,
  isFolded,
  measuredWords,
} from '../../src/ui/models/models-words.ts';
import { appDouble } from './doubles/app.ts';
import { modelCard, modelsDouble, PROBE } from './doubles/language.ts';

const plain = (text: string): string => text.replaceAll('\u202F', ' ');
const NO_FIT = { fits: false, recommended: false, why: 'It needs 4 GB of memory.' };

function modelsWith(...cards: Parameters<typeof modelCard>[]) {
  const door = modelsDouble(cards.map(([id, change]) => modelCard(id, change)));
  return { door, models: new Models({ ...appDouble(), models: door }) };
}

describe('the model that answers', () => {
  it('is the chosen one, else the one nearest to being ready, else the one that ships', () => {
    const absent = modelCard('house-slm');
    const stored = modelCard('qwen', { phase: 'stored', shipped: false });
    const ready = modelCard('llama', { phase: 'ready', shipped: false });
    expect(modelFor([absent, stored, ready], 'auto')).toBe(ready);
    expect(modelFor([absent, stored], 'auto')).toBe(stored);
    expect(modelFor([absent, stored], 'house-slm')).toBe(absent);
    expect(modelFor([modelCard('x', { shipped: false }), absent], 'auto')).toBe(absent);
    expect(modelFor([modelCard('house-slm', { fit: NO_FIT })], 'auto')).toBe(null);
  });
});

describe('models', () => {
  it('hears of changes and says what is under way and how it runs', async () => {
    const { door, models } = modelsWith(['house-slm']);
    await models.start();
    expect(models.underWay).toBe(null);
    const loading = modelCard('house-slm', { phase: 'loading' });
    door.tell([modelCard('qwen', { phase: 'downloading' }), loading]);
    expect(models.underWay?.id).toBe('house-slm');
    const info = {
      runtime: 'llama-wasm' as const,
      backend: 'WebAssembly, 2 threads',
      contextTokens: 2048,
      loadMs: 1400,
      selfTest: null,
    };
    door.tell([modelCard('house-slm', { phase: 'ready', info })]);
    expect(models.backendOf('house-slm@1.0.0')).toBe('WebAssembly, 2 threads');
    expect(models.underWay).toBe(null);
  });

  it('a failure is shown at its model with the next step; a pause is none', async () => {
    const { door, models } = modelsWith(['house-slm']);
    const failure = { code: 'storage_full', message: '88 MB are needed, 12 MB are free.' } as const;
    door.download = () => Promise.reject(new FlotillaError(failure));
    expect(await models.download('house-slm')).toBe(false);
    expect(models.troubles['house-slm']).toMatchObject(failure);
    door.download = () => Promise.reject(new FlotillaError({ code: 'cancelled', message: '' }));
    expect(await models.download('house-slm')).toBe(false);
    expect(models.troubles).toEqual({});
  });

  it('a refused backend leaves the choice as it was', async () => {
    const { door, models } = modelsWith(['house-slm']);
    door.chooseBackend = () =>
      Promise.reject(new FlotillaError({ code: 'no_webgpu', message: 'There is no WebGPU.' }));
    await models.chooseBackend('webgpu');
    expect(models.backend).toBe('auto');
    expect(models.trouble?.hint).toMatch(/WebAssembly/);
  });

  it('a folder without a readable model.json is refused with a reason', async () => {
    const { models } = modelsWith(['house-slm']);
    expect(await models.addFolder([{ path: 'stick/a.bin', file: new Blob(['x']) }])).toBe(null);
    expect(models.trouble?.code).toBe('file_missing');
    expect(await models.addFolder([{ path: 'model.json', file: new Blob(['{}']) }])).toBe(null);
    expect(models.trouble?.code).toBe('file_corrupt');
  });

  it('takes a model from a folder with paths relative to its model.json', async () => {
    const { door, models } = modelsWith(['house-slm']);
    const download = vi.spyOn(door, 'download').mockResolvedValue();
    const manifest = new Blob([JSON.stringify({ id: 'qwen' })]);
    const files = [
      { path: 'stick/readme.txt', file: new Blob(['x']) },
      { path: 'stick/qwen/w/shard.0', file: new Blob(['x']) },
      { path: 'stick/qwen/model.json', file: manifest },
    ];
    expect(await models.addFolder(files)).toBe('qwen');
    const [id, source] = download.mock.calls[0] ?? [];
    expect(id).toBe('qwen');
    expect(source?.kind === 'files' ? source.files.map(({ path }) => path) : null).toEqual([
      'w/shard.0',
      'model.json',
    ]);
  });

  it('the nearest model.json counts where there are several', async () => {
    const file = (id: string): Blob => new Blob([JSON.stringify({ id })]);
    const found = await modelInFolder([
      { path: 'a/b/model.json', file: file('inner') },
      { path: 'a/model.json', file: file('outer') },
    ]);
    expect(found.ok ? found.value.id : found.failure).toBe('outer');
  });
});

describe('words of the models page', () => {
  it('tells the device in plain words, also where the browser tells nothing', () => {
    expect(factsOf(PROBE).map(({ value }) => plain(value))).toEqual([
      'nvidia ampere',
      '8 cores',
      'at least 8.0 GB',
      '112.0 MB used',
    ]);
    const silent = {
      ...PROBE,
      webgpu: 'none' as const,
      memoryBytes: null,
      crossOriginIsolated: false,
      storage: { usedBytes: null, quotaBytes: null, persistent: false },
    };
    const facts = factsOf(silent);
    expect(facts.map(({ value }) => value)).toEqual([
      'No WebGPU',
      '8 cores',
      'Not told',
      'Not told',
    ]);
    expect(facts[1]?.detail).toMatch(/one thread only/);
  });

  it('puts recommended first and folds what does not fit', () => {
    const small = modelCard('small', { fit: { fits: true, recommended: false, why: '' } });
    const big = modelCard('big', { fit: NO_FIT });
    const best = modelCard('best');
    expect(inOrder([small, big, best]).map(({ id }) => id)).toEqual(['best', 'small', 'big']);
    expect(isFolded(big)).toBe(true);
    expect(isFolded(modelCard('big', { fit: NO_FIT, phase: 'stored' }))).toBe(false);
  });

  it('says an estimate as one', () => {
    const card = modelCard('qwen', { totalBytes: 0 });
    const entry = { ...card.entry, downloadBytes: null, downloadBytesAbout: 2.1e9 };
    expect(plain(downloadWords({ ...card, entry }))).toBe('about 2.1 GB');
    expect(plain(downloadWords(card))).toBe('88.1 MB');
    expect(contextWords(2048)).toBe('2 K tokens');
  });

  it('does not call a model tested that brings no golden answers', () => {
    const info = {
      runtime: 'webllm' as const,
      backend: 'WebGPU (nvidia ampere)',
      contextTokens: 4096,
      loadMs: 2100,
      selfTest: null,
    };
    expect(measuredWords(info)).toMatch(/was not tested/);
  });
});
