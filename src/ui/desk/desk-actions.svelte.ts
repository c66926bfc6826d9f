/** What the buttons and keys of the desk do: each action says what came of it. */
import { tick } from 'svelte';
import type { HistoryEntry } from '../../core/history.ts';
import { keep } from '../../state/kept.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { classificationOf, draftOf, headlineOf, labelWords, whoLine } from '../words.ts';

const NARROW_PX = 900;
export const NO_SERVER = 'The policy allows no server, so nothing can be sent. Decide by hand.';

export class DeskActions {
  /** The dialog with the labels is open. */
  correcting = $state(false);
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Answers the draft. `byItself`: nobody asked for it, so the view stays and nobody is asked to send it. */
  async run(byItself = false): Promise<void> {
    await this.#arrive(await this.#shell.desk.run(byItself), byItself);
  }

  tryExample(text: string, byItself = false): void {
    this.#shell.desk.choose('');
    this.#shell.desk.write(text);
    void this.run(byItself);
  }

  cancel(): void {
    const { desk, boundary, notices } = this.#shell;
    if (!desk.running) return;
    boundary.withdraw();
    desk.cancel();
    notices.say('Stopped. Your text is kept.');
  }

  accept(): void {
    const shown = this.#shell.desk.shown;
    if (!shown) return;
    if (classificationOf(shown.answer)?.label) void this.judge('accepted');
    else this.#shell.notices.say('There is no label to accept. Correct it instead.');
  }

  correct(): void {
    const { desk, fleet, notices } = this.#shell;
    if (!desk.shown) return;
    if (fleet.card(desk.shown.answer.specialist.id)) this.correcting = true;
    else
      notices.say(
        'The specialist of this answer is not in the fleet, so its labels are not known.',
      );
  }

  async judge(verdict: 'accepted' | { correctedTo: string }): Promise<void> {
    this.correcting = false;
    const { desk, notices } = this.#shell;
    if (!(await desk.judge(verdict))) return;
    notices.say(
      verdict === 'accepted'
        ? 'Kept as right.'
        : `Kept as ${labelWords(verdict.correctedTo)}, in this browser.`,
    );
    document.getElementById('answer')?.focus();
  }

  async escalate(): Promise<void> {
    const { desk, boundary, notices } = this.#shell;
    if (!desk.shown || desk.running || draftOf(desk.shown.answer) !== null) return;
    if (boundary.egressAllowed) await this.#arrive(await desk.escalate(), false);
    else notices.say(NO_SERVER);
  }

  async copy(): Promise<void> {
    const { desk, notices } = this.#shell;
    if (!desk.shown) return;
    try {
      const draft = draftOf(desk.shown.answer);
      await navigator.clipboard.writeText(draft ?? JSON.stringify(desk.shown.answer, null, 2));
      notices.say(
        draft === null
          ? 'The answer is on the clipboard as JSON.'
          : 'The draft is on the clipboard.',
      );
    } catch {
      notices.say(
        'The browser did not allow copying. Allow the clipboard for this site and try again.',
      );
    }
  }

  open(entry: HistoryEntry): void {
    this.#shell.desk.reopen(entry);
    this.#shell.navigation.go('desk', entry.id);
    document.getElementById('answer')?.scrollIntoView({ block: 'nearest' });
  }

  async #arrive(came: boolean, byItself: boolean): Promise<void> {
    const { desk, boundary, fleet, navigation, notices } = this.#shell;
    void boundary.refresh();
    if (!came || !desk.shown) return;
    if (fleet.trouble) this.#shell.reach(); // the engine came back
    keep('visited', 'yes');
    if (navigation.page === 'desk') navigation.replace('desk', desk.shown.id);
    notices.announce(`${headlineOf(desk.shown.answer)}. ${whoLine(desk.shown.answer)}`);
    await tick();
    if (innerWidth < NARROW_PX && !byItself) {
      document.getElementById('answer')?.scrollIntoView({ block: 'nearest' });
    }
  }
}
