/** The page's side of the engine: names calls so that they can be cancelled, turns failures into errors. */
import * as Comlink from 'comlink';
import type { Answer } from '../core/answer.ts';
import type { AskToolCall } from '../core/chat-api.ts';
import type { Intake } from '../core/intake.ts';
import type { RunRequest } from '../core/request.ts';
import { onlySorts } from '../core/route-file.ts';
import { asked, cancellable, unwrap, type Door } from './cancellable.ts';
import { chatClient } from './chat-client.ts';
import { askOnce } from './consent-once.ts';
import { documentsClient } from './documents-client.ts';
import { EngineLine } from './engine-line.ts';
import { EngineSource } from './engine-source.ts';
import { modelsClient } from './models-client.ts';
import type { BrowserModel } from './prompt-api.ts';
import { rowsOfFile } from './training-file.ts';
import type { FlotillaApp, OnEvent, RunOptions } from '../core/threads.ts';

/** Requests per message; one chunk is computed ahead of the reader. */
const CHUNK = 128;
/** Files and tasks that give more than a label take long: their answers come, and are kept, a few at a time. */
const CHUNK_OF_WORK = 4;

const chunkFor = (request: RunRequest): number => (onlySorts(request) ? CHUNK : CHUNK_OF_WORK);

/** Pulls requests, keeps one chunk under way while the reader works on the last. */
async function* inChunks(
  door: Door,
  requests: Iterable<RunRequest> | AsyncIterable<RunRequest>,
  { signal, onEvent }: RunOptions,
): AsyncGenerator<Answer> {
  const chunks = chunksOf(requests);
  const start = async (): Promise<Answer[] | null> => {
    const next = await chunks.next();
    return next.done ? null : cancellable(door, signal, (id) => door.runChunk(next.value, id));
  };
  let done = 0;
  let ahead = start();
  for (;;) {
    const answers = await ahead;
    if (!answers) return;
    ahead = start();
    ahead.catch(() => undefined); // reported when it is read
    done += answers.length;
    onEvent?.({ type: 'progress', done, total: done });
    yield* answers;
    if (signal?.aborted) return;
  }
}

async function* chunksOf(
  requests: Iterable<RunRequest> | AsyncIterable<RunRequest>,
): AsyncGenerator<RunRequest[]> {
  let chunk: RunRequest[] = [];
  for await (const request of requests) {
    chunk.push(request);
    if (chunk.length < chunkFor(request)) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const sink = (onEvent: OnEvent | undefined) => (onEvent ? Comlink.proxy(onEvent) : null);

export interface EngineOptions {
  /** Reads the file of a training. */
  intake: Intake;
  /** The browser's own model, null where it brings none. */
  prompt: BrowserModel | null;
}

export interface ConnectedEngine {
  /** `window.flotilla`, and what the app's pages are handed. */
  app: FlotillaApp;
  /** Resolves, in a few ms, when the engine's thread is started or asked for; never rejects. */
  started: Promise<void>;
}

export function connectEngine({ intake, prompt }: EngineOptions): ConnectedEngine {
  const line = new EngineLine();
  const started = new EngineSource(line).start();
  return { app: appOver(line, { intake, prompt }), started };
}

function appOver({ door }: EngineLine, { intake, prompt }: EngineOptions): FlotillaApp {
  let askToolCall: AskToolCall | null = null;
  const run = (
    request: RunRequest,
    { signal, onEvent }: RunOptions,
    byHand: boolean,
  ): Promise<Answer> =>
    cancellable(door, signal, (id) => door.run(request, id, sink(onEvent), byHand));
  return {
    capabilities: () => asked(door.capabilities()),
    specialists: () => asked(door.specialists()),
    run: (request, options = {}) => run(request, options, false),
    escalate: (request, options = {}) => run(request, options, true),
    runBatch: (requests, options = {}) => inChunks(door, requests, options),
    train: async (spec, { signal, onEvent } = {}) => {
      const rows = Array.isArray(spec.rows)
        ? spec.rows
        : unwrap(await rowsOfFile(intake, spec.rows));
      return cancellable(door, signal, (id) => door.train({ ...spec, rows }, id, sink(onEvent)));
    },
    evaluate: (specialist, rows, { signal, onEvent } = {}) =>
      cancellable(door, signal, (id) => door.evaluate(specialist, rows, id, sink(onEvent))),
    documents: documentsClient(door),
    knowledge: {
      knowledgeBases: () => door.knowledgeBases(),
      addKnowledge: (id, title, files) => door.addKnowledge(id, title, files),
      removeKnowledge: (id, file) => door.removeKnowledge(id, file),
    },
    workflows: () => asked(door.workflows()),
    runWorkflow: (id, request, { signal, onEvent, before = null, decisions = {} } = {}) =>
      cancellable(door, signal, (call) =>
        door.runWorkflow(id, request, { before, decisions }, call, sink(onEvent)),
      ),
    chat: chatClient(door, () => askToolCall),
    models: modelsClient(door, prompt),
    audit: { export: () => asked(door.exportAudit()), verify: () => asked(door.verifyAudit()) },
    warmUp: async (onState) => {
      await asked(door.warmUp(Comlink.proxy(onState)));
    },
    recordVerdict: (answer, text, verdict) => door.recordVerdict(answer, text, verdict),
    corrections: () => asked(door.corrections()),
    receipts: () => asked(door.receipts()),
    leftOut: () => asked(door.leftOut()),
    policy: () => asked(door.policy()),
    onToolCall: (ask) => {
      askToolCall = ask;
    },
    onConsent: (ask) => {
      void door.onConsent(Comlink.proxy(askOnce(ask)));
    },
    limit: (limits) => door.limit(limits),
    giveAccessTokens: (tokens) => door.giveAccessTokens(tokens),
    embed: (tier, texts) => asked(door.embed(tier, texts)),
    removeSpecialist: (id) => door.removeSpecialist(id),
    exportSpecialist: (id) => asked(door.exportSpecialist(id)),
    importSpecialist: (blob) => asked(door.importSpecialist(blob)),
  };
}
