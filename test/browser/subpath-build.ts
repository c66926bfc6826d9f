/** A build for a base path and with a policy of its own, made once and again only when a source changed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../.ci/project.mjs';

export const SUBPATH = '/apps/flotilla/';
export const SUBPATH_POLICY = {
  version: 1,
  frame_ancestors: ['https://intranet.example'],
  embeds: [{ origin: 'https://portal.example', sandboxed: true }],
};
export const BUILD_LIMIT_MS = 600_000;

/** @returns the folder that holds the build, below its base path: a server's document root. */
export function buildBelowPath(): string {
  const cache = join(ROOT, 'node_modules/.cache/subpath');
  const folder = join(cache, 'www', SUBPATH);
  mkdirSync(folder, { recursive: true });
  const policyFile = join(cache, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(SUBPATH_POLICY));
  const code = `import('./.ci/project.mjs').then(({ ensureBuilt }) => ensureBuilt(process.env.POLICY))`;
  execFileSync(process.execPath, ['-e', code], {
    cwd: ROOT,
    env: { ...process.env, FLOTILLA_BASE: SUBPATH, FLOTILLA_DIST: folder, POLICY: policyFile },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: BUILD_LIMIT_MS,
  });
  return join(cache, 'www');
}
