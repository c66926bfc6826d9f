/** model.json: what is read of it, and what is refused because it could reach out of its folder or lie about sizes. */
import { describe, expect, it } from 'vitest';
import { bytesOf, parseModel, readModel } from '../../workers/router/models/manifest.ts';
import { modelOf } from './doubles/model-files.ts';

const GOOD = modelOf({ 'weights.gguf.0': new Uint8Array(10), 'config.json': new Uint8Array(3) });
const [first] = GOOD.files;
const withFile = (change: object) => ({ ...GOOD, files: [{ ...first, ...change }] });

describe('model.json', () => {
  it('is read as it is', () => {
    expect(parseModel(GOOD)).toEqual({ ok: true, value: GOOD });
    expect(readModel(new TextEncoder().encode(JSON.stringify(GOOD))).ok).toBe(true);
  });

  it.each([
    ['a path out of the folder', withFile({ path: '../secret' }), 'files.0.path'],
    ['a path from the root', withFile({ path: '/etc/passwd' }), 'files.0.path'],
    ['an address', withFile({ path: 'https://x.example/w' }), 'files.0.path'],
    ['dots inside', withFile({ path: 'a/../../b' }), 'files.0.path'],
    ['a query', withFile({ path: 'w?x=1' }), 'files.0.path'],
    ['no bytes', withFile({ bytes: 0 }), 'files.0.bytes'],
    ['too many bytes', withFile({ bytes: 1e12 }), 'files.0.bytes'],
    ['half a byte', withFile({ bytes: 1.5 }), 'files.0.bytes'],
    ['a short hash', withFile({ sha256: 'abc' }), 'files.0.sha256'],
    ['an unknown role', withFile({ role: 'script' }), 'files.0.role'],
    ['no files', { ...GOOD, files: [] }, 'files'],
    ['no weights', { ...GOOD, files: GOOD.files.slice(1) }, 'names no weights'],
    ['a path twice', { ...GOOD, files: [first, first] }, 'names a path twice'],
    ['an id that is a path', { ...GOOD, id: 'a/b' }, '“id”'],
    ['an id of dots', { ...GOOD, id: 'a..b' }, '“id”'],
    ['another schema', { ...GOOD, schema: 2 }, '“schema”'],
    ['an unknown key', { ...GOOD, script: 'x' }, '“script”'],
    ['an unknown runtime', { ...GOOD, runtimes: ['eval'] }, '“runtimes.0”'],
    ['nothing', null, 'top'],
  ])('is refused with %s', (_name, value, place) => {
    expect(parseModel(value)).toMatchObject({
      ok: false,
      failure: { code: 'file_corrupt', message: expect.stringContaining(place) },
    });
  });

  it('that is no JSON is refused', () => {
    expect(readModel(new TextEncoder().encode('<!doctype html>'))).toMatchObject({
      ok: false,
      failure: { code: 'file_corrupt' },
    });
  });

  it('counts a file that has two roles once', () => {
    const twice = { ...GOOD, files: [...GOOD.files, { ...GOOD.files[1], path: 'again.json' }] };
    const parsed = parseModel(twice);
    expect(parsed.ok && bytesOf(parsed.value)).toBe(13);
    expect(parsed.ok && bytesOf(parsed.value, (hash) => hash === first?.sha256)).toBe(10);
  });
});
