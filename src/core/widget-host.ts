/** What the widget's form knows of the page around it, and what it tells it: the door between src/guest and its page. */
import type { Answer } from './answer.ts';
import type { EmbedRules } from './embed.ts';
import type { WidgetLook } from './embed-protocol.ts';
import type { MayLeave } from './may-leave.ts';
import type { TaskId } from './request.ts';

export interface WidgetHost {
  /** Origin of the page that embeds the widget. */
  origin: string;
  rules: EmbedRules;
  /**
   * Servers that content of the task may go to, by the policy and what the host tightened; null: of any task that the
   * host may ask for. See `mayLeave` in may-leave.ts. Empty: nothing leaves this device.
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
}
