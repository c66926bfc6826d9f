/** Draws a page of a PDF: for the OCR, and for people to look at. */
import type { Picture, Turn } from '../ocr/picture.ts';
import { BUDGET, type Within } from './budget.ts';
import type { PDFPageProxy } from './library.ts';

/** Pixels for each point: 200 for each inch, which suits the OCR … */
const OCR_SCALE = 200 / 72;
/** … on pages of usual size. */
const OCR_SIDE = 2400;
/** Largest side of a drawn page. */
const MOST_SIDE = 8192;

/** Draws on white. Annotations of the author are drawn; forms are not filled. */
export async function drawPage(
  page: PDFPageProxy,
  scale: number,
  turn: Turn,
  within: Within,
): Promise<OffscreenCanvas> {
  const viewport = page.getViewport({ scale, rotation: (page.rotate + turn) % 360 });
  const canvas = new OffscreenCanvas(
    Math.min(MOST_SIDE, Math.max(1, Math.round(viewport.width))),
    Math.min(MOST_SIDE, Math.max(1, Math.round(viewport.height))),
  );
  const canvasContext = canvas.getContext('2d', { willReadFrequently: true });
  if (canvasContext === null) throw new Error('this browser draws nothing on this thread');
  const task = page.render({
    canvasContext,
    viewport,
    background: '#ffffff',
  } as unknown as Parameters<PDFPageProxy['render']>[0]);
  try {
    await within(BUDGET.draw, task.promise);
  } catch (cause) {
    task.cancel();
    throw cause;
  }
  return canvas;
}

export async function pictureOfPage(
  page: PDFPageProxy,
  within: Within,
): Promise<{ picture: Picture; scale: number }> {
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(OCR_SCALE, OCR_SIDE / Math.max(width, height));
  const canvas = await drawPage(page, scale, 0, within);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws nothing on this thread');
  return { picture: context.getImageData(0, 0, canvas.width, canvas.height), scale };
}

/** True when every fourth pixel of every fourth row has nearly the colour of the first. */
export function isBlank({ width, height, data }: Picture): boolean {
  for (let y = 0; y < height; y += 4)
    for (let x = 0; x < width; x += 4)
      for (let plane = 0; plane < 3; plane++)
        if (Math.abs((data[(y * width + x) * 4 + plane] as number) - (data[plane] as number)) > 24)
          return false;
  return true;
}
