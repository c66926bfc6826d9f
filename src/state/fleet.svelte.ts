/** The specialists of this browser: shipped ones and own ones. */
import type { FlotillaApp } from '../core/threads.ts';
import type { SpecialistCard, WorkCard } from '../core/specialist.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

export class Fleet {
  /** Those that sort. */
  cards = $state.raw<SpecialistCard[]>([]);
  /** Those whose task gives more than a label. */
  works = $state.raw<WorkCard[]>([]);
  /** Specialists that could not be used, with the reason. */
  leftOut = $state.raw<Trouble[]>([]);
  loaded = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  card(id: string): SpecialistCard | undefined {
    return this.cards.find((card) => card.id === id);
  }

  async refresh(): Promise<void> {
    try {
      const cards = await this.#app.specialists();
      // Language models have a page of their own.
      this.cards = cards.filter((card): card is SpecialistCard => card.evaluation !== null);
      this.works = cards.filter((card): card is WorkCard => 'kind' in card);
      this.leftOut = (await this.#app.leftOut()).map(troubleOfFailure);
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
    this.loaded = true;
  }

  /** The specialist as one file, or null when it failed (see `trouble`). */
  async exportFile(id: string): Promise<Blob | null> {
    try {
      return await this.#app.exportSpecialist(id);
    } catch (error) {
      this.trouble = troubleOf(error);
      return null;
    }
  }

  async importFile(file: Blob): Promise<SpecialistCard | null> {
    try {
      const card = await this.#app.importSpecialist(file);
      await this.refresh();
      return card;
    } catch (error) {
      this.trouble = troubleOf(error);
      return null;
    }
  }

  /**
   * Removes an own specialist. Resolves to its file, so that the removal can be undone by importing it again; null when
   * nothing was removed.
   */
  async remove(id: string): Promise<Blob | null> {
    const copy = await this.exportFile(id);
    if (!copy) return null;
    const result = await this.#app.removeSpecialist(id);
    if (!result.ok) this.trouble = troubleOfFailure(result.failure);
    await this.refresh();
    return result.ok ? copy : null;
  }
}
