/** The last documents that were read, so that a second look at a file is instant. Pure. */
import type { ReadDocument } from '../../../src/core/document.ts';

const MOST_DOCUMENTS = 8;
/** Characters of all texts together. */
const MOST_UNITS = 20_000_000;

export class Remembered {
  #documents = new Map<string, ReadDocument>();

  get(key: string): ReadDocument | undefined {
    const document = this.#documents.get(key);
    if (document !== undefined) {
      this.#documents.delete(key);
      this.#documents.set(key, document);
    }
    return document;
  }

  set(key: string, document: ReadDocument): void {
    this.#documents.delete(key);
    this.#documents.set(key, document);
    const units = () =>
      [...this.#documents.values()].reduce((sum, one) => sum + one.text.length, 0);
    for (const old of this.#documents.keys()) {
      if (this.#documents.size <= MOST_DOCUMENTS && units() <= MOST_UNITS) return;
      this.#documents.delete(old);
    }
  }
}
