/** A build for a base path, made once and again only when a source changed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../.ci/project.mjs';

export const SUBPATH = '/apps/flotilla/';
export const BUILD_LIMIT_MS = 600_000;

/** @returns the folder that holds the build, below its base path: a server's document root. */
export function buildBelowPath(): string {
  const root = join(ROOT, 'node_modules/.cache/subpath');
  const folder = join(root, SUBPATH);
  mkdirSync(folder, { recursive: true });
  const code = "import('./.ci/project.mjs').then(({ ensureBuilt }) => ensureBuilt())";
  execFileSync(process.execPath, ['-e', code], {
    cwd: ROOT,
    env: { ...process.env, FLOTILLA_BASE: SUBPATH, FLOTILLA_DIST: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: BUILD_LIMIT_MS,
  });
  return root;
}
