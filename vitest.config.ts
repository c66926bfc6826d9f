/** Tests that run in Node: pure functions, contracts, the shape of the house and its budgets. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/contract/**/*.test.ts',
      'test/faults/**/*.test.ts',
      'test/*.test.ts',
    ],
    passWithNoTests: true,
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
