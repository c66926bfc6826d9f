/** One answer on its way: deltas gathered per frame, the stage it is in, and stopping it at once. */
import type { ChatApi, ChatCompletionChunk, ChatCompletionRequest } from '../core/chat-api.ts';
import type { Outcome } from '../core/conversation.ts';
import type { FlotillaEvent } from '../core/threads.ts';
import { troubleOf, wasCancelled } from './trouble.ts';

/** Calls back before the next picture is drawn. */
export type OnFrame = (run: () => void) => void;

export type LiveStage = 'asking' | 'loading' | 'writing';

export interface Ended {
  text: string;
  outcome: Outcome;
}

export class LiveAnswer {
  /** What has arrived, as of the last frame: a hundred deltas a second are drawn at most sixty times. */
  text = $state('');
  stage = $state<LiveStage>('asking');
  /** Files of the model that are read into memory, in bytes. */
  loading = $state.raw<{ specialist: string; loaded: number; total: number } | null>(null);
  /** Who answers, `id@version`, as soon as it is known. */
  model = $state('');
  readonly format: Outcome['format'];
  #received = '';
  #answer: Outcome['answer'] = null;
  #finish: Outcome['finish'] = null;
  #tokens: number | null = null;
  #isFrameAsked = false;
  #asked = '';
  #askedAt = 0;
  #firstAt: number | null = null;
  #lastAt = 0;
  readonly #abort = new AbortController();
  readonly #onFrame: OnFrame;

  constructor(format: Outcome['format'], onFrame: OnFrame) {
    this.format = format;
    this.#onFrame = onFrame;
  }

  /** Everything that has arrived, also between two frames. */
  get received(): string {
    return this.#received;
  }

  /** For storing it before it has ended. */
  get outcomeSoFar(): Outcome {
    return this.#ended('writing', null).outcome;
  }

  stop(): void {
    this.#abort.abort();
  }

  /**
   * Asks and gathers until the answer is whole, stopped or failed. Never rejects. A stop settles at once; what the engine
   * still sends is not heard any more.
   */
  async run(chat: ChatApi, request: ChatCompletionRequest): Promise<Ended> {
    this.#asked = request.model;
    if (request.model !== 'auto') this.model = request.model;
    this.#askedAt = performance.now();
    const { signal } = this.#abort;
    const stopped = new Promise<'stopped'>((resolve) =>
      signal.addEventListener('abort', () => resolve('stopped'), { once: true }),
    );
    try {
      const state = await Promise.race([this.#gather(chat, request), stopped]);
      return this.#ended(state, null);
    } catch (error) {
      if (signal.aborted || wasCancelled(error)) return this.#ended('stopped', null);
      return this.#ended('failed', troubleOf(error));
    }
  }

  async #gather(chat: ChatApi, request: ChatCompletionRequest): Promise<'done' | 'stopped'> {
    const { signal } = this.#abort;
    const chunks = chat.completions.create(
      { ...request, stream: true, stream_options: { include_usage: true } },
      { signal, onEvent: (event) => this.#follow(event) },
    );
    for await (const chunk of chunks) {
      if (signal.aborted) break;
      this.#take(chunk);
    }
    return this.#answer?.status === 'cancelled' ? 'stopped' : 'done';
  }

  #take(chunk: ChatCompletionChunk): void {
    // Until it is known who answers, a stream carries the model that was asked for.
    if (chunk.model !== this.#asked) this.model = chunk.model;
    if (chunk.usage) this.#tokens = chunk.usage.completion_tokens;
    if (chunk.flotilla) this.#answer = chunk.flotilla;
    const [choice] = chunk.choices;
    if (choice?.finish_reason) this.#finish = choice.finish_reason;
    const delta = choice?.delta.content ?? '';
    if (delta === '') return;
    this.#received += delta;
    this.#lastAt = performance.now();
    this.#firstAt ??= this.#lastAt;
    this.stage = 'writing';
    this.loading = null;
    this.#askFrame();
  }

  #askFrame(): void {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    this.#onFrame(() => {
      this.#isFrameAsked = false;
      this.text = this.#received;
    });
  }

  #follow(event: FlotillaEvent): void {
    if (event.type !== 'loading' || this.stage === 'writing' || this.#abort.signal.aborted) return;
    this.stage = 'loading';
    this.loading = {
      specialist: event.specialist,
      loaded: event.loaded_bytes,
      total: event.total_bytes,
    };
  }

  #ended(state: Outcome['state'], failure: Outcome['failure']): Ended {
    const answer = this.#answer;
    return {
      text: this.#received,
      outcome: {
        state,
        model: answer ? `${answer.specialist.id}@${answer.specialist.version}` : this.model,
        answer,
        failure,
        finish: this.#finish,
        backend: '',
        firstTextMs: this.#firstAt === null ? null : this.#firstAt - this.#askedAt,
        tokensPerSecond: this.#rate(),
        format: this.format,
      },
    };
  }

  /** Tokens after the first one over the time that they took. */
  #rate(): number | null {
    const tokens = this.#tokens ?? this.#answer?.usage.completion_tokens ?? 0;
    const seconds = this.#firstAt === null ? 0 : (this.#lastAt - this.#firstAt) / 1000;
    return tokens > 1 && seconds > 0 ? (tokens - 1) / seconds : null;
  }
}
