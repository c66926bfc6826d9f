/** Builds the page that drives the documents thread, with the app's own worker plugins, and serves it under our CSP. */
import { join } from 'node:path';
import { build, type PluginOption } from 'vite';
import { contentSecurityPolicy } from '../../../.ci/security-headers.mjs';
import appConfig from '../../../vite.config.ts';
import { serveHarness, type Site } from '../runtimes/site.ts';

interface AppConfig {
  plugins: PluginOption[];
  resolve: { conditions: string[] };
}

function workerPlugins(): PluginOption[] {
  const { plugins } = appConfig as unknown as AppConfig;
  return plugins.filter(
    (plugin) => (plugin as { name?: string }).name === 'flotilla:small-onnx-runtime',
  );
}

export async function buildDocuments(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    publicDir: false,
    plugins: workerPlugins(),
    resolve: { conditions: (appConfig as unknown as AppConfig).resolve.conditions },
    worker: { format: 'es', plugins: workerPlugins as () => [] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(import.meta.dirname, 'documents.html') },
    },
  });
}

export async function serveDocumentsPage(folder: string): Promise<Site> {
  const site = await serveHarness(folder);
  site.headers = { 'Content-Security-Policy': contentSecurityPolicy(null) };
  return site;
}
