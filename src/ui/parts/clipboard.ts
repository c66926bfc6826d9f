/** Copies text and says what came of it. */
import type { Notices } from '../../state/notices.svelte.ts';

/** `words` is what is said when it worked, e.g. "The reply is on the clipboard." */
export async function copyText(notices: Notices, text: string, words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notices.say(words);
  } catch {
    notices.say(
      'The browser did not allow copying. Allow the clipboard for this site and try again.',
    );
  }
}
