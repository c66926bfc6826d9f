/** Bytes per second over the last seconds of a download. */

const WINDOW_MS = 5_000;
/** Two readings closer together than this say nothing. */
const LEAST_MS = 500;
/** Network pieces come by the thousand; so many readings do. */
const READING_MS = 50;

export class Rate {
  #readings: { at: number; bytes: number }[] = [];

  /** `bytes` counts up over the whole download; a fall (a broken shard) starts the window again. */
  add(bytes: number, at: number): void {
    const last = this.#readings.at(-1);
    if (last && bytes < last.bytes) this.#readings = [];
    else if (last && at - last.at < READING_MS) return;
    this.#readings.push({ at, bytes });
    while ((this.#readings[0]?.at ?? at) < at - WINDOW_MS) this.#readings.shift();
  }

  /** Null until there is enough to tell. */
  perSecond(): number | null {
    const [first] = this.#readings;
    const last = this.#readings.at(-1);
    if (!first || !last || last.at - first.at < LEAST_MS) return null;
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }
}
