/** One page of a PDF as PNG, upright as it was read. */
import type { PageImage } from '../../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../../src/core/failure.ts';
import { openNets } from '../ocr/nets.ts';
import type { Turn } from '../ocr/picture.ts';
import { uprightTurn } from '../ocr/read-picture.ts';
import { BUDGET, withPdf, type Within } from './budget.ts';
import { drawPage, isBlank, pictureOfPage } from './draw-page.ts';
import type { PDFPageProxy } from './library.ts';
import { turnOfText, type TextItem } from './text-items.ts';

/** @param turn null where the page was not read before */
export function pdfPageImage(
  file: Blob,
  number: number,
  turn: Turn | null,
  maxWidth: number,
  signal: AbortSignal,
): Promise<Result<PageImage>> {
  return withPdf(file, signal, async (document, within) => {
    if (!Number.isInteger(number) || number < 1 || number > document.numPages)
      return fail('bad_request', `The PDF has ${document.numPages} pages; there is no ${number}.`);
    const page = await within(BUDGET.page, document.getPage(number));
    const upright = turn ?? (await foundTurn(page, within, signal));
    const { width } = page.getViewport({ scale: 1, rotation: (page.rotate + upright) % 360 });
    const canvas = await drawPage(page, maxWidth / width, upright, within);
    const image = await canvas.convertToBlob({ type: 'image/png' });
    return ok({ image, width: canvas.width, height: canvas.height });
  });
}

async function foundTurn(page: PDFPageProxy, within: Within, signal: AbortSignal): Promise<Turn> {
  const content = await within(BUDGET.page, page.getTextContent());
  const items = content.items.filter((item): item is typeof item & TextItem => 'str' in item);
  if (items.some((item) => item.str.trim() !== ''))
    return turnOfText(items, page.getViewport({ scale: 1 }).transform);
  const { picture } = await pictureOfPage(page, within);
  if (isBlank(picture)) return 0;
  const nets = await openNets(signal, () => undefined);
  if (!nets.ok) return 0;
  return (await uprightTurn(picture, nets.value, { isStopped: () => signal.aborted })) ?? 0;
}
