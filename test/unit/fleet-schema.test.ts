/** What is read from disk or imported: hostile and broken manifests are refused, and the message says where. */
import { describe, expect, it } from 'vitest';
import { parseFleet, parseJson, parseManifest } from '../../src/core/fleet-schema.ts';
import { TICKETS } from './doubles/specialist.ts';

type Json = Record<string, unknown>;
const FILE = { path: 'static/1.0.0/table.safetensors', bytes: 10, sha256: 'ab'.repeat(32) };
const PASSPORT = TICKETS.manifest.passport;
const MODEL = {
  id: 'table',
  version: '1.0.0',
  dims: 256,
  maxTokens: 512,
  files: [FILE],
  passport: PASSPORT,
};
const FLEET = {
  schema: 1,
  static: MODEL,
  encoder: { ...MODEL, id: 'encoder' },
  router: { version: '1.0.0', sureLead: { static: 4, encoder: 2 }, files: [FILE] },
  background: { texts: FILE, vectors: FILE },
  specialists: [{ id: 'tickets', version: '1.0.0', manifest: FILE }],
  works: [{ id: 'receipts', version: '1.0.0', manifest: FILE }],
  generators: [{ id: 'house', version: '1.0.0', manifest: FILE }],
};

/** A copy of `value` with one place changed. */
function changed(value: unknown, path: string, to: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(value)) as Json;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const place = keys.reduce<Json>((at, key) => at[key] as Json, copy);
  if (to === undefined) Reflect.deleteProperty(place, last);
  else place[last] = to;
  return copy;
}

const messageOf = (result: ReturnType<typeof parseFleet> | ReturnType<typeof parseManifest>) =>
  result.ok ? 'accepted' : `${result.failure.code}: ${result.failure.message}`;

describe('a manifest', () => {
  it('of the vocabulary is accepted unchanged', () => {
    expect(parseManifest(TICKETS.manifest)).toEqual({ ok: true, value: TICKETS.manifest });
  });

  it.each([
    ['schema', 2],
    ['id', '../tickets'],
    ['id', 'Tickets'],
    ['id', ''],
    ['id', 'a'.repeat(65)],
    ['version', '1.0'],
    ['version', '1.0.0/../../x'],
    ['task', 'juggle'],
    ['labels', ['one']],
    ['labels', 'card'],
    ['labels.0', ''],
    ['labels.0', 7],
    ['labels', Array.from({ length: 2001 }, (_, i) => `l${i}`)],
    ['title', 'x'.repeat(4001)],
    ['files.0.path', '../../etc/passwd'],
    ['files.0.path', '/head.safetensors'],
    ['files.0.path', 'a/../b'],
    ['files.0.path', 'a//b'],
    ['files.0.path', 'a\\b'],
    ['files.0.path', 'https://elsewhere.example/x'],
    ['files.0.path', '//elsewhere.example/x'],
    ['files.0.path', '%2e%2e/x'],
    ['files.0.path', 'a\n/b'],
    ['files.0.path', ''],
    ['files.0.bytes', -1],
    ['files.0.bytes', 1.5],
    ['files.0.sha256', 'AB'.repeat(32)],
    ['files.0.sha256', 'ab'.repeat(31)],
    ['promises.encoder', undefined],
    ['promises.static.calibration.weights', [1, 2, 3, 4]],
    ['promises.static.calibration.weights.2', null],
    ['promises.static.calibration.temperature', 0],
    ['promises.static.calibration.temperature', -1],
    ['promises.static.calibration.bias', Infinity],
    ['promises.static.calibration.bias', '0'],
    ['promises.encoder.certificates.0.maxError', 1.2],
    ['promises.encoder.certificates.0.threshold', -Infinity],
    ['promises.encoder.certificates.0.n', -5],
    ['evaluation.ci95', [0, 1, 2]],
    ['evaluation.accuracy', NaN],
    ['passport.licence', undefined],
    ['facets', [{ name: '__proto__', labels: ['a', 'b'] }]],
  ])('%s = %j is refused at that place', (path, value) => {
    const words = messageOf(parseManifest(changed(TICKETS.manifest, path, value)));
    expect(words).toMatch(/^file_corrupt: The manifest is not valid at “/);
    expect(words).toContain(`“${path.split('.')[0] ?? ''}`);
  });

  it.each(['extra', 'promises.encoder.extra', 'files.0.url', 'passport.onload'])(
    'an extra key at %s is refused and named',
    (path) => {
      const words = messageOf(parseManifest(changed(TICKETS.manifest, path, 1)));
      expect(words).toMatch(/^file_corrupt/);
      expect(words).toContain(`“${path}”`);
    },
  );

  it('a __proto__ key does not slip in', () => {
    const text = JSON.stringify(TICKETS.manifest).replace(
      '{',
      '{"__proto__":{"labels":["x","y"]},',
    );
    const json = parseJson(new TextEncoder().encode(text), 'The manifest');
    expect(json.ok && parseManifest(json.value).ok).toBe(false);
    expect(({} as Json)['labels']).toBeUndefined();
  });

  it.each([null, undefined, 7, 'text', [], {}])('%j is not one', (value) => {
    expect(messageOf(parseManifest(value))).toMatch(/^file_corrupt/);
  });
});

describe('fleet.json', () => {
  it('of the vocabulary is accepted', () =>
    expect(parseFleet(FLEET)).toEqual({ ok: true, value: FLEET }));

  it.each([
    ['static.dims', 'many'],
    ['encoder.files.0.path', '../secrets'],
    ['router.sureLead.encoder', null],
    ['router.version', 'latest'],
    ['background.texts.sha256', 'no'],
    ['specialists.0.manifest.path', 'x/../../y'],
    ['specialists.0.id', 'Big'],
    ['script', 'alert(1)'],
  ])('%s = %j is refused at that place', (path, value) => {
    const words = messageOf(parseFleet(changed(FLEET, path, value)));
    expect(words).toContain(`file_corrupt: fleet.json is not valid at “${path}”`);
  });
});

describe('JSON', () => {
  it.each(['', '{', 'nonsense', '\u0000'])(
    '%j is a failure with the name of the file, not an exception',
    (text) => {
      const result = parseJson(new TextEncoder().encode(text), 'fleet.json');
      expect(result).toMatchObject({ ok: false, failure: { code: 'file_corrupt' } });
      if (!result.ok) expect(result.failure.message).toContain('fleet.json');
    },
  );

  it('1e999 is no figure', () => {
    const text = JSON.stringify(FLEET).replace('"encoder":2', '"encoder":1e999');
    const json = parseJson(new TextEncoder().encode(text), 'fleet.json');
    expect(json.ok && parseFleet(json.value).ok).toBe(false);
  });
});
