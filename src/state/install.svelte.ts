/** When the app offers to be installed: after it has been of use on more than one visit, and once. */
import { untrack } from 'svelte';
import type { InstallDoor, InstallWay } from '../core/installed.ts';
import type { HistoryEntry } from '../core/history.ts';
import type { History } from './history.svelte.ts';
import { keep, recall } from './kept.ts';
import type { Notices } from './notices.svelte.ts';

const ENOUGH_ANSWERS = 5;
const ENOUGH_VISITS = 2;
/** Coming back after this time is another visit. */
const VISIT_PAUSE_MS = 30 * 60_000;

/** Pure: answers that were sure enough, or that the person kept. */
export const usefulAnswers = (entries: readonly HistoryEntry[]): number =>
  entries.filter(({ answer, verdict }) => answer.status === 'accepted' || verdict !== null).length;

export const isTimeToOffer = (answers: number, visits: number): boolean =>
  answers >= ENOUGH_ANSWERS && visits >= ENOUGH_VISITS;

/** Counts this visit, unless it goes on from one a moment ago. */
export function countVisit(now: number): number {
  const before = Number(recall('visits') ?? 0);
  const last = Number(recall('last-visit') ?? 0);
  const visits = now - last > VISIT_PAUSE_MS ? before + 1 : before;
  keep('visits', String(visits));
  keep('last-visit', String(now));
  return visits;
}

export class Install {
  way = $state<InstallWay>('menu');
  isInstalled = $state(false);
  #visits = 0;
  readonly #door: InstallDoor;
  readonly #notices: Notices;

  constructor(door: InstallDoor, notices: Notices) {
    this.#door = door;
    this.#notices = notices;
    door.onChange(() => this.#look());
    this.#look();
  }

  /** Counts the visit and waits for the time to offer. Resolves to the way to stop. */
  start(history: History): () => void {
    this.#visits = countVisit(Date.now());
    return $effect.root(() => {
      $effect(() => {
        const { entries } = history;
        if (this.way === 'question') untrack(() => this.offerAfter(entries));
      });
    });
  }

  #look(): void {
    this.way = this.#door.way();
    this.isInstalled = this.#door.isInstalled();
  }

  /** Says once that the app can be installed; whoever does not want it is not asked again. */
  offerAfter(entries: readonly HistoryEntry[]): void {
    if (this.isInstalled || this.way !== 'question' || recall('install-offered') !== null) return;
    if (!isTimeToOffer(usefulAnswers(entries), this.#visits)) return;
    if (!keep('install-offered', 'yes')) return; // it would come back with every visit
    this.#notices.say(
      'Flotilla can be installed: a window of its own, files opened from the system, and no network needed.',
      { label: 'Install', run: () => void this.install() },
      true,
    );
  }

  async install(): Promise<void> {
    if (await this.#door.ask()) this.#notices.say('Flotilla is being installed.');
    else this.#notices.say('Not installed. It stays possible under Settings.');
  }
}
