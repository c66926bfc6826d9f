/**
 * Puts the widget's form into the page of the frame. Until its first use it is a waiting form of a few kilobytes; the live
 * one, with the engine behind it, is loaded then and takes its place with everything that was typed.
 */
import type { FlotillaApp } from '../../core/threads.ts';
import { layoutFor } from '../../core/embed.ts';
import type { WidgetHost } from '../../core/widget-host.ts';
import '../tokens.css';
import '../base.css';
import '../parts/button.css';
import './widget.css';
import { keptDraft } from '../../state/widget-draft.ts';
import type { LiveForm } from './live.ts';
import { ENGLISH, speechOf, type Speech } from './speech.ts';
import { applyTheme } from './theme.ts';
import { showWaitingForm, type WaitingForm } from './waiting-form.ts';

/** `engine` starts the engine, or gives the one that was started; it is called with the first use of the form. */
export interface WidgetDoors {
  host: WidgetHost;
  engine: () => Promise<FlotillaApp>;
}

/** Resolves when the form is shown, in the host's language and looks. */
export async function mountWidget(target: HTMLElement, doors: WidgetDoors): Promise<void> {
  const { host } = doors;
  const form = new MountedForm(target, doors);
  dress(host);
  await form.speak();
  form.wait();
  host.onLook(() => {
    dress(host);
    form.wait();
    void form.speak();
  });
  host.onFocus(() => form.focus());
  // Until the live form asks by itself. Where it cannot be loaded nobody was asked, and that means no.
  host.onConsent(async (question) => (await form.live())?.askConsent(question) ?? false);
  host.onToolCall(async (call) => (await form.live())?.askToolCall(call) ?? false);
  const measured = new ResizeObserver(([entry]) => {
    const height = entry?.borderBoxSize[0]?.blockSize;
    if (height !== undefined) host.grew(Math.ceil(height));
  });
  measured.observe(target);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dress(host));
}

/** What of the theme could not be read is told to the page's developer where the frame is looked at, and nobody else. */
function dress(host: WidgetHost): void {
  const refused = applyTheme(host.look().theme ?? {});
  document.documentElement.dataset.refused = refused.join(' ');
}

class MountedForm {
  #speech: Speech = ENGLISH;
  #waiting: WaitingForm | null = null;
  #live: Promise<LiveForm | null> | null = null;
  readonly #target: HTMLElement;
  readonly #doors: WidgetDoors;

  constructor(target: HTMLElement, doors: WidgetDoors) {
    this.#target = target;
    this.#doors = doors;
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#waiting) doors.host.leave();
    });
  }

  /** In the language of the host; English until it is there, and where there is no other. */
  async speak(): Promise<void> {
    const wanted = this.#doors.host.look().language ?? navigator.language;
    const speech = await speechOf(wanted);
    if (wanted !== (this.#doors.host.look().language ?? navigator.language)) return;
    const isNew = speech.words !== this.#speech.words;
    this.#speech = speech;
    document.documentElement.lang = speech.language;
    document.documentElement.dir = speech.direction;
    if (isNew) this.wait();
    void this.#live?.then((live) => live?.speak(speech));
  }

  /** Shows the waiting form as the host wants it now, as long as nobody used it. */
  wait(): void {
    if (this.#live) return;
    const { host } = this.#doors;
    const look = host.look();
    const state = {
      host,
      look,
      layout: layoutFor(host.rules, look.layout),
      words: this.#speech.words,
      kept: keptDraft(host.origin, look),
    };
    this.#waiting = showWaitingForm(this.#target, state, () => void this.live());
  }

  focus(): void {
    if (this.#waiting) this.#waiting.focus();
    else void this.#live?.then((live) => live?.focus());
  }

  /** The live form; the first call loads it. Null where that failed: the waiting one stays, and the next use tries again. */
  live(): Promise<LiveForm | null> {
    this.#live ??= this.#enliven();
    return this.#live;
  }

  async #enliven(): Promise<LiveForm | null> {
    try {
      const { openLiveForm } = await import('./live.ts');
      await this.#waiting?.rest();
      const draft = this.#waiting?.draft() ?? null;
      this.#waiting = null;
      return openLiveForm(this.#target, { ...this.#doors, speech: this.#speech, draft });
    } catch {
      this.#live = null;
      this.#waiting?.say(this.#speech.words.partMissing);
      return null;
    }
  }
}
