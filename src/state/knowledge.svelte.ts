/** The knowledge page: the bases of this browser, files that are read into one, what was removed. */
import type { KnowledgeBase } from '../core/knowledge.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

export class KnowledgeBases {
  all = $state.raw<KnowledgeBase[]>([]);
  loaded = $state(false);
  /** Names of the files that are being read, and into which base; null where a new one is made. */
  adding = $state.raw<{ base: string | null; files: string[] } | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const bases = await this.#app.knowledge.knowledgeBases();
      if (bases.ok) this.all = bases.value;
      else this.trouble = troubleOfFailure(bases.failure);
    });
    this.loaded = true;
  }

  /** Reads files into a base, or into a new one. Resolves to true when they are kept. */
  async add(base: KnowledgeBase | null, files: readonly File[]): Promise<boolean> {
    if (this.adding || files.length === 0) return false;
    const [first] = files;
    const title = base?.title ?? (first ? first.name.replace(/\.[^.]+$/u, '') : '');
    this.adding = { base: base?.id ?? null, files: files.map(({ name }) => name) };
    this.trouble = null;
    await this.#attempt(async () => {
      const added = await this.#app.knowledge.addKnowledge(base?.id ?? null, title, files);
      if (!added.ok) this.trouble = troubleOfFailure(added.failure);
    });
    this.adding = null;
    // Set by the attempt, which the compiler does not see.
    const trouble = this.trouble as Trouble | null;
    if (trouble === null) await this.load();
    return trouble === null;
  }

  /** Removes one file, or the whole base. */
  async remove(base: KnowledgeBase, file: string | null): Promise<void> {
    await this.#attempt(async () => {
      const removed = await this.#app.knowledge.removeKnowledge(base.id, file);
      if (!removed.ok) this.trouble = troubleOfFailure(removed.failure);
    });
    await this.load();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }
}
