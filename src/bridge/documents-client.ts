/** The page's way to the reader of documents: calls that can be cancelled, progress as proxies. */
import * as Comlink from 'comlink';
import type { DocumentReader } from '../core/document.ts';
import { fail } from '../core/failure.ts';
import type { Door } from './cancellable.ts';

export function documentsClient(door: Door): DocumentReader {
  return {
    read: async (file, { signal, onProgress } = {}) => {
      if (signal?.aborted) return fail('cancelled', 'Reading was cancelled.');
      const call = crypto.randomUUID();
      const cancel = (): void => void door.cancel(call);
      signal?.addEventListener('abort', cancel);
      try {
        return await door.readDocument(file, call, onProgress ? Comlink.proxy(onProgress) : null);
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    pageImage: (file, page, maxWidth) => door.pageImage(file, page, maxWidth),
    attachment: (file, index) => door.attachment(file, index),
  };
}
