/** Backpressure of streams: requests are asked for as they are used up, items wait until the reader took earlier ones. */
import { BATCH_WINDOW, STREAM_WINDOW } from '../core/embed-protocol.ts';

/** Something that happened since it was last waited for. */
class Bell {
  #ring: () => void = () => undefined;

  ring(): void {
    this.#ring();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => (this.#ring = resolve));
  }
}

interface Queued {
  request: unknown;
  units: number;
}

interface BatchHost {
  /** There is room for so many more requests. */
  want(n: number): void;
  /** Text of so many code units is not held any more. */
  used(units: number): void;
}

/** Requests of a `runBatch`, in the order in which the host pushed them. Ends with the host's last one, or on the signal. */
export class RequestQueue {
  readonly #queue: Queued[] = [];
  readonly #bell = new Bell();
  readonly #signal: AbortSignal;
  readonly #host: BatchHost;
  #asked = 0;
  #ended = false;

  constructor(signal: AbortSignal, host: BatchHost) {
    this.#signal = signal;
    this.#host = host;
    signal.addEventListener('abort', () => this.#bell.ring(), { once: true });
  }

  /** `units`: of their text together, held until the last of them is used. False: more than was asked for, and nothing was taken. */
  push(requests: readonly unknown[], units: number): boolean {
    if (requests.length > this.#asked || this.#ended) return false;
    this.#asked -= requests.length;
    const last = requests.length - 1;
    this.#queue.push(...requests.map((request, i) => ({ request, units: i === last ? units : 0 })));
    this.#bell.ring();
    return true;
  }

  end(): void {
    this.#ended = true;
    this.#bell.ring();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    for (;;) {
      this.#ask();
      if (this.#signal.aborted) return;
      const next = this.#queue.shift();
      if (next) {
        this.#host.used(next.units);
        yield next.request;
      } else if (this.#ended) return;
      else await this.#bell.wait();
    }
  }

  /** Half a window at a time, so that not every request costs a message. */
  #ask(): void {
    const room = BATCH_WINDOW - this.#asked - this.#queue.length;
    if (this.#ended || room < BATCH_WINDOW / 2) return;
    this.#asked += room;
    this.#host.want(room);
  }
}

/** Room for the items of a stream that the reader has not taken yet. */
export class ItemWindow {
  readonly #bell = new Bell();
  readonly #signal: AbortSignal;
  #underWay = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#bell.ring(), { once: true });
  }

  /** Resolves when one more item may go: false if the call was cancelled instead. */
  async room(): Promise<boolean> {
    while (this.#underWay >= STREAM_WINDOW && !this.#signal.aborted) await this.#bell.wait();
    if (this.#signal.aborted) return false;
    this.#underWay += 1;
    return true;
  }

  /** False: more than were under way. */
  took(n: number): boolean {
    if (n > this.#underWay) return false;
    this.#underWay -= n;
    this.#bell.ring();
    return true;
  }
}
