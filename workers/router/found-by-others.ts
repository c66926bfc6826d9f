/** Makes this router thread known to the broker, so that other pages reach it, and again when the broker is gone. */
import {
  BROKER_PATIENCE_MS,
  holdForLife,
  lifeLockOf,
  whenGone,
  type BrokerWanted,
  type FromBroker,
  type ToBroker,
} from '../../src/core/engine-link.ts';

export interface FoundOptions {
  onPage: (port: MessagePort, life: string) => void;
  /** Asks the page for a new port to the broker. */
  ask: (message: BrokerWanted) => void;
}

/** Gives what takes a port to the broker. */
export function foundByOthers({ onPage, ask }: FoundOptions): (broker: MessagePort) => void {
  const life = lifeLockOf(crypto.randomUUID());
  let held: Promise<void> | null = null;
  /** Held here: a port that is collected delivers nothing. */
  let current: MessagePort | null = null;

  return (broker) => {
    current?.close();
    current = broker;
    const askAnew = (): void => {
      if (current === broker) ask({ kind: 'broker_wanted' });
    };
    const late = setTimeout(askAnew, BROKER_PATIENCE_MS);
    broker.onmessage = ({ data, ports: [port] }: MessageEvent<FromBroker>) => {
      if (data.kind === 'page' && port) onPage(port, data.life);
      if (data.kind !== 'known') return;
      clearTimeout(late);
      void whenGone(navigator.locks, data.life).then(askAnew);
    };
    held ??= holdForLife(navigator.locks, life);
    void held.then(() => broker.postMessage({ kind: 'engine', life } satisfies ToBroker));
  };
}
