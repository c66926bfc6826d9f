/** Writes a specialist's folder: model.json packed, manifest.json out of the parts that the recipe measured, then seals it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { WorkManifest } from '../../src/core/work.ts';

const HERE = import.meta.dirname;
const VERSION = '1.0.0';

/** `parts` are laid over manifests/<id>.json. The gzip header holds no time and no system, so that equal input packs equally. */
export function writeSpecialist(
  id: string,
  model: string | null,
  parts: Partial<WorkManifest>,
): void {
  const folder = join(HERE, '../../public/fleet', id, VERSION);
  mkdirSync(folder, { recursive: true });
  if (model !== null) {
    const packed = gzipSync(model, { level: 9 });
    packed[9] = 255;
    writeFileSync(join(folder, 'model.json.gzip'), packed);
  }
  const base = JSON.parse(
    readFileSync(join(HERE, 'manifests', `${id}.json`), 'utf8'),
  ) as WorkManifest;
  writeFileSync(
    join(folder, 'manifest.json'),
    `${JSON.stringify({ ...base, ...parts, files: [] }, null, 1)}\n`,
  );
  execFileSync('node', [join(HERE, '../seal.mjs'), `${id}/${VERSION}`], { stdio: 'inherit' });
}
