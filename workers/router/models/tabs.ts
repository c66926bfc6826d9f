/** Several tabs, one disk: one downloads a model at a time, the others wait for it and hear what changes. */
import { sharedLocks } from '../../../src/platform/browser-storage.ts';

export type TabMessage =
  /** Files or the record of a model changed. */
  | { type: 'changed'; id: string }
  /** A person paused or removed it in another tab. */
  | { type: 'stop'; id: string };

const CHANNEL = 'flotilla-models';
const lockOf = (id: string): string => `flotilla-model:${id}`;

/** Null where the browser refuses it with the storage. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return null;
  }
}

export class Tabs {
  readonly #channel = openChannel();

  constructor(onMessage: (message: TabMessage) => void) {
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) =>
      onMessage(data),
    );
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  /** Runs when no other tab works on the model. Null if `signal` fired while waiting. */
  async alone<T>(id: string, signal: AbortSignal, run: () => Promise<T>): Promise<T | null> {
    const locks = await sharedLocks();
    if (!locks) return run();
    try {
      return await locks.request(lockOf(id), { signal }, run);
    } catch (cause) {
      if (signal.aborted) return null;
      throw cause;
    }
  }

  async isHeld(id: string): Promise<boolean> {
    const held = (await (await sharedLocks())?.query())?.held ?? [];
    return held.some(({ name, mode }) => name === lockOf(id) && mode === 'exclusive');
  }

  /** Resolves when the tab that works on it is through, or gone. */
  async untilFree(id: string): Promise<void> {
    const locks = await sharedLocks();
    await locks?.request(lockOf(id), { mode: 'shared' }, () => undefined);
  }

  close(): void {
    this.#channel?.close();
  }
}
