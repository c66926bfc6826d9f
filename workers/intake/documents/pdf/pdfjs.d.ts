/** What the bundler and pdf.js offer beyond their own declarations. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.min.mjs';

interface ImportMeta {
  glob<T>(
    pattern: string,
    options: { query: string; import: string; eager: true },
  ): Record<string, T>;
}
