/** A call whose results come one after another: at most a window of them is held here. */
import { STREAM_WINDOW, type CallArguments } from '../core/embed-protocol.ts';
import { checked, late, limited, misfit } from './ask.ts';
import type { Calls } from './calls.ts';
import type { CallOptions } from './contract.ts';

/** The frame hears after so many items that there is room again: well before its window is full. */
const TOOK_AT_ONCE = STREAM_WINDOW / 4;

/** Hears what concerns the requests of a batch. */
export interface Feed {
  wanted(n: number): void;
  /** The call has ended, or its reader has left. */
  stop(): void;
}

/** Items as they come. A reader that leaves early ends the call. `feedOf` is told the id under which requests are pushed. */
export async function* stream<T>(
  calls: Calls,
  { name, args, fits }: StreamCall,
  given: CallOptions | undefined,
  feedOf?: (id: number) => Feed,
): AsyncGenerator<T> {
  const options = checked(given);
  const queue: unknown[] = [];
  let wake = (): void => undefined;
  const work = { over: false };
  const call = calls.open(name, args, options, (message) => {
    if (message.kind === 'want') feed?.wanted(message.n);
    else if (queue.length + message.items.length > STREAM_WINDOW || !message.items.every(fits))
      calls.drop(call.id, misfit(name));
    else queue.push(...message.items);
    wake();
  });
  const feed = feedOf?.(call.id);
  const end = (): void => {
    work.over = true;
    feed?.stop();
    wake();
  };
  call.outcome.then(end, end);
  let took = 0;
  try {
    for (;;) {
      while (queue.length > 0) {
        const item = queue.shift() as T;
        if (++took === TOOK_AT_ONCE && !work.over) {
          calls.post({ kind: 'took', id: call.id, n: took });
          took = 0;
        }
        yield item;
      }
      if (work.over) break;
      const timer = limited(options.timeoutMs, () => {
        calls.drop(call.id, late(name, options));
      });
      await new Promise<void>((resolve) => (wake = resolve));
      clearTimeout(timer);
    }
    await call.outcome;
  } finally {
    calls.drop(call.id);
  }
}

interface StreamCall {
  name: 'runBatch' | 'chatStream';
  args: CallArguments['runBatch' | 'chatStream'];
  fits: (item: unknown) => boolean;
}
