/** Everything that the pages share, made once around one client and handed down as a prop. */
import type { ArrivalStore } from '../core/arrival.ts';
import type { BadgeDoor, InstallDoor, LaunchDoor } from '../core/installed.ts';
import type { Intake } from '../core/intake.ts';
import type { ChatStore } from '../core/conversation.ts';
import type { FlotillaApp } from '../core/threads.ts';
import type { StoredDoor } from '../core/stored.ts';
import { Arrivals } from './arrivals.svelte.ts';
import { showWaiting } from './badge.svelte.ts';
import type { Batch } from './batch.svelte.ts';
import { Boundary } from './boundary.svelte.ts';
import { Desk } from './desk.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { Fleet } from './fleet.svelte.ts';
import type { HistoryStore } from '../core/history.ts';
import { History } from './history.svelte.ts';
import { Install } from './install.svelte.ts';
import { Models } from './models.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Stored } from './stored.svelte.ts';

/** What lies behind the page's state; src/main.ts puts it together. */
export interface Doors {
  app: FlotillaApp;
  /** Reads tables and keeps batch jobs; its thread starts on first use. */
  intake: Intake;
  history: HistoryStore;
  chats: ChatStore;
  /** What was shared with the app, files that the system opens with it, installing it, and the badge of its icon. */
  arrivals: ArrivalStore;
  launches: LaunchDoor;
  install: InstallDoor;
  badge: BadgeDoor;
  stored: StoredDoor;
  /** Empties everything that this site keeps in this browser. */
  deleteLocalData: () => Promise<void>;
}

export class Shell {
  readonly app: FlotillaApp;
  readonly intake: Intake;
  readonly chats: ChatStore;
  readonly deleteLocalData: () => Promise<void>;
  readonly preferences = new Preferences();
  readonly navigation = new Navigation();
  readonly notices = new Notices();
  readonly history: History;
  readonly engine: Engine;
  readonly fleet: Fleet;
  readonly models: Models;
  readonly boundary: Boundary;
  readonly desk: Desk;
  readonly install: Install;
  readonly stored: Stored;
  readonly #doors: Doors;

  constructor(doors: Doors) {
    const { app, intake, history, chats, deleteLocalData } = doors;
    this.#doors = doors;
    this.app = app;
    this.intake = intake;
    this.chats = chats;
    this.history = new History(history);
    this.engine = new Engine(app);
    this.fleet = new Fleet(app);
    this.models = new Models(app);
    this.boundary = new Boundary(app);
    this.desk = new Desk(app, this.history, intake);
    this.install = new Install(doors.install, this.notices);
    this.stored = new Stored(doors.stored, this);
    this.deleteLocalData = async () => {
      await deleteLocalData();
      this.desk.clear(); // or it would be kept again when the page closes
    };
  }

  /** Asks the engine for everything that the frame shows; safe to call again after a failure. */
  reach(): void {
    void this.engine.start();
    void this.fleet.refresh();
    void this.models.start();
    void this.boundary.refresh();
  }

  /** Starts loading everything that is not needed to draw the page; resolves to the way to stop listening. */
  start(): () => void {
    this.boundary.start();
    this.reach();
    void this.history.load();
    const stopNavigation = this.navigation.start();
    const stopBadge = showWaiting(this.history, this.#doors.badge);
    const stopInstall = this.install.start(this.history);
    void this.#takeUp();
    return () => {
      stopBadge();
      stopInstall();
      stopNavigation();
    };
  }

  /** First what lay here before a reload, then what came from outside. */
  async #takeUp(): Promise<void> {
    await this.desk.restore();
    const { arrivals, launches, intake } = this.#doors;
    const batch = async (): Promise<Batch> => {
      const { batchOf } = await import('./batch.svelte.ts');
      return batchOf(this.app, intake);
    };
    const { desk, navigation, notices } = this;
    await new Arrivals({ desk, batch, navigation, notices, drafts: intake }).start(
      arrivals,
      launches,
    );
  }
}
