/** What the widget's form knows of the page around it, and what it tells it: the door between src/guest and its page. */
import type { Answer } from './answer.ts';
import type { AskToolCall } from './chat-api.ts';
import type { EmbedRules } from './embed.ts';
import type { WidgetLook } from './embed-protocol.ts';
import type { MayLeave } from './may-leave.ts';
import type { TaskId } from './request.ts';
import type { AskConsent } from './threads.ts';

/**
 * Is a click on an element a person's, who could see what they clicked on?
 * `unsure`: the element was covered, moved or came into view less than half a second ago; a second click may count.
 * `unsupported`: this browser cannot tell, so no click ever counts. `synthetic`: a script made it.
 */
export type ClickVerdict = 'counts' | 'unsure' | 'unsupported' | 'synthetic';

export interface ClickWatch {
  /** To be asked in the listener of the click, with its event. */
  verdict(click: { isTrusted: boolean }): ClickVerdict;
  end(): void;
}

export interface WidgetHost {
  /** Origin of the page that embeds the widget. */
  origin: string;
  rules: EmbedRules;
  /**
   * Servers that content of the task may go to, by the policy and what the host tightened (`mayLeave` of may-leave.ts);
   * null: of any task that the host may ask for. Empty: nothing leaves this device. The form says so before first use.
   */
  mayLeave(task: TaskId | null): readonly MayLeave[];
  look(): WidgetLook;
  /** Hears every later change of the looks. */
  onLook(listener: (look: WidgetLook) => void): void;
  /** The host page hands the focus in. */
  onFocus(listener: () => void): void;
  /** Height of the content, CSS px. */
  grew(px: number): void;
  /** The focus goes back to the host page. */
  leave(): void;
  answered(answer: Answer): void;
  /** `label` where a label was corrected to another one. */
  corrected(answer: Answer, label: string | null): void;
  /** The form asks the person before something leaves, for its own requests and for the host's; until it does, it is no. */
  onConsent(ask: AskConsent): void;
  /** The same for every call of a tool. */
  onToolCall(ask: AskToolCall): void;
  /**
   * Watches an `Element` of the page, from when it is shown: a dialog's text with its buttons, all of which must be in view.
   * What the buttons do that let something happen is done only for a click that counts.
   */
  watchClicks(element: object): ClickWatch;
}
