/** Runs the recipe of `documents` in real Chromium: `npx playwright test --config models/documents/playwright.config.ts`. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: 'build.spec.ts',
  workers: 1,
  timeout: 3_600_000,
  reporter: 'line',
});
