/** Tests in real Chromium against the built app, served by our own server. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  outputDir: '../test-results',
  // Two pages at a time: most of a test is waiting for threads that start.
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 40_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/report.json' }]],
  projects: [
    { name: 'browser', testDir: 'browser', testMatch: '**/*.spec.ts' },
    { name: 'faults', testDir: 'faults', testMatch: '**/*.spec.ts' },
    { name: 'evaluate', testDir: 'evaluate', testMatch: '**/*.measure.ts', timeout: 1_800_000 },
    { name: 'bench', testDir: 'bench', testMatch: '**/*.measure.ts', timeout: 1_800_000 },
  ],
});
