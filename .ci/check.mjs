/** `npm run check`: all gates at once. Every gate runs, so that one run shows everything there is to do. */
import { ensureBuilt, ensureInstalled, requireNode, runTool } from './project.mjs';

/** @type {[name: string, tool: string, args: string[]][]} */
const GATES = [
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  [
    'lint',
    'eslint/bin/eslint.js',
    ['--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
  ],
  ['types', 'typescript/bin/tsc', ['-b']],
  [
    'components',
    'svelte-check/bin/svelte-check',
    ['--tsconfig', 'src/tsconfig.json', '--fail-on-warnings'],
  ],
  ['unit, contract, architecture, budget', 'vitest/vitest.mjs', ['run']],
  ['dead code', 'knip/bin/knip.js', []],
];

requireNode();
await ensureInstalled();
await ensureBuilt();
const failed = [];
for (const [name, tool, args] of GATES) {
  console.log(`\n── ${name}`);
  if ((await runTool(tool, args)) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nAll gates passed.' : `\nFailed: ${failed.join('; ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
