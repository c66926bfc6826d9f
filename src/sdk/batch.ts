/** `runBatch`: requests go in as the frame asks for them, answers come out in the same order. */
import { BATCH_WINDOW } from '../core/embed-protocol.ts';
import type { Answer } from '../core/answer.ts';
import type { RunRequest } from '../core/request.ts';
import { misfit } from './ask.ts';
import { uncloneable, type Calls } from './calls.ts';
import type { CallOptions } from './contract.ts';
import { failure } from './errors.ts';
import { isAnswer } from './messages.ts';
import { stream, type Feed } from './stream.ts';

export type Requests = Iterable<RunRequest> | AsyncIterable<RunRequest>;

export async function* runBatch(
  calls: Calls,
  requests: Requests,
  options: CallOptions | undefined,
): AsyncGenerator<Answer> {
  const source = new Source(calls, requests);
  const call = { name: 'runBatch' as const, args: [] as [], fits: isAnswer };
  let answers = 0;
  for await (const answer of stream<Answer>(calls, call, options, (id) => source.feed(id))) {
    answers += 1;
    yield answer;
  }
  if (source.problem) throw source.problem.thrown;
  // Answers belong to requests by their position: one that is missing would shift all others.
  if (answers !== source.pushed && !options?.signal?.aborted) throw misfit(call.name);
}

/** The caller's iterable, read only as far as the frame has room. */
class Source {
  readonly #calls: Calls;
  readonly #iterator: Iterator<RunRequest> | AsyncIterator<RunRequest>;
  readonly #isAsync: boolean;
  #id = 0;
  #room = 0;
  #reading = false;
  #over = false;
  pushed = 0;
  /** What the iterable threw. */
  problem: { thrown: unknown } | null = null;

  constructor(calls: Calls, requests: Requests) {
    this.#calls = calls;
    const given = Object(requests) as Partial<Iterable<RunRequest> & AsyncIterable<RunRequest>>;
    const iterator = given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]?.();
    if (!iterator || typeof requests === 'string')
      throw failure('bad_request', 'The requests of a batch are neither a list nor an iterable.');
    this.#isAsync = Symbol.asyncIterator in given;
    this.#iterator = iterator;
  }

  feed(id: number): Feed {
    this.#id = id;
    return {
      wanted: (n) => {
        this.#room = Math.min(this.#room + n, BATCH_WINDOW);
        if (!this.#reading) void this.#read();
      },
      stop: () => {
        if (!this.#over) void this.#close();
      },
    };
  }

  async #read(): Promise<void> {
    this.#reading = true;
    while (this.#room > 0 && !this.#over) {
      const requests: RunRequest[] = [];
      const ended = await this.#take(requests);
      this.#push(requests, ended);
    }
    this.#reading = false;
  }

  /** What comes at its own pace is passed on one by one; a list is passed on by as many as there is room for. */
  async #take(requests: RunRequest[]): Promise<boolean> {
    const most = this.#isAsync ? 1 : this.#room;
    try {
      while (requests.length < most && !this.#over) {
        const next = await this.#iterator.next();
        if (next.done) return true;
        requests.push(await Promise.resolve(next.value));
      }
      return false;
    } catch (thrown) {
      this.problem = { thrown };
      return true;
    }
  }

  #push(requests: RunRequest[], ended: boolean): void {
    if (this.#over) return;
    this.#room -= requests.length;
    this.pushed += requests.length;
    this.#over = ended;
    try {
      if (requests.length > 0) this.#calls.post({ kind: 'push', id: this.#id, requests });
      if (ended) this.#calls.post({ kind: 'end', id: this.#id });
    } catch (error) {
      this.#calls.drop(this.#id, uncloneable(error));
    }
  }

  /** Tells the iterable that nobody reads on, as leaving a loop over it would. */
  async #close(): Promise<void> {
    this.#over = true;
    try {
      await this.#iterator.return?.();
    } catch {
      // The reader has left, or hears of what ended the call.
    }
  }
}
