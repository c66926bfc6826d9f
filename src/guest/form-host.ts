/** The form's side of the connection: what it hears of the host page and what it tells it. */
import type { Answer } from '../core/answer.ts';
import type { AskToolCall } from '../core/chat-api.ts';
import type { EmbedRules } from '../core/embed.ts';
import type { ToHost, WidgetLook } from '../core/embed-protocol.ts';
import type { AskConsent } from '../core/threads.ts';
import type { MayLeave } from '../core/may-leave.ts';
import type { TaskId } from '../core/request.ts';
import type { ClickWatch, WidgetHost } from '../core/widget-host.ts';
import type { Admission } from './admission.ts';
import { watchClicks } from './undisturbed-click.ts';

export class FormHost implements WidgetHost {
  readonly origin: string;
  readonly rules: EmbedRules;
  readonly #mayLeave: (task: TaskId | null) => readonly MayLeave[];
  readonly #post: (message: ToHost) => void;
  readonly #lookListeners: ((look: WidgetLook) => void)[] = [];
  readonly #focusListeners: (() => void)[] = [];
  #look: WidgetLook;
  /** The host page handed the focus in while there was no form to take it. */
  #focusWaits = false;
  #askConsent: AskConsent | null = null;
  #askToolCall: AskToolCall | null = null;

  constructor(
    origin: string,
    admission: Pick<Admission, 'rules' | 'look' | 'mayLeave'>,
    post: (message: ToHost) => void,
  ) {
    this.origin = origin;
    this.rules = admission.rules;
    this.#look = admission.look;
    this.#mayLeave = (task) => admission.mayLeave(task);
    this.#post = post;
  }

  mayLeave(task: TaskId | null): readonly MayLeave[] {
    return this.#mayLeave(task);
  }

  look(): WidgetLook {
    return this.#look;
  }

  onLook(listener: (look: WidgetLook) => void): void {
    this.#lookListeners.push(listener);
  }

  onFocus(listener: () => void): void {
    this.#focusListeners.push(listener);
    if (!this.#focusWaits) return;
    this.#focusWaits = false;
    listener();
  }

  grew(px: number): void {
    this.#post({ kind: 'height', px });
  }

  leave(): void {
    this.#post({ kind: 'leave' });
  }

  answered(answer: Answer): void {
    this.#post({ kind: 'answered', answer });
  }

  corrected(answer: Answer, label: string | null): void {
    this.#post({ kind: 'corrected', answer, label });
  }

  onConsent(ask: AskConsent): void {
    this.#askConsent = ask;
  }

  onToolCall(ask: AskToolCall): void {
    this.#askToolCall = ask;
  }

  watchClicks(element: object): ClickWatch {
    return watchClicks(element as Element);
  }

  /** The host page changed the looks: what it does not name stays. */
  changeLook(look: WidgetLook): void {
    this.#look = { ...this.#look, ...look };
    for (const listener of this.#lookListeners) listener(this.#look);
  }

  focus(): void {
    this.#focusWaits = this.#focusListeners.length === 0;
    for (const listener of this.#focusListeners) listener();
  }

  /** A frame without a form has nobody to ask, and nobody to ask means no. */
  readonly askConsent: AskConsent = async (question) =>
    (await this.#askConsent?.(question)) ?? false;

  readonly askToolCall: AskToolCall = async (call) => (await this.#askToolCall?.(call)) ?? false;
}
