/** The build: page and workers, the offline shell, and the security headers of the dev and preview servers. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { join } from 'node:path';
import { defineConfig, type Connect, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { basePath, pathBelow } from './.ci/addresses.mjs';
import { buildSdk } from './.ci/sdk.mjs';
import { contentSecurityPolicy, readPolicy, securityHeaders } from './.ci/security-headers.mjs';

const POLICY_FILE = process.env.FLOTILLA_POLICY ?? join(import.meta.dirname, 'public/policy.json');
/** Path below which the deployment lies, e.g. `/flotilla/`. */
const BASE = basePath(process.env.FLOTILLA_BASE);

/** Precaching fails the build above this size, so that nothing is left out silently. */
const MAX_PRECACHED_BYTES = 20 * 1024 * 1024;

/** Gives every address the headers of the policy, and writes the CSP into built pages, for hosts that cannot set headers. */
function securityPolicy(): Plugin {
  const policy = readPolicy(POLICY_FILE);
  return {
    name: 'flotilla:security-policy',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { server, path }) =>
        server
          ? []
          : [
              {
                tag: 'meta',
                attrs: {
                  'http-equiv': 'Content-Security-Policy',
                  content: contentSecurityPolicy(policy, 'meta', path),
                },
                injectTo: 'head-prepend',
              },
            ],
    },
    configureServer({ middlewares }) {
      middlewares.use(setHeaders(devHeaders));
    },
    configurePreviewServer({ middlewares }) {
      middlewares.use(setHeaders((path) => securityHeaders(policy, path)));
    },
  };
}

/** sdk.js and sdk.d.ts beside the pages: names without a hash, because host pages write them down. */
function hostSdk(): Plugin {
  return {
    name: 'flotilla:sdk',
    async generateBundle() {
      if (this.environment.config.build.ssr) return;
      for (const [fileName, source] of Object.entries(await buildSdk()))
        this.emitFile({ type: 'asset', fileName, source });
    },
    configureServer({ middlewares }) {
      middlewares.use(`${BASE}sdk.js`, (_request, response, next) => {
        buildSdk().then((files) => {
          response.setHeader('Content-Type', 'text/javascript').end(files['sdk.js']);
        }, next);
      });
    },
  };
}

function setHeaders(
  headersOf: (path: string) => Record<string, string>,
): Connect.NextHandleFunction {
  return (request, response, next) => {
    const path = pathBelow((request.url ?? '/').split(/[?#]/, 1)[0] ?? '/', BASE);
    for (const [name, value] of Object.entries(headersOf(path ?? '/')))
      response.setHeader(name, value);
    next();
  };
}

/** The dev server puts styles into <style> elements; nothing else is wider than in production. */
function devHeaders(path: string): Record<string, string> {
  const headers = securityHeaders(readPolicy(POLICY_FILE), path);
  const csp = headers['Content-Security-Policy'] ?? '';
  return {
    ...headers,
    'Content-Security-Policy': csp.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  };
}

/**
 * transformers.js imports the WebGPU build of onnxruntime-web; its WASM build is half the size and all it needs here.
 * Code of this project that imports `onnxruntime-web/webgpu` itself gets the real one.
 */
function smallOnnxRuntime(): Plugin {
  return {
    name: 'flotilla:small-onnx-runtime',
    enforce: 'pre',
    resolveId(source, importer, options) {
      if (source !== 'onnxruntime-web/webgpu' || !importer?.includes('@huggingface/transformers'))
        return null;
      return this.resolve('onnxruntime-web/wasm', importer, { ...options, skipSelf: true });
    },
  };
}

/**
 * Engines of language models: megabytes that most visits never need. They get a name by which the offline shell leaves
 * them out of its first cache, and keeps them once they were fetched.
 */
const LATE_PACKAGES = /node_modules\/@(mlc-ai\/web-(llm|xgrammar)|huggingface\/transformers)/;

function workerChunkName({ moduleIds }: { moduleIds: string[] }): string {
  const late = moduleIds.some((id) => LATE_PACKAGES.test(id));
  return late ? 'assets/late-[name]-[hash].js' : 'assets/[name]-[hash].js';
}

/**
 * What every frame of the widget needs before its first use: one file, because a request costs a portal's page as much in
 * headers as the smallest of these in content.
 */
const EVERY_FRAME = new RegExp(
  [
    'src/core/(policy[\\w-]*|embed|may-leave|request|answer|server-address)\\.ts',
    'src/state/kept\\.ts',
    'src/ui/(tokens|base|parts/button)\\.css',
    'src/guest/statement\\.css',
    'node_modules/valibot/',
    'vite/preload-helper',
  ].join('|'),
);

export default defineConfig({
  appType: 'spa',
  base: BASE,
  plugins: [
    smallOnnxRuntime(),
    svelte({
      dynamicCompileOptions: ({ filename }) =>
        filename.includes('node_modules') ? undefined : { runes: true },
    }),
    securityPolicy(),
    hostSdk(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'workers',
      filename: 'service-worker.ts',
      registerType: 'prompt',
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: [
          '**/*.{html,js,mjs,css,svg,png,woff2,webmanifest}',
          'fleet/fleet.json',
          'fleet/catalogue.json',
          'models/index.json',
          'workflows/*.json',
          'assets/*.wasm',
        ],
        // Engines for language models, and for where WebGPU won the self-test; kept when they were fetched once.
        globIgnores: ['assets/late-*', 'assets/*asyncify*', 'assets/*jsep*', 'assets/*jspi*'],
        maximumFileSizeToCacheInBytes: MAX_PRECACHED_BYTES,
        dontCacheBustURLsMatching: /assets\//,
      },
    }),
  ],
  // Leaves the runtime's wasm out of its JavaScript: it is loaded from our own address.
  resolve: {
    conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
  },
  worker: {
    format: 'es',
    plugins: () => [smallOnnxRuntime()],
    rolldownOptions: { output: { chunkFileNames: workerChunkName } },
  },
  optimizeDeps: { exclude: ['@huggingface/transformers', 'onnxruntime-web'] },
  build: {
    outDir: process.env.FLOTILLA_DIST ?? 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: 'index.html', widget: 'widget.html' },
      output: { codeSplitting: { groups: [{ name: 'frame', test: EVERY_FRAME }] } },
    },
  },
});
