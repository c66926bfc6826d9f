/** Puts the widget's form into the page of the frame. */
import { mount, unmount } from 'svelte';
import type { FlotillaApp } from '../../core/threads.ts';
import type { WidgetHost } from '../../core/widget-host.ts';
import { Widget } from '../../state/widget.svelte.ts';
import '../tokens.css';
import '../base.css';
import './widget.css';
import { ENGLISH, speechOf } from './speech.ts';
import WidgetForm from './WidgetForm.svelte';

/** `engine` starts the engine, or gives the one that was started; it is called with the first use of the form. */
export interface WidgetDoors {
  host: WidgetHost;
  engine: () => Promise<FlotillaApp>;
}

/** Shows the form in the host's language and looks. The result takes it away again. */
export async function mountWidget(
  target: HTMLElement,
  { host, engine }: WidgetDoors,
): Promise<() => void> {
  const widget = new Widget(host, engine);
  const { language } = widget.look;
  const speech = language === undefined ? ENGLISH : await speechOf(language);
  const form = mount(WidgetForm, { target, props: { widget, first: speech } });
  return () => void unmount(form);
}
