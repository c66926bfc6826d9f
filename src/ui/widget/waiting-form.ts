/**
 * The form before its first use, in plain elements: all that a portal's page pays for. It looks like the live one, takes
 * text, a file and the wish to ask, and hands them over when the live form takes its place.
 */
import type { Layout } from '../../core/embed.ts';
import type { WidgetLook } from '../../core/embed-protocol.ts';
import type { WidgetHost } from '../../core/widget-host.ts';
import { drawing, element } from './element.ts';
import { leavingOf, shieldOf, type Leaving } from './leaving.ts';
import type { Words } from './words/en.ts';

/** What lay in the form when the live one took its place. */
export interface Draft {
  text: string;
  /** Did the person type, rather than the host fill it? */
  typed: boolean;
  file: File | null;
  /** What the person pressed already. */
  wish: 'ask' | 'file' | null;
  /** `data-part` of what had the focus; null: nothing of the form. */
  part: string | null;
  cursor: [start: number, end: number];
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
  /** What the person typed before the page was loaded anew; empty: nothing. */
  kept: string;
}

/** Shows it and calls `onuse` when the person begins with it: the pointer over it, focus, text or a file. */
export function showWaitingForm(
  target: HTMLElement,
  { host, layout, look, words, kept }: Look,
  onuse: () => void,
): WaitingForm {
  let wish: Draft['wish'] = null;
  let typed = kept !== '';
  let file: File | null = null;
  const { form, input, choose } = formOf(layout, look, words);
  input.value = typed ? kept : (look.text ?? '');
  const leaving = footer(layout, leavingOf(host, look.task ?? null, words));
  const parts = element('div', { class: 'parts' }, form);
  if (layout === 'compact') form.prepend(leaving);
  else parts.append(leaving);
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
    wish = 'ask';
  });
  choose?.addEventListener('click', () => (wish = 'file'));
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
      wish,
      part: main.contains(document.activeElement)
        ? (document.activeElement?.getAttribute('data-part') ?? null)
        : null,
      cursor: [input.selectionStart, input.selectionEnd],
    }),
    rest: restOf(main),
    say: (said) => parts.append(element('p', { role: 'alert' }, said)),
  };
}

const FIRST_USES = ['pointerover', 'pointerdown', 'focusin', 'input', 'dragenter'] as const;

interface Form {
  form: HTMLFormElement;
  input: HTMLTextAreaElement;
  choose: HTMLButtonElement | null;
}

/** With everything that the live form has, so that nothing moves when it comes. */
function formOf(layout: Layout, look: WidgetLook, words: Words): Form {
  const input = element('textarea', {
    rows: layout === 'compact' ? '1' : '4',
    dir: 'auto',
    'data-part': 'input',
    'aria-label': words.request,
    placeholder: words.placeholder,
  });
  const takesFiles = look.task !== 'chat' && look.task !== 'generate';
  const choose =
    layout === 'compact' || !takesFiles
      ? null
      : element(
          'button',
          { type: 'button', class: 'button', 'data-part': 'file' },
          words.chooseFile,
        );
  const ask = { type: 'submit', class: 'button primary last', 'data-part': 'ask' };
  const acts = element('div', { class: 'row acts' });
  if (layout === 'full' && look.task === undefined && look.specialist === undefined)
    acts.append(workOf(words));
  if (choose) acts.append(choose);
  acts.append(element('button', ask, words.ask));
  const form = element('form', { class: 'ask', 'aria-label': words.request }, input);
  if (layout === 'full' && takesFiles)
    form.append(element('p', { class: 'drop small quiet' }, words.dropFile));
  form.append(acts);
  return { form, input, choose };
}

/** What the live form offers for work; the choices come with it. */
function workOf(words: Words): HTMLLabelElement {
  const first = element('option', { value: '' }, words.routerDecides);
  const select = element('select', { 'data-part': 'work' }, first);
  return element('label', { class: 'small' }, element('span', {}, words.work), select);
}

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

function footer(layout: Layout, { may, sentence }: Leaving): HTMLElement {
  const shield = drawing('shield', shieldOf(may));
  if (layout !== 'compact')
    return element('p', { class: 'leaving small quiet' }, shield, element('span', {}, sentence));
  return element(
    'details',
    { class: 'leaving' },
    element(
      'summary',
      { class: 'button quiet', 'aria-label': sentence, title: sentence, 'data-part': 'leaving' },
      shield,
    ),
    element('p', { class: 'small quiet' }, sentence),
  );
}
