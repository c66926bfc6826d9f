/** The number on the icon of the installed app: what waits for a person. */
import type { BadgeDoor } from '../core/installed.ts';
import type { History } from './history.svelte.ts';
import { queueOf } from './review.svelte.ts';

/** Follows the review queue from when the history is read; resolves to the way to stop. */
export const showWaiting = (history: History, badge: BadgeDoor): (() => void) =>
  $effect.root(() => {
    $effect(() => {
      if (history.loaded) badge.show(queueOf(history.entries, []).length);
    });
  });
