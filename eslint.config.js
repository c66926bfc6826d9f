/** Lint rules: strict, type-aware, and the import directions of the house with a way out in every message. */
import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/**
 * @param {string[]} files
 * @param {{ group: string[], message: string }[]} patterns
 * @returns {import('eslint').Linter.Config}
 */
const forbid = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

const NO_WORKERS = {
  group: ['**/workers/**'],
  message: 'Code of another thread: go through src/bridge, whose types are in src/core/threads.ts.',
};

export default defineConfig(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'test-results/',
      'public/',
      'docs/portal/', // plain files as a portal's developer writes them; a browser test runs them
      'models/build/',
      'models/.venv/',
      'models/**/*.mjs', // run by hand with the recipes; not part of a typed project
      'coverage/',
    ],
  },
  ...ts.configs.strictTypeChecked,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        project: ['src/core', 'src', 'workers', 'test'].map((folder) => `${folder}/tsconfig.json`),
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', { name: 'eval', message: 'The CSP blocks it.' }],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Figures in sentences are what most templates here are for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  forbid(
    ['src/core/**/*.ts'],
    [
      {
        group: [
          '**/ui/**',
          '**/state/**',
          '**/bridge/**',
          '**/platform/**',
          '**/workers/**',
          '*.svelte',
          'svelte',
          'svelte/*',
        ],
        message: 'Core is pure: take the effect as a parameter (a port of src/core/ports.ts).',
      },
      {
        group: ['comlink', 'idb', 'onnxruntime-web*', '@huggingface/*', 'node:*'],
        message: 'Core does nothing itself: put the effect into workers/router and hand it in.',
      },
    ],
  ),
  forbid(
    ['src/state/**/*.ts'],
    [
      NO_WORKERS,
      {
        group: ['**/ui/**', '**/bridge/**', '**/platform/**', 'comlink', 'idb'],
        message: 'State gets its client handed in by src/main.ts (a type of src/core/threads.ts).',
      },
    ],
  ),
  forbid(
    ['src/ui/**/*.{ts,svelte}'],
    [
      NO_WORKERS,
      {
        group: ['**/bridge/**', '**/platform/**', 'comlink', 'idb'],
        message: 'Ask a class of src/state instead.',
      },
    ],
  ),
  forbid(
    ['src/bridge/**/*.ts'],
    [
      {
        group: ['**/ui/**', '**/state/**'],
        message: 'The bridge knows src/core and src/platform only; src/main.ts joins the parts.',
      },
    ],
  ),
  forbid(
    ['src/platform/**/*.ts'],
    [
      NO_WORKERS,
      {
        group: ['**/ui/**', '**/state/**', '**/bridge/**'],
        message: 'The page and every thread use this: it knows only src/core.',
      },
    ],
  ),
  forbid(
    ['src/guest/**/*.ts'],
    [
      NO_WORKERS,
      {
        group: [
          '**/ui/**',
          '**/state/**',
          '**/bridge/**',
          '**/platform/**',
          'comlink',
          'svelte',
          'svelte/*',
        ],
        message: 'The guest is small and knows only src/core; src/widget.ts joins the parts.',
      },
    ],
  ),
  forbid(
    ['workers/**/*.ts'],
    [
      {
        group: ['**/ui/**', '**/state/**', '**/bridge/**', 'svelte', 'svelte/*'],
        message: 'This thread has no page: share through src/core or src/platform.',
      },
    ],
  ),
  {
    files: ['.ci/**/*.mjs', 'test/**', 'models/**/*.ts', '*.config.{js,ts}'],
    languageOptions: { globals: { ...globals.node } },
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // JSON of reports and manifests is read in scripts and tests without a schema.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      'no-empty-pattern': 'off',
    },
  },
);
