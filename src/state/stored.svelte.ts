/** The storage page: how much of each kind is kept here, deleting one kind, and asking the browser to keep it all. */
import type { HistoryEntry } from '../core/history.ts';
import type { Room, StoredAmount, StoredDoor, StoredKind } from '../core/stored.ts';
import type { Intake } from '../core/intake.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { withJobLock } from './batch-run.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import type { Fleet } from './fleet.svelte.ts';
import type { History } from './history.svelte.ts';
import { keep, recall } from './kept.ts';
import type { Notices } from './notices.svelte.ts';
import { troubleOf, troubleOfStorage, type Trouble } from './trouble.ts';

interface Parts {
  app: FlotillaApp;
  intake: Intake;
  desk: Desk;
  fleet: Fleet;
  history: History;
  notices: Notices;
}

export class Stored {
  room = $state.raw<Room | null>(null);
  /** Null while it is counted, and where the browser does not let the site look. */
  amounts = $state.raw<StoredAmount[] | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #door: StoredDoor;
  readonly #parts: Parts;

  constructor(door: StoredDoor, parts: Parts) {
    this.#door = door;
    this.#parts = parts;
  }

  async load(): Promise<void> {
    this.room = await this.#door.room();
    try {
      this.amounts = await this.#door.amounts();
      this.trouble = null;
    } catch (error) {
      this.amounts = null;
      this.trouble = troubleOfStorage(error, 'data of this site');
    }
  }

  /** Deletes one kind. Resolves to the function that undoes it, where that is possible. */
  async remove(kind: StoredKind): Promise<(() => Promise<void>) | null> {
    try {
      const undo = await this.#remove(kind);
      await this.load();
      return undo;
    } catch (error) {
      this.trouble = troubleOf(error);
      return null;
    }
  }

  /** Parts of the app that hold some of it in memory delete it themselves; the rest is emptied on disk. */
  async #remove(kind: StoredKind): Promise<(() => Promise<void>) | null> {
    const { history } = this.#parts;
    if (kind === 'history') return history.remove([...history.entries] satisfies HistoryEntry[]);
    if (kind === 'batches') return this.#removeBatches();
    await this.#tell(kind);
    await this.#door.empty(kind);
    return null;
  }

  async #tell(kind: StoredKind): Promise<void> {
    const { app, desk, fleet } = this.#parts;
    if (kind === 'drafts') desk.clear();
    if (kind === 'specialists') {
      const own = fleet.cards.filter(({ origin }) => origin !== 'shipped');
      for (const { id } of own) await app.removeSpecialist(id);
      await fleet.refresh();
    }
    if (kind === 'knowledge') {
      const bases = await app.knowledge.knowledgeBases();
      for (const { id } of bases.ok ? bases.value : [])
        await app.knowledge.removeKnowledge(id, null);
    }
    if (kind === 'models') {
      const stored = (await app.models.list()).filter(({ storedBytes }) => storedBytes > 0);
      for (const { id } of stored) await app.models.remove(id);
    }
  }

  /** A batch that runs, here or in another tab, stays. */
  async #removeBatches(): Promise<null> {
    const { intake, notices } = this.#parts;
    const jobs = await intake.jobs();
    for (const { id, fileName } of jobs.ok ? jobs.value : []) {
      const removed = await withJobLock(id, () => intake.deleteJob(id));
      if (removed === null) notices.say(`${fileName} is running and stays. Pause it first.`);
    }
    return null;
  }

  /** Resolves to the browser's answer. */
  async persist(): Promise<boolean> {
    const granted = await this.#door.persist().catch(() => false);
    this.room = await this.#door.room();
    return granted;
  }

  /** After the first own specialist, once: it took work to make, and the browser may clear it. */
  async offerToPersist(): Promise<void> {
    const room = await this.#door.room();
    if (!room || room.isPersistent || recall('persist-offered') !== null) return;
    if (!keep('persist-offered', 'yes')) return;
    this.#parts.notices.say(
      'The browser may clear this specialist when the disk is full. It can be asked to keep it.',
      { label: 'Keep it', run: () => void this.askToPersist() },
      true,
    );
  }

  async askToPersist(): Promise<void> {
    this.#parts.notices.say(
      (await this.persist())
        ? 'The browser keeps this data until you delete it.'
        : 'The browser did not agree. Installing the app usually helps.',
    );
  }
}
