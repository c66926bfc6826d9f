/** Reads a picture by OCR, and draws it upright for people to look at. */
import type { PageImage } from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { composePages } from './compose.ts';
import { imageSize, type Size } from './image-size.ts';
import { HEAD_BYTES, type Kind } from './kind.ts';
import { openNets } from './ocr/nets.ts';
import type { Picture, Turn } from './ocr/picture.ts';
import { readPicture, uprightTurn } from './ocr/read-picture.ts';
import { cancelled, parsedPages, type Parsed, type Reading } from './parsed.ts';
import { scaled } from './pieces.ts';

/** Pixels; four bytes each when decoded. Cameras of today make 50 million. */
export const MAX_PIXELS = 64_000_000;
/** Longer side of the picture that the OCR sees. */
const OCR_SIDE = 2600;

const millions = (pixels: number): string => `${Math.round(pixels / 1e6)} million pixels`;

/** Fails with input_too_long before anything is decoded. */
async function checkSize(file: Blob): Promise<Result<Size | null>> {
  const size = imageSize(new Uint8Array(await file.slice(0, 4 * HEAD_BYTES).arrayBuffer()));
  if (size !== null && size.width * size.height > MAX_PIXELS)
    return fail(
      'input_too_long',
      `The image has ${millions(size.width * size.height)} (${size.width} × ${size.height}); at most ${millions(MAX_PIXELS)} are read.`,
    );
  return ok(size);
}

/** The picture, turned as its own header (EXIF) says. */
async function decode(file: Blob, picture: Kind['picture']): Promise<Result<ImageBitmap>> {
  const size = await checkSize(file);
  if (!size.ok) return size;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    if (bitmap.width * bitmap.height <= MAX_PIXELS) return ok(bitmap);
    bitmap.close();
    return fail('input_too_long', `The image has more than ${millions(MAX_PIXELS)}.`);
  } catch {
    return picture === 'heic' || picture === 'avif'
      ? fail(
          'unsupported_input',
          `This browser cannot open ${picture.toUpperCase()} images. Save it as JPEG or PNG.`,
        )
      : fail('file_broken', 'The image is damaged: it could not be decoded.');
  }
}

function draw(bitmap: ImageBitmap, scale: number, turn: Turn): OffscreenCanvas {
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const across = turn === 90 || turn === 270;
  const canvas = new OffscreenCanvas(across ? height : width, across ? width : height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser draws nothing on this thread');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((turn * Math.PI) / 180);
  context.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return canvas;
}

function pixelsOf(canvas: OffscreenCanvas): Picture {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws nothing on this thread');
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export async function readImage(
  file: Blob,
  picture: Kind['picture'],
  reading: Reading,
): Promise<Result<Parsed>> {
  const decoded = await decode(file, picture);
  if (!decoded.ok) return decoded;
  const bitmap = decoded.value;
  const { width, height } = bitmap;
  const scale = Math.min(1, OCR_SIDE / Math.max(width, height));
  const pixels = pixelsOf(draw(bitmap, scale, 0));
  bitmap.close();
  const nets = await openNets(reading.signal, (loaded, total) =>
    reading.onProgress('Loading the OCR networks', loaded, total),
  );
  if (!nets.ok) return nets;
  const text = await readPicture(pixels, nets.value, {
    isStopped: () => reading.signal.aborted,
    onProgress: (share) => reading.onProgress('Reading the image', share, 1),
  });
  if (text === null) return cancelled();
  const rows = text.rows.map((row) => row.map((piece) => scaled(piece, 1 / scale)));
  const across = text.turn === 90 || text.turn === 270;
  const page = {
    width: across ? height : width,
    height: across ? width : height,
    turned: text.turn,
    source: rows.length > 0 ? ('ocr' as const) : ('empty' as const),
  };
  const notices =
    rows.length === 0
      ? ['No text was found in the image.']
      : ['The text was read by OCR: check figures against the image.'];
  if (text.unread > 0)
    notices.push(`Places that look like text but could not be read: ${text.unread}.`);
  return ok(parsedPages('image', composePages([{ page, rows }]), notices, null));
}

/** The turn that the OCR finds; 0 where it cannot be loaded. */
async function foundTurn(bitmap: ImageBitmap, signal: AbortSignal): Promise<Turn> {
  const nets = await openNets(signal, () => undefined);
  if (!nets.ok) return 0;
  const scale = Math.min(1, OCR_SIDE / Math.max(bitmap.width, bitmap.height));
  const picture = pixelsOf(draw(bitmap, scale, 0));
  return (await uprightTurn(picture, nets.value, { isStopped: () => signal.aborted })) ?? 0;
}

/**
 * The picture upright, at most `maxWidth` pixels wide, as PNG.
 * @param turn null where it was not read before
 */
export async function imageOfImage(
  file: Blob,
  picture: Kind['picture'],
  turn: Turn | null,
  maxWidth: number,
  signal: AbortSignal,
): Promise<Result<PageImage>> {
  const decoded = await decode(file, picture);
  if (!decoded.ok) return decoded;
  const bitmap = decoded.value;
  const upright = turn ?? (await foundTurn(bitmap, signal));
  const wide = upright === 90 || upright === 270 ? bitmap.height : bitmap.width;
  const canvas = draw(bitmap, Math.min(1, maxWidth / wide), upright);
  bitmap.close();
  if (signal.aborted) return cancelled();
  const image = await canvas.convertToBlob({ type: 'image/png' });
  return ok({ image, width: canvas.width, height: canvas.height });
}
