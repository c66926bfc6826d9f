/** Entry of the router thread: opens the engine once and answers the page through comlink. */
import * as Comlink from 'comlink';
import type { Answer } from '../src/core/answer.ts';
import { capabilitiesOf } from './router/capabilities.ts';
import type { CallId, RouterDoor } from '../src/core/door.ts';
import { fail, ok, type Result } from '../src/core/failure.ts';
import type { AskConsent, RuntimeState } from '../src/core/threads.ts';
import { addCorrection, allCorrections } from './router/corrections.ts';
import { forget } from './router/embedding-cache.ts';
import { Engine } from './router/engine.ts';
import { fromBlob, toBlob } from './router/specialist-file.ts';

let opening: Promise<Result<Engine>> | null = null;
let listener: ((runtimes: Record<string, RuntimeState>) => void) | null = null;
let consent: AskConsent | null = null;
const running = new Map<CallId, AbortController>();

/** Opens once; a failure is forgotten, so that the next call tries again. */
async function engine(): Promise<Result<Engine>> {
  opening ??= Engine.open(new URL(import.meta.env.BASE_URL, self.location.origin).href, (states) =>
    listener?.(states),
  );
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

async function recordVerdict(
  answer: Answer,
  text: string,
  verdict: 'accepted' | { correctedTo: string },
): Promise<Result<null>> {
  return withEngine(async ({ trust }) => {
    const said =
      verdict === 'accepted'
        ? ((answer.output as { label?: string | null } | null)?.label ?? null)
        : verdict.correctedTo;
    const specialist = `${answer.specialist.id}@${answer.specialist.version}`;
    const row = await trust.audit.append(verdict === 'accepted' ? 'accepted' : 'corrected', {
      request: answer.id,
      specialist,
      to: said,
    });
    if (!row.ok) return row;
    return said === null
      ? ok(null)
      : addCorrection({
          text,
          label: said,
          specialist: answer.specialist.id,
          time: new Date().toISOString(),
        });
  });
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
  specialists: () => withEngine((opened) => ok(opened.cards())),
  leftOut: () => withEngine(({ fleet }) => ok([...fleet.problems.values()])),
  run: (request, call, onEvent, byHand) =>
    cancellable(call, (opened, signal) => opened.run(request, signal, onEvent, byHand)),
  runChunk: (requests, call) =>
    cancellable(call, (opened, signal) => opened.runChunk(requests, signal)),
  cancel: (call) => running.get(call)?.abort(),
  train: (job, call, onEvent) =>
    cancellable(call, (opened, signal) => opened.train(job, signal, onEvent)),
  evaluate: (name, rows, call, onEvent) =>
    cancellable(call, (opened, signal) => opened.evaluate(name, rows, signal, onEvent)),
  embed: (tier, texts) =>
    withEngine(({ pool }) => pool.embedAll(tier, texts, undefined, () => undefined)),
  recordVerdict,
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
  importSpecialist: (blob) =>
    withEngine(async (opened) => {
      const read = await fromBlob(blob);
      if (!read.ok) return read;
      const shipped = opened.fleet
        .specialists()
        .some((s) => s.origin === 'shipped' && s.manifest.id === read.value.manifest.id);
      if (shipped)
        return fail(
          'bad_request',
          `“${read.value.manifest.id}” is the id of a specialist that this build ships.`,
        );
      const put = await opened.fleet.put(read.value);
      const card = opened.cards().find((one) => one.id === read.value.manifest.id);
      return put.ok && card
        ? ok(card)
        : put.ok
          ? fail('storage_failed', 'It was not stored.')
          : put;
    }),
  exportAudit: () => withEngine(({ trust }) => trust.audit.export()),
  verifyAudit: () => withEngine(({ trust }) => trust.audit.verify()),
};

Comlink.expose(door);
