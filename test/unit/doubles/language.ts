/** Language models and a chat for tests of the page's state and looks. Tests only: nothing that ships imports it. */
import type { Answer } from '../../../src/core/answer.ts';
import type {
  ChatApi,
  ChatCompletionChunk,
  ChatCompletionRequest,
} from '../../../src/core/chat-api.ts';
import type { DeviceProbe, ModelCard } from '../../../src/core/generation-model.ts';
import type { ModelsApp } from '../../../src/core/models-app.ts';
import type { RunOptions } from '../../../src/core/threads.ts';
import { answerOf } from './app.ts';

export function modelCard(id: string, change: Partial<ModelCard> = {}): ModelCard {
  return {
    id,
    title: 'SmolLM2 135M Instruct',
    entry: {
      id,
      family: 'SmolLM2',
      title: 'SmolLM2 135M Instruct',
      licence: 'Apache-2.0',
      openLicence: true,
      parameters: 134_515_008,
      downloadBytes: 88_123_456,
      downloadBytesAbout: null,
      memoryBytes: 210_000_000,
      contextTokens: 2048,
      runtime: 'llama-wasm',
      fallback: null,
      needs: { shaderF16: false, maxBufferBytes: 134_217_728 },
      hub: null,
      goodFor:
        'Short answers, lists and rewording in English; the smallest one, and always at hand.',
    },
    version: '1.0.0',
    shipped: true,
    fit: { fits: true, recommended: true, why: 'It needs 210 MB of memory and runs anywhere.' },
    phase: 'absent',
    loadedBytes: 0,
    totalBytes: 88_123_456,
    bytesPerSecond: null,
    storedBytes: 0,
    info: null,
    failure: null,
    ...change,
  };
}

export const PROBE: DeviceProbe = {
  webgpu: 'hardware',
  adapter: 'nvidia ampere',
  shaderF16: true,
  maxBufferBytes: 2_147_483_648,
  memoryBytes: 8_589_934_592,
  cores: 8,
  crossOriginIsolated: true,
  promptApi: 'none',
  storage: { usedBytes: 112_000_000, quotaBytes: 64_000_000_000, persistent: false },
};

/** A list of models that the test changes with `tell`. */
export function modelsDouble(cards: ModelCard[]): ModelsApp & { tell(next: ModelCard[]): void } {
  let now = cards;
  let listener: (cards: ModelCard[]) => void = () => undefined;
  const notPart = (): Promise<never> => Promise.reject(new Error('not part of this double'));
  return {
    tell: (next) => {
      now = next;
      listener(next);
    },
    list: () => Promise.resolve(now),
    onChange: (heard) => (listener = heard),
    probe: () => Promise.resolve(PROBE),
    download: notPart,
    pause: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    load: notPart,
    unload: () => Promise.resolve(),
    backend: () => Promise.resolve('auto'),
    chooseBackend: () => Promise.resolve(),
  };
}

export const generatedAnswer = (text: string): Answer => ({
  ...answerOf('?'),
  task: 'chat',
  specialist: { id: 'house-slm', version: '1.0.0' },
  output: { message: { role: 'assistant', content: text } },
  confidence: 0,
  status: 'needs_review',
  decision: {
    ...answerOf('?').decision,
    tier: 'slm',
    reason: 'open_ended',
    explanation: 'It is an open question, which no specialist answers.',
    certificate: null,
  },
});

export function chunk(change: Partial<ChatCompletionChunk>, delta?: string): ChatCompletionChunk {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'house-slm@1.0.0',
    choices:
      delta === undefined
        ? [{ index: 0, delta: {}, finish_reason: 'stop' }]
        : [{ index: 0, delta: { content: delta }, finish_reason: null }],
    ...change,
  };
}

export type Stream = (
  request: ChatCompletionRequest,
  options: RunOptions,
) => AsyncIterable<ChatCompletionChunk>;

/** A chat whose stream the test writes. */
export function chatDouble(stream: Stream): ChatApi & { asked: ChatCompletionRequest[] } {
  const asked: ChatCompletionRequest[] = [];
  const create = (request: ChatCompletionRequest, options: RunOptions = {}): never => {
    asked.push(request);
    return stream(request, options) as never;
  };
  return { asked, completions: { create } };
}

/** Writes the pieces one after the other, then the end with the whole answer. */
export const written = (...pieces: string[]): Stream =>
  async function* () {
    for (const piece of pieces) yield chunk({}, piece);
    await Promise.resolve();
    const flotilla = generatedAnswer(pieces.join(''));
    const tokens = pieces.length;
    const usage = { prompt_tokens: 5, completion_tokens: tokens, total_tokens: 5 + tokens };
    yield chunk({ flotilla, usage });
  };
