/** A second real build of the same sources, in which every asset has another name: what a new version looks like. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { DIST, ROOT } from '../../.ci/project.mjs';

const RECORD = 'build-inputs.sha256';

/** Builds where the last second build is of other sources than `DIST`. Resolves to its folder. */
export async function secondBuild(): Promise<string> {
  const folder = `${DIST}-next`;
  if (isOfSameSources(folder)) return folder;
  // Hashes are written in other digits, so all names differ, and all files that name them.
  const output = { hashCharacters: 'hex' } as const;
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, rolldownOptions: { output } },
    worker: { rolldownOptions: { output } },
  });
  copyFileSync(join(DIST, RECORD), join(folder, RECORD));
  return folder;
}

function isOfSameSources(folder: string): boolean {
  const [ours, theirs] = [join(DIST, RECORD), join(folder, RECORD)];
  return existsSync(theirs) && readFileSync(ours, 'utf8') === readFileSync(theirs, 'utf8');
}
