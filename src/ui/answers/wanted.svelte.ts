/** Brings what the person pointed at in the document into view in the answer, and gives it the focus. */
import { tick } from 'svelte';
import { targetId, type Marks } from '../../state/desk-marks.svelte.ts';

/** Call while a component is set up. `reveal` turns to the page on which the group stands, where there are pages. */
export function focusWanted(marks: () => Marks, reveal?: (group: string) => void): void {
  $effect(() => {
    const group = marks().wanted;
    if (group === null) return;
    marks().wanted = null;
    reveal?.(group);
    void tick().then(() => document.getElementById(targetId(group))?.focus());
  });
}

/** Handlers of an element that belongs to a group: pointing at it or focusing it marks its place in the document. */
export const looking = (
  marks: Marks,
  group: string,
): Record<'onpointerenter' | 'onpointerleave' | 'onfocusin' | 'onfocusout', () => void> => ({
  onpointerenter: () => marks.look(group),
  onpointerleave: () => marks.lookAway(group),
  onfocusin: () => marks.look(group),
  onfocusout: () => marks.lookAway(group),
});
