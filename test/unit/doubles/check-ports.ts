/** What the code of task `check` needs, out of the shipped files, without a thread. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fail, ok } from '../../../src/core/failure.ts';
import type { WorkManifest, WorkPorts } from '../../../src/core/work.ts';

const FLEET = join(import.meta.dirname, '../../../public/fleet');

export const checkManifest = (id: string): WorkManifest =>
  JSON.parse(readFileSync(join(FLEET, id, '1.0.0/manifest.json'), 'utf8')) as WorkManifest;

export const checkFile = (id: string, name: string): string =>
  readFileSync(join(FLEET, id, '1.0.0', name), 'utf8');

const files = new Map<string, Uint8Array<ArrayBuffer>>();

/** Rules alone: no embedding, no language model. */
export function checkPorts(id: string): WorkPorts {
  const none = () => Promise.resolve(fail('runtime_failed', 'There is no model in this test.'));
  return {
    now: () => 0,
    deadlineAt: Infinity,
    signal: undefined,
    tiers: ['rules'],
    embed: none,
    tokens: none,
    file: (name) => {
      const path = join(FLEET, id, '1.0.0', `${name}.gzip`);
      const bytes = files.get(path) ?? new Uint8Array(gunzipSync(readFileSync(path)));
      files.set(path, bytes);
      return Promise.resolve(ok(bytes));
    },
    slm: { modelFor: () => Promise.resolve(null), generate: none },
    onProgress: () => undefined,
  };
}
