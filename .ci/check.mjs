/**
 * `npm run check`: all gates, the quick ones first. Every gate runs, so that one run shows everything there is to do.
 * Only the tests need a build. No gate may take longer than its limit, so that a hang ends and is named.
 */
import { ensureBuilt, ensureInstalled, requireNode, runTool } from './project.mjs';

const LIMIT_MS = 5 * 60_000;

/** @type {[name: string, tool: string, args: string[]][]} */
const GATES = [
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ['types', 'typescript/bin/tsc', ['-b']],
  [
    'components',
    'svelte-check/bin/svelte-check',
    ['--tsconfig', 'src/tsconfig.json', '--fail-on-warnings'],
  ],
  ['dead code', 'knip/bin/knip.js', []],
  [
    'lint',
    'eslint/bin/eslint.js',
    ['--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
  ],
  ['unit, contract, architecture, budget', 'vitest/vitest.mjs', ['run']],
];

requireNode();
await ensureInstalled();
/** @type {string[]} */
const failed = [];
for (const [name, tool, args] of GATES) {
  console.log(`\n── ${name}`);
  const from = performance.now();
  const passed = (await prepared(name)) && (await runTool(tool, args, {}, LIMIT_MS)) === 0;
  const tookMs = performance.now() - from;
  console.log(`${passed ? 'passed' : 'FAILED'} after ${Math.round(tookMs / 1000)} s`);
  if (!passed && tookMs >= LIMIT_MS) console.log(`(its limit is ${LIMIT_MS / 60_000} minutes)`);
  if (!passed) failed.push(name);
}
console.log(failed.length === 0 ? '\nAll gates passed.' : `\nFailed: ${failed.join('; ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/**
 * Builds what a gate looks at.
 * @param {string} gate
 */
async function prepared(gate) {
  if (!gate.includes('budget')) return true;
  try {
    await ensureBuilt();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}
