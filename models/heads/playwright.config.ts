/** Runs the recipe of the shipped heads in real Chromium: `npx playwright test --config models/heads/playwright.config.ts`. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: ['build.spec.ts', 'vectors.spec.ts'],
  workers: 1,
  timeout: 3_600_000,
  reporter: 'line',
});
