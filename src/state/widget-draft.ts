/** What a person typed into the widget's form, kept for this tab: it survives a reload of the page around it. */
import type { WidgetLook } from '../core/embed-protocol.ts';
import { keepHere, recallHere } from './kept.ts';

/** Frames of one page share what is kept; a form is told from the others by its host and by what it was given. */
const keyOf = (origin: string, { task, specialist, text }: WidgetLook): string =>
  `widget.${JSON.stringify([origin, task ?? null, specialist ?? null, text ?? ''])}`;

/** Empty: nothing was kept for a form with these looks. */
export const keptDraft = (origin: string, look: WidgetLook): string =>
  recallHere(keyOf(origin, look)) ?? '';

/** An empty text forgets. Where the browser keeps nothing, the text lives as long as the frame. */
export function keepDraft(origin: string, look: WidgetLook, text: string): void {
  keepHere(keyOf(origin, look), text === '' ? null : text);
}
