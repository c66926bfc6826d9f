/** What the task `summarize` may call, over the shipped files in Node: for evaluation and tests. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { documentOfText } from '../../src/core/document.ts';
import { fail, ok } from '../../src/core/failure.ts';
import type { Work, WorkManifest, WorkPorts } from '../../src/core/work.ts';
import { openStatic } from './static-vectors.ts';

const FOLDER = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../public/fleet/transcripts/1.0.0',
);

export const shippedManifest = (): WorkManifest =>
  JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as WorkManifest;

export const workOf = (text: string, input?: unknown): Work => ({
  document: documentOfText(text),
  input,
  manifest: shippedManifest(),
});

/** Static tier only, as in the app; no language model. */
export function portsInNode(changes: Partial<WorkPorts> = {}): WorkPorts {
  const embed = openStatic();
  return {
    now: () => performance.now(),
    deadlineAt: Infinity,
    signal: undefined,
    tiers: ['rules', 'static'],
    embed: (_tier, texts) => Promise.resolve(ok(texts.map(embed))),
    tokens: () => Promise.resolve(fail('runtime_failed', 'No encoder here.')),
    file: (name) =>
      Promise.resolve(ok(new Uint8Array(gunzipSync(readFileSync(join(FOLDER, `${name}.gzip`)))))),
    slm: {
      modelFor: () => Promise.resolve(null),
      generate: () => Promise.resolve(fail('unknown_model', 'No model here.')),
    },
    onProgress: () => undefined,
    ...changes,
  };
}
