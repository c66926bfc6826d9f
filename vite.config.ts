/** The build: page and workers, the offline shell, and the security headers of the dev and preview servers. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { contentSecurityPolicy, readPolicy, securityHeaders } from './.ci/security-headers.mjs';

const POLICY_FILE = process.env.FLOTILLA_POLICY ?? join(import.meta.dirname, 'public/policy.json');

/** Precaching fails the build above this size, so that nothing is left out silently. */
const MAX_PRECACHED_BYTES = 20 * 1024 * 1024;

/** Writes the policy's CSP into the built page (for hosts that cannot set headers) and into a `_headers` file. */
function securityPolicy(): Plugin {
  const headers = () => securityHeaders(readPolicy(POLICY_FILE));
  return {
    name: 'flotilla:security-policy',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { server }) =>
        server
          ? []
          : [
              {
                tag: 'meta',
                attrs: {
                  'http-equiv': 'Content-Security-Policy',
                  content: contentSecurityPolicy(readPolicy(POLICY_FILE), 'meta'),
                },
                injectTo: 'head-prepend',
              },
            ],
    },
    generateBundle() {
      if (this.environment.config.build.ssr) return;
      const lines = Object.entries(headers()).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('\n')}\n` });
    },
  };
}

/** The dev server puts styles into <style> elements; nothing else is wider than in production. */
function devHeaders(): Record<string, string> {
  const headers = securityHeaders(readPolicy(POLICY_FILE));
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

export default defineConfig({
  appType: 'spa',
  plugins: [
    smallOnnxRuntime(),
    svelte({
      dynamicCompileOptions: ({ filename }) =>
        filename.includes('node_modules') ? undefined : { runes: true },
    }),
    securityPolicy(),
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
    rolldownOptions: { input: { app: 'index.html' } },
  },
  server: { headers: devHeaders() },
  preview: { headers: securityHeaders(readPolicy(POLICY_FILE)) },
});
