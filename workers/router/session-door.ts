/** What the engine answers to one connection. */
import type { RouterDoor } from '../../src/core/door.ts';
import { ok } from '../../src/core/failure.ts';
import { capabilitiesOf } from './capabilities.ts';
import { allCorrections, recordVerdict } from './corrections.ts';
import { forget } from './embedding-cache.ts';
import type { Engine } from './engine.ts';
import { modelsDoor } from './generation/models-door.ts';
import { importSpecialist } from './import-specialist.ts';
import type { Session } from './session.ts';
import { toBlob } from './specialist-file.ts';
import { documentsDoor } from './works/documents-door.ts';
import { workflowsDoor } from './works/workflows.ts';

export function sessionDoor(session: Session, baseUrl: string): RouterDoor {
  const withEngine: Session['withEngine'] = (use) => session.withEngine(use);
  return {
    ...modelsDoor(session),
    ...documentsDoor(session),
    ...workflowsDoor(session, baseUrl),
    ...answersDoor(session),
    ...recordsDoor(session),
    capabilities: () => withEngine(async ({ pool }) => ok(await capabilitiesOf(pool.states()))),
    policy: () => withEngine((engine, caller) => ok(engine.policyReport(caller))),
    onConsent(ask) {
      session.askConsent = ask;
    },
    onLeaving(listener) {
      session.onLeaving = listener;
    },
    limit: (limits) => Promise.resolve(session.limit(limits)),
    giveAccessTokens: (tokens) => session.giveAccessTokens(tokens),
    askedBefore: (call) => session.askedBefore(call),
    cancel: (call) => session.cancel(call),
  };
}

type AnswersDoor = Pick<
  RouterDoor,
  'warmUp' | 'run' | 'chat' | 'runChunk' | 'train' | 'evaluate' | 'embed'
>;

function answersDoor(session: Session): AnswersDoor {
  return {
    warmUp(onStates) {
      session.onStates = onStates;
      return session.withEngine((engine) => loadRuntimes(engine, onStates));
    },
    run: (request, call, onEvent, byHand) =>
      session.cancellable(call, (engine, caller, signal) =>
        engine.run(request, caller, signal, onEvent, byHand),
      ),
    chat: (request, call, onEvent) =>
      session.cancellable(call, (engine, caller, signal) =>
        engine.chat(request, caller, signal, onEvent),
      ),
    runChunk: (requests, call) =>
      session.cancellable(call, (engine, caller, signal) =>
        engine.runChunk(requests, caller, signal),
      ),
    train: (job, call, onEvent) =>
      session.cancellable(call, (engine, caller, signal) =>
        engine.train(job, caller, signal, onEvent),
      ),
    evaluate: (name, rows, call, onEvent) =>
      session.cancellable(call, (engine, caller, signal) =>
        engine.evaluate(name, rows, caller, signal, onEvent),
      ),
    embed: (tier, texts) =>
      session.withEngine(({ pool }) => pool.embedAll(tier, texts, undefined, () => undefined)),
  };
}

async function loadRuntimes(
  { pool }: Engine,
  onStates: Parameters<RouterDoor['warmUp']>[0],
): ReturnType<RouterDoor['warmUp']> {
  onStates(pool.states());
  const first = await pool.load('static');
  onStates(pool.states());
  if (first.ok) return ok(null);
  const second = await pool.load('encoder'); // answers alone, more slowly
  onStates(pool.states());
  return second.ok ? ok(null) : first;
}

type RecordsDoor = Pick<
  RouterDoor,
  | 'specialists'
  | 'leftOut'
  | 'removeSpecialist'
  | 'exportSpecialist'
  | 'importSpecialist'
  | 'recordVerdict'
  | 'corrections'
  | 'receipts'
  | 'exportAudit'
  | 'verifyAudit'
>;

function recordsDoor(session: Session): RecordsDoor {
  const withEngine: Session['withEngine'] = (use) => session.withEngine(use);
  return {
    specialists: () => withEngine(async (engine, caller) => ok(await engine.allCards(caller))),
    leftOut: () =>
      withEngine(({ fleet, works }) =>
        ok([...fleet.problems.values(), ...works.shelf.problems.values()]),
      ),
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
      withEngine((engine, caller) => importSpecialist(engine, caller, blob)),
    recordVerdict: (answer, text, verdict) =>
      withEngine(({ trust }) => recordVerdict(trust, answer, text, verdict)),
    corrections: () => allCorrections(),
    receipts: () => withEngine(({ trust }) => trust.receipts.list()),
    exportAudit: () => withEngine(({ trust }) => trust.audit.export()),
    verifyAudit: () => withEngine(({ trust }) => trust.audit.verify()),
  };
}
