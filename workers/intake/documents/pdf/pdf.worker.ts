/** Entry of the thread that parses PDFs: pdf.js behind a limit of memory. Ended when a page takes too long. */
import { limitMemory } from './memory-limit.ts';

const MOST_BYTES_OF_ONE_STREAM = 160 * 1_048_576;

limitMemory(globalThis, MOST_BYTES_OF_ONE_STREAM);
// What arrives before the parser is there must not be lost.
const early: MessageEvent[] = [];
const keep = (event: MessageEvent): void => void early.push(event);
addEventListener('message', keep);
await import('pdfjs-dist/legacy/build/pdf.worker.min.mjs');
removeEventListener('message', keep);
for (const { data, ports } of early)
  dispatchEvent(new MessageEvent('message', { data: data as unknown, ports: [...ports] }));
