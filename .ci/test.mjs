/** `npm test`: installs, builds, runs every suite, and ends with one line. With `evaluate` or `bench`: only measures. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, ROOT, runTool } from './project.mjs';

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Tally */

const RESULTS = join(ROOT, 'test-results');
const PLAYWRIGHT = '@playwright/test/cli.js';
const PLAYWRIGHT_CONFIG = ['--config', 'test/playwright.config.ts'];

requireNode();
const measure = process.argv[2];
try {
  await ensureInstalled();
  await ensureBuilt();
  const browser = await browserOrInstall();
  process.exitCode = measure ? await runMeasure(measure, browser) : await runAll(browser);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

/** @returns {Promise<string | null>} */
async function browserOrInstall() {
  const { findChromium } = await import('./chromium.mjs');
  const found = findChromium();
  if (found) return found;
  console.log('No Chromium found; asking Playwright to install one …');
  await runTool(PLAYWRIGHT, ['install', 'chromium']);
  return findChromium();
}

/**
 * @param {string} project `evaluate` or `bench`
 * @param {string | null} browser
 */
async function runMeasure(project, browser) {
  if (!browser) throw new Error('No Chromium found. Set CHROME_PATH to its executable.');
  const args = [
    'test',
    ...PLAYWRIGHT_CONFIG,
    '--project',
    project,
    '--reporter',
    'line',
    // One at a time: two would measure each other.
    '--workers=1',
    ...process.argv.slice(3),
  ];
  return runTool(PLAYWRIGHT, args, { CHROME_PATH: browser });
}

/** @param {string | null} browser */
async function runAll(browser) {
  rmSync(RESULTS, { recursive: true, force: true });
  const tallies = [await runNodeTests(), browser ? await runBrowserTests(browser) : noBrowser()];
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  for (const name of tallies.flatMap((tally) => tally.skipped)) console.log(`skipped: ${name}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** @returns {Tally} */
function noBrowser() {
  console.error(
    'The browser tests could not run: no Chromium found. Set CHROME_PATH to its executable.',
  );
  return { passed: 0, failed: 1, skipped: ['all browser tests (no Chromium found)'] };
}

/** @returns {Promise<Tally>} */
async function runNodeTests() {
  const report = join(RESULTS, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const exit = await runTool('vitest/vitest.mjs', ['run', ...reporters]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [] };
  /** @type {{ testResults: { status: string, name: string, assertionResults: { status: string, fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const all = testResults.flatMap((file) => file.assertionResults);
  const broken = testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  );
  const failed = all.filter((one) => one.status === 'failed').length + broken.length;
  return {
    passed: all.filter((one) => one.status === 'passed').length,
    failed: exit !== 0 && failed === 0 ? 1 : failed,
    skipped: all
      .filter((one) => !['passed', 'failed'].includes(one.status))
      .map((one) => one.fullName),
  };
}

/**
 * @param {string} browser
 * @returns {Promise<Tally>}
 */
async function runBrowserTests(browser) {
  const projects = ['--project', 'browser', '--project', 'faults', '--pass-with-no-tests'];
  const exit = await runTool(PLAYWRIGHT, ['test', ...PLAYWRIGHT_CONFIG, ...projects], {
    CHROME_PATH: browser,
  });
  const report = join(RESULTS, 'report.json');
  if (!existsSync(report)) return { passed: 0, failed: exit === 0 ? 0 : 1, skipped: [] };
  /** @type {{ suites: Suite[], stats: { expected: number, unexpected: number, flaky: number } }} */
  const { suites, stats } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = stats.unexpected;
  return {
    passed: stats.expected + stats.flaky,
    failed: exit !== 0 && failed === 0 ? 1 : failed,
    skipped: suites.flatMap(skippedIn),
  };
}

/**
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ title: string, tests: { status: string, annotations: Annotation[] }[] }} Spec
 * @typedef {{ suites?: Suite[], specs?: Spec[] }} Suite
 * @param {Suite} suite
 * @returns {string[]} names with reasons
 */
function skippedIn({ suites = [], specs = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status === 'skipped')
      .map(({ annotations }) => {
        const reason = annotations.find(({ type }) => type === 'skip')?.description;
        return reason ? `${title} (${reason})` : title;
      }),
  );
  return [...own, ...suites.flatMap(skippedIn)];
}
