/** A listener of a call that may be asked a second time: it hears a text once, although the text is written twice. */
import type { FlotillaEvent } from '../core/threads.ts';

export interface Repeatable {
  hear: (event: FlotillaEvent) => void;
  /** The call was asked again; what comes now begins from the start. */
  again: () => void;
}

/** `onOther` is called when the second text is not the first one: what was shown cannot be taken back. */
export function repeatable(
  listener: (event: FlotillaEvent) => void,
  onOther: () => void,
): Repeatable {
  let heard = '';
  let written = '';
  return {
    hear(event) {
      if (event.type !== 'draft') {
        listener(event);
        return;
      }
      const isNew = written.length === heard.length;
      written += event.delta;
      if (isNew) {
        heard = written;
        listener(event);
        return;
      }
      const [short, long] = written.length < heard.length ? [written, heard] : [heard, written];
      if (!long.startsWith(short)) {
        onOther();
        return;
      }
      if (written.length <= heard.length) return;
      const delta = written.slice(heard.length);
      heard = written;
      listener({ ...event, delta });
    },
    again() {
      written = '';
    },
  };
}
