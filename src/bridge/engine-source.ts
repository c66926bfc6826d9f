/**
 * Where this page's engine is: in this page if it is the first of its build on this site, else in the page that is, and in
 * this one again when that one is gone and this page is next. Where nothing can be shared, every page has its own.
 */
import * as Comlink from 'comlink';
import brokerThread from '../../workers/engine-broker.worker.ts?worker&url';
import routerThread from '../../workers/router.worker.ts?worker&url';
import type { RouterDoor } from '../core/door.ts';
import {
  BROKER_PATIENCE_MS,
  engineLockOf,
  holdForLife,
  lifeLockOf,
  whenGone,
  type BrokerWanted,
  type FromBroker,
  type ToBroker,
  type ToRouter,
} from '../core/engine-link.ts';
import type { Connection, EngineLine } from './engine-line.ts';
import { startThread } from '../platform/start-thread.ts';

const address = (thread: string): string => new URL(thread, import.meta.url).href;
/** Pages whose code differs never share. */
const BUILD = `${address(routerThread)} ${address(brokerThread)}`;
/** A page that was not passed on so often, BROKER_PATIENCE_MS apart, starts an engine of its own. */
const MOST_ATTEMPTS = 10;

/** A connection, and what ends it; null while the engine cannot end before this page. */
interface Held extends Connection {
  gone: Promise<void> | null;
}

export class EngineSource {
  readonly #line: EngineLine;
  readonly #life = lifeLockOf(crypto.randomUUID());
  #home: Worker | null = null;
  #current: Held | null = null;
  /** Held here: what is collected delivers nothing. */
  #broker: SharedWorker | null = null;

  constructor(line: EngineLine) {
    this.#line = line;
  }

  /** Never fails: at worst this page has an engine of its own. */
  async start(): Promise<void> {
    if (self.origin === 'null' || !('locks' in navigator) || !('SharedWorker' in self)) {
      this.#startHome();
      return;
    }
    try {
      await this.#elect(holdForLife(navigator.locks, this.#life));
    } catch {
      if (!this.#home) this.#startHome(); // the browser refuses locks to this frame
    }
  }

  /** @param alive settles when this page holds its lock, by which an engine elsewhere knows how long it lives */
  async #elect(alive: Promise<void>): Promise<void> {
    const { locks } = navigator;
    const name = engineLockOf(BUILD);
    const first = new Promise<boolean>((tell, refuse) => {
      const take = (lock: Lock | null): Promise<never> | null => {
        tell(lock !== null);
        return lock && this.#own();
      };
      locks.request(name, { ifAvailable: true }, take).catch(refuse);
    });
    const [isFirst] = await Promise.all([first, alive]);
    if (isFirst) return;
    void locks.request(name, () => this.#own());
    this.#join();
  }

  /** This page runs the engine of the site as long as it lives. */
  #own(): Promise<never> {
    if (!this.#home) this.#startHome();
    this.#giveBroker();
    return new Promise(() => undefined);
  }

  #startHome(): void {
    const thread = startThread(routerThread, 'router');
    thread.addEventListener('message', ({ data }: MessageEvent<BrokerWanted | undefined>) => {
      if (data?.kind === 'broker_wanted') this.#giveBroker();
    });
    this.#home = thread;
    const { port1, port2 } = new MessageChannel();
    thread.postMessage({ kind: 'page', isHome: true, life: null } satisfies ToRouter, [port2]);
    const connection = { door: Comlink.wrap<RouterDoor>(port1), gone: null };
    // The last engine may still work for a moment; what it was asked is asked again only when it cannot answer.
    void (this.#current?.gone ?? Promise.resolve()).then(() => this.#use(connection));
  }

  #use(connection: Held): void {
    if (this.#current) this.#line.lose(this.#current);
    this.#current = connection;
    this.#line.connect(connection);
  }

  #giveBroker(): void {
    const broker = this.#meetBroker();
    if (broker) this.#home?.postMessage({ kind: 'broker' } satisfies ToRouter, [broker]);
  }

  /** Null where the browser refuses shared threads to this frame. */
  #meetBroker(): MessagePort | null {
    try {
      const url = address(brokerThread);
      this.#broker = new SharedWorker(url, { type: 'module', name: BUILD });
      return this.#broker.port;
    } catch {
      return null;
    }
  }

  /** Asks the broker to pass this page on to the engine, again and again until it has. */
  #join(attempt = 1): void {
    if (this.#home) return;
    const broker = attempt > MOST_ATTEMPTS ? null : this.#meetBroker();
    if (!broker) {
      this.#startHome();
      return;
    }
    const { port1, port2 } = new MessageChannel();
    const again = setTimeout(() => {
      broker.close();
      port1.close();
      this.#join(attempt + 1);
    }, BROKER_PATIENCE_MS);
    broker.onmessage = ({ data }: MessageEvent<FromBroker>) => {
      if (data.kind !== 'passed') return;
      clearTimeout(again);
      broker.close();
      this.#joined(port1, data.life);
    };
    broker.postMessage({ kind: 'page', life: this.#life } satisfies ToBroker, [port2]);
  }

  #joined(port: MessagePort, engineLife: string): void {
    if (this.#home) {
      port.close();
      return;
    }
    const gone = whenGone(navigator.locks, engineLife);
    const connection: Held = { door: Comlink.wrap<RouterDoor>(port), gone };
    this.#use(connection);
    void gone.then(() => {
      port.close();
      if (this.#current !== connection || this.#home) return;
      this.#current = null;
      this.#line.lose(connection);
      this.#join();
    });
  }
}
