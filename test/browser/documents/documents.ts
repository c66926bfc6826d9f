/** Page side of the tests of intake: reads files through the real client and thread, returns plain data. */
import type { ReadDocument, ReadingProgress } from '../../../src/core/document.ts';
import type { Result } from '../../../src/core/failure.ts';
import { connectDocuments } from '../../../workers/intake/documents-client.ts';
import { paintPage, type Painted, type PaintedText, type Paper } from './paint.ts';

const reader = connectDocuments();

/** A file as a test can hand it over: base64, or one that is made here so that large ones need not travel. */
export interface Given {
  name: string;
  base64?: string;
  zeros?: number;
  /** Repeats `text` so many times. */
  text?: string;
  times?: number;
}

function fileOf({ name, base64, zeros, text, times = 1 }: Given): File {
  if (base64 !== undefined) {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return new File([bytes], name);
  }
  if (zeros !== undefined) return new File([new Uint8Array(zeros)], name);
  return new File([(text ?? '').repeat(times)], name);
}

export interface Read {
  result: Result<ReadDocument>;
  ms: number;
  progress: ReadingProgress[];
}

const documents = {
  async read(given: Given, cancelAfterMs?: number): Promise<Read> {
    const progress: ReadingProgress[] = [];
    const stop = new AbortController();
    const started = performance.now();
    let cancelledAt = started;
    if (cancelAfterMs !== undefined)
      setTimeout(() => {
        cancelledAt = performance.now();
        stop.abort();
      }, cancelAfterMs);
    const result = await reader.read(fileOf(given), {
      signal: stop.signal,
      onProgress: (step) => progress.push(step),
    });
    return { result, ms: performance.now() - cancelledAt, progress };
  },
  async pageImage(given: Given, page: number, maxWidth: number) {
    const result = await reader.pageImage(fileOf(given), page, maxWidth);
    if (!result.ok) return result;
    const { image, width, height } = result.value;
    const bitmap = await createImageBitmap(image);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at]! < 128) dark += 1;
    const bytes = new Uint8Array(await image.arrayBuffer());
    return {
      ok: true as const,
      value: {
        type: image.type,
        width,
        height,
        dark: dark / (data.length / 4),
        bytes: [...bytes.slice(0, 4)],
      },
    };
  },
  async attachment(given: Given, index: number) {
    const result = await reader.attachment(fileOf(given), index);
    if (!result.ok) return result;
    const { name, type, size } = result.value;
    return { ok: true as const, value: { name, type, size, text: await result.value.text() } };
  },
  /** An e-mail's attachment, read as a document of its own. */
  async readAttachment(given: Given, index: number): Promise<Result<ReadDocument>> {
    const result = await reader.attachment(fileOf(given), index);
    return result.ok ? reader.read(result.value) : result;
  },
  /** The first page of a PDF as a picture, with what its text layer says. */
  async drawn(given: Given) {
    const file = fileOf(given);
    const [read, image] = [await reader.read(file), await reader.pageImage(file, 1, 1240)];
    if (!read.ok || !image.ok) throw new Error('the PDF could not be read');
    const { text, lines, pages } = read.value;
    const texts: PaintedText[] = lines
      .filter(({ page, box }) => page === 1 && box !== null)
      .map(({ start, end, box }) => ({ text: text.slice(start, end), box: box! }));
    const { width, height } = image.value;
    const bytes = new Uint8Array(await image.value.image.arrayBuffer());
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { base64, width, height, scale: width / (pages[0]?.width ?? width), texts };
  },
  /** Paints a page as a scanner would see it; base64 of a PNG or JPEG. */
  async paint(paper: Paper): Promise<Painted> {
    return paintPage(paper);
  },
};

export type Documents = typeof documents;

Object.assign(globalThis, { documents });
