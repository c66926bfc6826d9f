/** The answers of one visit to the widget, in memory only: the one that is shown, what the person changed, their verdict. */
import type { Answer } from '../core/answer.ts';
import type { HistoryEntry } from '../core/history.ts';
import type { FlotillaApp, Verdict } from '../core/threads.ts';
import type { WidgetHost } from '../core/widget-host.ts';
import { sourceTextOf } from './history-entry.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

export class WidgetAnswers {
  shown = $state.raw<HistoryEntry | null>(null);
  /** Newest first. */
  list = $state.raw<readonly HistoryEntry[]>([]);
  readonly #host: WidgetHost;
  readonly #engine: () => Promise<FlotillaApp>;

  constructor(host: WidgetHost, engine: () => Promise<FlotillaApp>) {
    this.#host = host;
    this.#engine = engine;
  }

  /** Shows it and tells the host. */
  add(entry: HistoryEntry): void {
    this.shown = entry;
    this.list = [entry, ...this.list];
    this.#host.answered(entry.answer);
  }

  show(entry: HistoryEntry | null): void {
    this.shown = entry;
  }

  /** The person changes the output; it counts as a correction with `judge`. */
  edit(output: unknown): void {
    if (this.shown) this.#keep({ ...this.shown, edited: output });
  }

  undoEdits(): void {
    if (!this.shown) return;
    const { edited, ...rest } = this.shown;
    if (edited !== undefined || rest.verdict !== null) this.#keep({ ...rest, verdict: null });
  }

  /** Keeps the verdict as a label in this browser and tells the host. Resolves to what went wrong; null: it was kept. */
  async judge(verdict: Verdict): Promise<Trouble | null> {
    const shown = this.shown;
    if (!shown) return null;
    try {
      const app = await this.#engine();
      const result = await app.recordVerdict(shown.answer, sourceTextOf(shown), verdict);
      if (!result.ok) return troubleOfFailure(result.failure);
    } catch (error) {
      return troubleOf(error);
    }
    this.#keep({ ...shown, verdict });
    this.#tell(shown.answer, verdict);
    return null;
  }

  /** Labels of the shown answer's specialist; empty where they are not known. */
  async labels(): Promise<readonly string[]> {
    const id = this.shown?.answer.specialist.id;
    const cards = await (await this.#engine()).specialists();
    const card = cards.find((one) => one.id === id);
    return card && 'labels' in card ? card.labels : [];
  }

  #tell(answer: Answer, verdict: Verdict): void {
    if (verdict === 'accepted') return;
    if ('correctedOutput' in verdict) {
      this.#host.corrected({ ...answer, output: verdict.correctedOutput }, null);
      return;
    }
    const label = verdict.correctedTo;
    const output = { ...(answer.output ?? { scores: [] }), label };
    this.#host.corrected({ ...answer, output }, label);
  }

  #keep(entry: HistoryEntry): void {
    if (this.shown?.id === entry.id) this.shown = entry;
    this.list = this.list.map((one) => (one.id === entry.id ? entry : one));
  }
}
