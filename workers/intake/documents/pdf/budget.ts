/** Opens a PDF for one piece of work, within limits of time; ends its thread afterwards, or when it takes too long. */
import { fail, type Failure, type Result } from '../../../../src/core/failure.ts';
import { cancelled } from '../parsed.ts';
import { openPdf, type OpenPdf, type PDFDocumentProxy } from './library.ts';

/** Milliseconds. A page that is worth reading takes well below a second on a slow machine. */
export const BUDGET = { open: 30_000, page: 12_000, draw: 20_000 };

/** Rejects with TookTooLong when the work does not end in time, and when the caller cancels. */
export type Within = <T>(ms: number, work: Promise<T>) => Promise<T>;

class TookTooLong extends Error {}
class Cancelled extends Error {}

export async function withPdf<T>(
  file: Blob,
  signal: AbortSignal,
  use: (document: PDFDocumentProxy, within: Within) => Promise<Result<T>>,
): Promise<Result<T>> {
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new Cancelled());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  stopped.catch(() => undefined);
  const within: Within = async (ms, work) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TookTooLong(`${ms / 1000} seconds`)), ms);
    });
    try {
      return await Promise.race([work, stopped, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  let open: OpenPdf | null = null;
  try {
    open = await openPdf(file);
    return await use(await within(BUDGET.open, open.document), within);
  } catch (cause) {
    return { ok: false, failure: failureOf(cause) };
  } finally {
    open?.close();
  }
}

/** What went wrong, in words for the person. Errors of pdf.js are told apart by their names. */
export function failureOf(cause: unknown): Failure {
  const failed = (result: { failure: Failure }) => result.failure;
  if (cause instanceof Cancelled) return (cancelled() as { failure: Failure }).failure;
  if (cause instanceof TookTooLong)
    return failed(
      fail(
        'file_broken',
        `A part of the PDF needs more than ${cause.message}, so it was not read.`,
      ),
    );
  const { name = '', message = '' } = cause instanceof Error ? cause : {};
  if (name === 'PasswordException')
    return failed(fail('file_locked', 'The PDF can only be opened with its password.'));
  if (name === 'InvalidPDFException' || name === 'MissingPDFException')
    return failed(fail('file_broken', `The PDF is damaged: ${message}`));
  if (/RangeError|out of one stream|call stack|allocation/i.test(`${name} ${message}`))
    return failed(
      fail('file_broken', `The PDF asks for more memory than a document may: ${message}`),
    );
  return failed(fail('file_broken', `The PDF could not be read: ${message || String(cause)}`));
}
