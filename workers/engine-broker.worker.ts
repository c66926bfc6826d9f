/** Entry of the shared worker that passes the ports of pages on to the router thread of the page that runs the engine. */
import {
  holdForLife,
  lifeLockOf,
  whenGone,
  type FromBroker,
  type ToBroker,
} from '../src/core/engine-link.ts';

declare const self: SharedWorkerGlobalScope;

interface Waiting {
  port: MessagePort;
  answer: (message: FromBroker) => void;
}

const { locks } = navigator;
const life = lifeLockOf(crypto.randomUUID());
const alive = holdForLife(locks, life);
/** By the life of the page: one that asks again replaces its port. */
const waiting = new Map<string, Waiting>();
let engine: { life: string; port: MessagePort } | null = null;

function passOn(): void {
  if (!engine) return;
  for (const [page, { port, answer }] of waiting) {
    engine.port.postMessage({ kind: 'page', life: page } satisfies FromBroker, [port]);
    answer({ kind: 'passed', life: engine.life });
  }
  waiting.clear();
}

async function takeEngine(found: { life: string; port: MessagePort }): Promise<void> {
  engine = found;
  passOn();
  await alive;
  found.port.postMessage({ kind: 'known', life } satisfies FromBroker);
  await whenGone(locks, found.life);
  if (engine === found) engine = null;
}

self.addEventListener('connect', ({ ports: [client] }) => {
  client?.addEventListener('message', ({ data, ports }: MessageEvent<ToBroker>) => {
    if (data.kind === 'engine') void takeEngine({ life: data.life, port: client });
    const [port] = ports;
    if (data.kind !== 'page' || !port) return;
    waiting.set(data.life, { port, answer: (message) => client.postMessage(message) });
    passOn();
  });
  client?.start();
});
