/** Everything that the pages share, made once around one client and handed down as a prop. */
import type { Intake } from '../core/intake.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { Boundary } from './boundary.svelte.ts';
import { Desk } from './desk.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { Fleet } from './fleet.svelte.ts';
import { openHistory } from './history-store.ts';
import { History } from './history.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Preferences } from './preferences.svelte.ts';

export class Shell {
  readonly app: FlotillaApp;
  /** Reads tables and keeps batch jobs; its thread starts on first use. */
  readonly intake: Intake;
  readonly preferences = new Preferences();
  readonly navigation = new Navigation();
  readonly notices = new Notices();
  readonly history = new History(openHistory());
  readonly engine: Engine;
  readonly fleet: Fleet;
  readonly boundary: Boundary;
  readonly desk: Desk;

  constructor(app: FlotillaApp, intake: Intake) {
    this.app = app;
    this.intake = intake;
    this.engine = new Engine(app);
    this.fleet = new Fleet(app);
    this.boundary = new Boundary(app);
    this.desk = new Desk(app, this.history);
  }

  /** Starts loading everything that is not needed to draw the page; resolves to the way to stop listening. */
  start(): () => void {
    this.boundary.start();
    void this.engine.start();
    void this.fleet.refresh();
    void this.boundary.refresh();
    void this.history.load();
    return this.navigation.start();
  }
}
