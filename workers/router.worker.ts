/** Entry of the router thread: opens the engine once and answers the page through comlink. */
import * as Comlink from 'comlink';
import { capabilitiesOf } from './router/capabilities.ts';
import type { CallId, RouterDoor } from '../src/core/door.ts';
import { ok, type Result } from '../src/core/failure.ts';
import type { AskConsent, RuntimeState } from '../src/core/threads.ts';
import { allCorrections, recordVerdict } from './router/corrections.ts';
import { forget } from './router/embedding-cache.ts';
import { Engine } from './router/engine.ts';
import { modelsDoor } from './router/generation/models-door.ts';
import { documentsDoor } from './router/works/documents-door.ts';
import { workflowsDoor } from './router/works/workflows.ts';
import { importSpecialist } from './router/import-specialist.ts';
import { toBlob } from './router/specialist-file.ts';

const BASE_URL = new URL(import.meta.env.BASE_URL, self.location.origin).href;

let opening: Promise<Result<Engine>> | null = null;
let listener: ((runtimes: Record<string, RuntimeState>) => void) | null = null;
let consent: AskConsent | null = null;
const running = new Map<CallId, AbortController>();

/** Opens once; a failure is forgotten, so that the next call tries again. */
async function engine(): Promise<Result<Engine>> {
  opening ??= Engine.open(BASE_URL, (states) => listener?.(states));
  const opened = await opening;
  if (!opened.ok) opening = null;
  else opened.value.askConsent = consent;
  return opened;
}

async function withEngine<T>(
  use: (engine: Engine) => Promise<Result<T>> | Result<T>,
): Promise<Result<T>> {
  const opened = await engine();
  return opened.ok ? use(opened.value) : opened;
}

/** Runs a call that the page can cancel by its id. */
async function cancellable<T>(
  call: CallId,
  use: (engine: Engine, signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const controller = new AbortController();
  running.set(call, controller);
  try {
    return await withEngine((opened) => use(opened, controller.signal));
  } finally {
    running.delete(call);
  }
}

const door: RouterDoor = {
  async warmUp(onState) {
    listener = onState;
    return withEngine(async ({ pool }) => {
      onState(pool.states());
      const first = await pool.load('static');
      onState(pool.states());
      if (first.ok) return ok(null);
      const second = await pool.load('encoder'); // answers alone, more slowly
      onState(pool.states());
      return second.ok ? ok(null) : first;
    });
  },
  capabilities: () => withEngine(async ({ pool }) => ok(await capabilitiesOf(pool.states()))),
  specialists: () => withEngine(async (opened) => ok(await opened.allCards())),
  leftOut: () =>
    withEngine(({ fleet, works }) =>
      ok([...fleet.problems.values(), ...works.shelf.problems.values()]),
    ),
  run: (request, call, onEvent, byHand) =>
    cancellable(call, (opened, signal) => opened.run(request, signal, onEvent, byHand)),
  chat: (request, call, onEvent) =>
    cancellable(call, (opened, signal) => opened.chat(request, signal, onEvent)),
  ...modelsDoor(withEngine),
  ...documentsDoor(cancellable, withEngine),
  ...workflowsDoor(cancellable, BASE_URL),
  runChunk: (requests, call) =>
    cancellable(call, (opened, signal) => opened.runChunk(requests, signal)),
  cancel: (call) => running.get(call)?.abort(),
  train: (job, call, onEvent) =>
    cancellable(call, (opened, signal) => opened.train(job, signal, onEvent)),
  evaluate: (name, rows, call, onEvent) =>
    cancellable(call, (opened, signal) => opened.evaluate(name, rows, signal, onEvent)),
  embed: (tier, texts) =>
    withEngine(({ pool }) => pool.embedAll(tier, texts, undefined, () => undefined)),
  recordVerdict: (answer, text, verdict) =>
    withEngine(({ trust }) => recordVerdict(trust, answer, text, verdict)),
  corrections: () => allCorrections(),
  receipts: () => withEngine(({ trust }) => trust.receipts.list()),
  policy: () => withEngine((opened) => ok(opened.policyReport())),
  onConsent(ask) {
    consent = ask;
    void engine();
  },
  removeSpecialist: (id) =>
    withEngine(async ({ fleet }) => {
      await forget(id);
      return fleet.remove(id);
    }),
  exportSpecialist: (id) =>
    withEngine(async ({ fleet }) => {
      const stored = await fleet.stored(id);
      return stored.ok ? ok(toBlob(stored.value)) : stored;
    }),
  importSpecialist: (blob) => withEngine((opened) => importSpecialist(opened, blob)),
  exportAudit: () => withEngine(({ trust }) => trust.audit.export()),
  verifyAudit: () => withEngine(({ trust }) => trust.audit.verify()),
};

Comlink.expose(door);
