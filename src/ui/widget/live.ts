/** The live form: takes over what lay in the waiting one. Loaded with the first use, since it brings the UI library. */
import { mount } from 'svelte';
import type { AskToolCall } from '../../core/chat-api.ts';
import type { AskConsent, FlotillaApp } from '../../core/threads.ts';
import type { WidgetHost } from '../../core/widget-host.ts';
import { Widget } from '../../state/widget.svelte.ts';
import { Speaker } from './speaker.svelte.ts';
import type { Speech } from './speech.ts';
import type { Draft } from './waiting-form.ts';
import WidgetForm from './WidgetForm.svelte';

export interface LiveForm {
  focus(): void;
  speak(speech: Speech): void;
  askConsent: AskConsent;
  askToolCall: AskToolCall;
}

/** What WidgetForm.svelte exports. */
interface FormExports {
  focus(part?: string, cursor?: [start: number, end: number]): Promise<void>;
  ask(): void;
}

interface Doors {
  host: WidgetHost;
  engine: () => Promise<FlotillaApp>;
  speech: Speech;
  draft: Draft | null;
}

export function openLiveForm(
  target: HTMLElement,
  { host, engine, speech, draft }: Doors,
): LiveForm {
  const widget = new Widget(host, engine);
  const speaker = new Speaker(speech);
  if (draft?.typed) widget.write(draft.text);
  if (draft?.file) widget.put(draft.file);
  target.replaceChildren();
  const form = mount(WidgetForm, {
    target,
    props: { widget, speaker, choosing: draft?.wish === 'file' },
  }) as FormExports;
  if (draft?.part) void form.focus(draft.part, draft.cursor);
  if (draft?.wish === 'ask') form.ask();
  return {
    focus: () => void form.focus(),
    speak: (next) => (speaker.speech = next),
    askConsent: (of) => widget.questions.ask({ ask: 'consent', of }),
    askToolCall: (of) => widget.questions.ask({ ask: 'tool', of }),
  };
}
