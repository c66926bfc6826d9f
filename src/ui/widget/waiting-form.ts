/**
 * The form before its first use, in plain elements: all that a portal's page pays for. It looks like the live one, takes
 * text, a file and the wish to ask, and hands them over when the live form takes its place.
 */
import type { Layout } from '../../core/embed.ts';
import type { WidgetLook } from '../../core/embed-protocol.ts';
import type { WidgetHost } from '../../core/widget-host.ts';
import { drawing, element } from './element.ts';
import { leavingOf, shieldOf } from './leaving.ts';
import type { Words } from './words/en.ts';

/** What lay in the form when the live one took its place. */
export interface Draft {
  text: string;
  /** Did the person type, rather than the host fill it? */
  typed: boolean;
  file: File | null;
  /** The person asked already. */
  asked: boolean;
  /** Where the cursor was; null: the form had no focus. */
  cursor: [start: number, end: number] | null;
}

export interface WaitingForm {
  focus(): void;
  draft(): Draft;
  /** Resolves when no press of the pointer and no composed letter is under way, which a change would break off. */
  rest(): Promise<void>;
  /** Something that the person must know. */
  say(words: string): void;
}

interface Look {
  host: WidgetHost;
  layout: Layout;
  look: WidgetLook;
  words: Words;
}

/** Shows it and calls `onuse` when the person begins with it: the pointer over it, focus, text or a file. */
export function showWaitingForm(
  target: HTMLElement,
  { host, layout, look, words }: Look,
  onuse: () => void,
): WaitingForm {
  let asked = false;
  let typed = false;
  let file: File | null = null;
  const compact = layout === 'compact';
  const leaving = footer(compact, leavingOf(host, look.task ?? null, words));
  const input = element('textarea', {
    rows: compact ? '1' : '4',
    dir: 'auto',
    'aria-label': words.request,
    placeholder: words.placeholder,
  });
  input.value = look.text ?? '';
  const form = element('form', { class: 'ask', 'aria-label': words.request });
  const acts = element('div', { class: 'row acts' });
  acts.append(element('button', { type: 'submit', class: 'button primary last' }, words.ask));
  if (compact) form.append(leaving);
  form.append(input, acts);
  const parts = element('div', { class: 'parts' }, form);
  if (!compact) parts.append(leaving);
  const main = element('main', { class: `widget ${layout}`, 'aria-label': 'Flotilla' }, parts);

  for (const name of FIRST_USES) main.addEventListener(name, onuse, { passive: true });
  input.addEventListener('input', () => (typed = true));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    asked = true;
  });
  form.addEventListener('dragover', (event) => event.preventDefault());
  form.addEventListener('drop', (event) => {
    event.preventDefault();
    file = event.dataTransfer?.files[0] ?? null;
  });
  target.replaceChildren(main);
  return {
    focus: () => input.focus(),
    draft: () => ({
      text: input.value,
      typed,
      file,
      asked,
      cursor: document.activeElement === input ? [input.selectionStart, input.selectionEnd] : null,
    }),
    rest: restOf(main),
    say: (said) => parts.append(element('p', { role: 'alert' }, said)),
  };
}

const FIRST_USES = ['pointerover', 'pointerdown', 'focusin', 'input', 'dragenter'] as const;

/** Follows presses and composed letters from now on. */
function restOf(main: HTMLElement): WaitingForm['rest'] {
  let busy = false;
  let rested = (): void => undefined;
  const ends = (): void => {
    // A click comes after its press has ended.
    setTimeout(() => {
      busy = false;
      rested();
    });
  };
  for (const name of ['pointerdown', 'compositionstart'])
    main.addEventListener(name, () => (busy = true));
  for (const name of ['pointerup', 'pointercancel', 'compositionend'])
    window.addEventListener(name, ends);
  return () => (busy ? new Promise((resolve) => (rested = resolve)) : Promise.resolve());
}

function footer(compact: boolean, { may, sentence }: ReturnType<typeof leavingOf>): HTMLElement {
  const shield = drawing('shield', shieldOf(may));
  if (!compact)
    return element('p', { class: 'leaving small quiet' }, shield, element('span', {}, sentence));
  return element(
    'details',
    { class: 'leaving' },
    element('summary', { class: 'button quiet', 'aria-label': sentence, title: sentence }, shield),
    element('p', { class: 'small quiet' }, sentence),
  );
}
