/** Entry of the router thread: one engine behind, a session for every page that connects. */
import * as Comlink from 'comlink';
import { whenGone, type PageIntroduction, type ToRouter } from '../src/core/engine-link.ts';
import type { Result } from '../src/core/failure.ts';
import { BASE_URL } from './addresses.ts';
import { Engine } from './router/engine.ts';
import { foundByOthers } from './router/found-by-others.ts';
import { Session } from './router/session.ts';
import { sessionDoor } from './router/session-door.ts';

const sessions = new Set<Session>();
let opening: Promise<Result<Engine>> | null = null;

/** Opens once; a failure is forgotten, so that the next call tries again. */
async function engine(): Promise<Result<Engine>> {
  opening ??= Engine.open(BASE_URL, (states) => {
    for (const { onStates } of sessions) onStates?.(states);
  });
  const opened = await opening;
  if (!opened.ok) opening = null;
  return opened;
}

/** The engine for a page that finds it running: the policy may have changed since the first page came. */
function engineUnderPolicyOfNow(): () => Promise<Result<Engine>> {
  const readAgain = engine().then(async (opened) => {
    if (opened.ok) await opened.value.readPolicyAgain();
  });
  return () => readAgain.then(engine);
}

function connect(port: MessagePort, { isHome, life }: PageIntroduction): void {
  const session = new Session(isHome ? engine : engineUnderPolicyOfNow(), isHome);
  sessions.add(session);
  Comlink.expose(sessionDoor(session, BASE_URL), port);
  const close = (): void => {
    sessions.delete(session);
    session.close();
  };
  port.addEventListener('close', close);
  if (life !== null) void whenGone(navigator.locks, life).then(close); // not every browser tells of a closed port
}

const meetBroker = foundByOthers({
  onPage: (port, life) => connect(port, { isHome: false, life }),
  ask: (message) => self.postMessage(message),
});

self.addEventListener('message', ({ data, ports: [port] }: MessageEvent<ToRouter>) => {
  if (!port) return;
  if (data.kind === 'page') connect(port, data);
  else meetBroker(port);
});
