/** The fleet that the repository ships: every file hashes right, every manifest parses, every head fits its manifest. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFleet, parseManifest } from '../../src/core/fleet-schema.ts';
import { headsFromBytes } from '../../src/core/head-file.ts';
import { readSafeTensors } from '../../src/core/safetensors.ts';
import type { FleetFile, FleetManifest } from '../../src/core/specialist.ts';
import { nodeEmbedder } from '../evaluate/node-embedder.ts';

const FLEET = join(import.meta.dirname, '../../public/fleet');
const parsed = parseFleet(JSON.parse(readFileSync(join(FLEET, 'fleet.json'), 'utf8')));
if (!parsed.ok) throw new Error(parsed.failure.message);
const fleet: FleetManifest = parsed.value;

const sha256 = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');
const check = (folder: string, { path, bytes, sha256: wanted }: FleetFile): void => {
  const file = join(folder, path);
  expect(existsSync(file), path).toBe(true);
  expect(readFileSync(file).length, path).toBe(bytes);
  expect(sha256(file), path).toBe(wanted);
};

describe('the shipped fleet', () => {
  it('has every file it names, unchanged', () => {
    const files = [
      ...fleet.static.files,
      ...fleet.encoder.files,
      ...fleet.router.files,
      ...Object.values(fleet.background),
    ];
    for (const file of [...files, ...fleet.specialists.map((s) => s.manifest)]) check(FLEET, file);
  });

  it('ships the specialists of the contract that sort', () => {
    const ids = [
      'assistant-requests',
      'banking-tickets',
      'customer-service',
      'documents',
      'email-intents',
      'home-commands',
    ];
    expect(fleet.specialists.map((s) => s.id).sort()).toEqual(ids);
  });

  it.each(fleet.specialists)('$id: manifest, head, labels and promises fit together', (entry) => {
    const path = join(FLEET, entry.manifest.path);
    const manifest = parseManifest(JSON.parse(readFileSync(path, 'utf8')));
    if (!manifest.ok) throw new Error(manifest.failure.message);
    const { files, labels, models, promises, passport, evaluation } = manifest.value;
    for (const file of files) check(dirname(path), file);
    const heads = headsFromBytes(
      new Uint8Array(readFileSync(join(dirname(path), files[0]?.path ?? ''))),
    );
    if (!heads.ok) throw new Error(heads.failure.message);
    expect(heads.value['static.label']?.classes).toBe(labels.length);
    expect(heads.value['encoder.label']?.classes).toBe(labels.length);
    expect(new Set(labels).size).toBe(labels.length);
    expect(models).toEqual({
      static: `${fleet.static.id}@${fleet.static.version}`,
      encoder: `${fleet.encoder.id}@${fleet.encoder.version}`,
    });
    expect(passport.licence).toMatch(/^(cc-by-[34]\.0|apache-2\.0|mit|cdla-permissive-1\.0)$/);
    expect(evaluation.n).toBeGreaterThan(200);
    for (const certificate of promises.encoder.certificates) {
      expect(certificate.n).toBeGreaterThan(0);
      expect(certificate.confidence).toBe(0.95);
    }
  });

  it('has embeddings of its background as its encoder makes them', async () => {
    const { texts: file, vectors: stored } = fleet.background;
    const texts = readFileSync(join(FLEET, file.path), 'utf8').split('\n').filter(Boolean);
    const bytes = readFileSync(join(FLEET, stored?.path ?? ''));
    const parsed = readSafeTensors(new Uint8Array(bytes));
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const { dims, id, version } = fleet.encoder;
    const rows = parsed.value.tensors.get('encoder');
    expect(rows?.shape).toEqual([texts.length, dims]);
    expect(parsed.value.metadata).toEqual({ model: `${id}@${version}` });
    const some = [0, 1, 599, 1199];
    const fresh = await nodeEmbedder()(
      'encoder',
      some.map((row) => texts[row] ?? ''),
    );
    if (!fresh.ok) throw new Error(fresh.failure.message);
    some.forEach((row, i) => {
      const kept = rows?.data.subarray(row * dims, (row + 1) * dims) as Float32Array;
      const cosine = kept.reduce((sum, x, d) => sum + x * (fresh.value[i]?.[d] ?? 0), 0);
      expect(cosine, texts[row]).toBeGreaterThan(0.99);
    });
  });

  it('has a schema beside it that names the same keys', () => {
    const schema = JSON.parse(readFileSync(join(FLEET, 'fleet.schema.json'), 'utf8')) as {
      properties: object;
      $defs: { model: { properties: object }; file: { properties: object } };
    };
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(fleet).sort());
    expect(Object.keys(schema.$defs.model.properties).sort()).toEqual(
      Object.keys(fleet.encoder).sort(),
    );
    expect(Object.keys(schema.$defs.file.properties).sort()).toEqual(
      Object.keys(fleet.background.texts).sort(),
    );
  });
});
