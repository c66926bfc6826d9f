/** Keys of the app: the list that `?` shows, and the guard that keeps single keys out of fields and dialogs. */
import type { Preferences } from '../state/preferences.svelte.ts';

export interface Shortcut {
  keys: string;
  words: string;
  /** Works without a modifier, so it can be turned off under Settings. */
  single: boolean;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Ctrl/⌘ K', words: 'Open the palette: pages, commands, specialists', single: false },
  { keys: 'Enter', words: 'In the input: answer or send. On the answer: accept', single: false },
  { keys: 'Shift Enter', words: 'In the input: new line', single: false },
  { keys: 'Esc', words: 'Stop what runs; close a dialog', single: false },
  { keys: 'A', words: 'Accept the answer', single: true },
  { keys: 'E', words: 'Correct the answer. In the chat: change the last message', single: true },
  { keys: 'Shift E', words: 'Escalate the answer', single: true },
  { keys: 'C', words: 'Copy the answer as JSON. In the chat: as text', single: true },
  { keys: 'N', words: 'In the chat: new conversation', single: true },
  { keys: 'R', words: 'In the chat: answer again', single: true },
  { keys: 'J K', words: 'In the review: next, previous', single: true },
  { keys: 'S', words: 'In the review: later', single: true },
  { keys: '/', words: 'Go to the input', single: true },
  { keys: '?', words: 'Show the shortcuts', single: true },
];

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]',
  ) !== null;

/** A listener for a key without modifier: silent while typing, in dialogs, and where the person turned it off. */
export const singleKey =
  (preferences: Preferences, run: () => void) =>
  (event: KeyboardEvent): void => {
    if (!preferences.singleKeys || isTyping(event.target) || document.querySelector('dialog[open]'))
      return;
    event.preventDefault();
    run();
  };
