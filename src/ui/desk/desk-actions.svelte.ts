/** What the buttons and keys of the desk do: each action says what came of it. */
import { tick } from 'svelte';
import { valuesFrom } from '../../core/work-input.ts';
import type { HistoryEntry } from '../../core/history.ts';
import type { Verdict } from '../../core/threads.ts';
import type { DeskExample } from '../../state/desk-examples.ts';
import { fileOfExample } from '../../state/example-file.ts';
import { currentOutputOf } from '../../state/history-entry.ts';
import { keep } from '../../state/kept.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { troubleOf } from '../../state/trouble.ts';
import { copyText } from '../parts/clipboard.ts';
import { draftOf, headlineOf, labelWords, whoLine } from '../words.ts';
import { acceptanceOf } from './verdicts.ts';

const NARROW_PX = 900;
/** What Correct goes to: what is wrong, else the first field, else the first button of the answer. */
const CHANGEABLE = ['[aria-invalid="true"]', 'textarea, input', 'button'];
export const NO_SERVER = 'The policy allows no server, so nothing can be sent. Decide by hand.';

/** The body of an answer is loaded with the first answer of its kind: its first field is waited for so long. */
const BODY_WAIT_MS = 2000;

function focusFirstChangeable(until: number): void {
  const body = document.querySelector('#answer .body');
  const first = CHANGEABLE.map((kind) => body?.querySelector<HTMLElement>(kind)).find(Boolean);
  if (first) first.focus();
  else if (performance.now() < until) requestAnimationFrame(() => focusFirstChangeable(until));
}

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

  /** Puts an example on the desk, with what it needs, and answers it. */
  async tryExample(example: DeskExample, byItself = false): Promise<void> {
    const { desk } = this.#shell;
    const { task, specialist, text, file, input } = example;
    if (task === 'classify') desk.chooseTask('');
    else {
      desk.chooseTask(task);
      desk.choose(specialist);
      desk.needs.fill(task, valuesFrom(task, input));
    }
    if (file === undefined) {
      desk.document.clear();
      desk.write(text ?? '');
    } else {
      try {
        void desk.document.open(await fileOfExample(file));
      } catch (error) {
        desk.trouble = troubleOf(error);
        return;
      }
    }
    await this.run(byItself);
  }

  cancel(): void {
    const { desk, boundary, notices } = this.#shell;
    if (!desk.running) return;
    boundary.sendings.withdraw();
    desk.cancel();
    notices.say(desk.document.file ? 'Stopped. The file is kept.' : 'Stopped. Your text is kept.');
  }

  accept(): void {
    const shown = this.#shell.desk.shown;
    if (!shown) return;
    const acceptance = acceptanceOf(shown);
    if ('verdict' in acceptance) void this.judge(acceptance.verdict, acceptance.words);
    else this.#shell.notices.say(acceptance.why);
  }

  /** The right label from a list; in other tasks the first thing of the answer that can be changed. */
  correct(): void {
    const { desk, fleet, notices } = this.#shell;
    if (!desk.shown) return;
    const { answer } = desk.shown;
    if (answer.task !== 'classify') {
      focusFirstChangeable(performance.now() + BODY_WAIT_MS);
    } else if (fleet.card(answer.specialist.id)) this.correcting = true;
    else
      notices.say(
        'The specialist of this answer is not in the fleet, so its labels are not known.',
      );
  }

  async judge(verdict: Verdict, words?: string): Promise<void> {
    this.correcting = false;
    const { desk, notices } = this.#shell;
    if (!(await desk.judge(verdict))) return;
    const corrected = typeof verdict === 'object' && 'correctedTo' in verdict;
    notices.say(
      corrected
        ? `Kept as ${labelWords(verdict.correctedTo)}, in this browser.`
        : (words ?? 'Kept as right.'),
    );
    // The person may have gone on inside the next answer by now.
    const shown = document.getElementById('answer');
    if (!shown?.contains(document.activeElement)) shown?.focus();
  }

  async escalate(): Promise<void> {
    const { desk, boundary, notices } = this.#shell;
    if (!desk.shown || desk.running || !canEscalate(desk.shown)) return;
    if (boundary.egressAllowed) await this.#arrive(await desk.escalate(), false);
    else notices.say(NO_SERVER);
  }

  async copy(): Promise<void> {
    const { desk, notices } = this.#shell;
    if (!desk.shown) return;
    const written = textOf(desk.shown);
    const text = written ?? JSON.stringify(desk.shown.answer, null, 2);
    const words =
      written === null
        ? 'The answer is on the clipboard as JSON.'
        : 'The text is on the clipboard.';
    await copyText(notices, text, words);
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

/** Only a label can be asked of a server; every other kind of work stays on this device. */
export const canEscalate = ({ answer }: HistoryEntry): boolean => answer.task === 'classify';

/** The text of an answer that is a text; null where it is data. */
function textOf(entry: HistoryEntry): string | null {
  const output = currentOutputOf(entry);
  switch (entry.answer.task) {
    case 'chat':
      return draftOf(entry.answer);
    case 'draft':
      return (output as { reply: string } | null)?.reply ?? null;
    case 'generate':
    case 'redact':
      return (output as { text: string } | null)?.text ?? null;
    case 'summarize':
      return (output as { summary: string } | null)?.summary ?? null;
    default:
      return null;
  }
}
