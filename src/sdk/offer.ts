/** Every call of the contract, over the table of calls. */
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
} from '../core/chat-api.ts';
import { ask } from './ask.ts';
import { runBatch } from './batch.ts';
import type { Calls } from './calls.ts';
import type { CallOptions, FlotillaConnection } from './contract.ts';
import { isAnswer, isBlob, isList, isObject } from './messages.ts';
import { stream } from './stream.ts';

export type Offered = Pick<
  FlotillaConnection,
  | 'capabilities'
  | 'specialists'
  | 'run'
  | 'runBatch'
  | 'train'
  | 'evaluate'
  | 'workflows'
  | 'runWorkflow'
  | 'chat'
  | 'audit'
  | 'exportSpecialist'
  | 'importSpecialist'
>;

export function offer(calls: Calls): Offered {
  function create(
    request: ChatCompletionRequest & { stream: true },
    options?: CallOptions,
  ): AsyncIterable<ChatCompletionChunk>;
  function create(
    request: ChatCompletionRequest & { stream?: false },
    options?: CallOptions,
  ): Promise<ChatCompletion>;
  function create(
    request: ChatCompletionRequest,
    options?: CallOptions,
  ): AsyncIterable<ChatCompletionChunk> | Promise<ChatCompletion> {
    // A caller without types may hand over anything; the frame says what is wrong with it.
    return (request as ChatCompletionRequest | undefined)?.stream
      ? stream(calls, { name: 'chatStream', args: [request], fits: isObject }, options)
      : ask(calls, 'chat', [request], options);
  }
  return {
    capabilities: (options) => ask(calls, 'capabilities', [], options),
    specialists: (options) => ask(calls, 'specialists', [], options, isList),
    run: (request, options) => ask(calls, 'run', [request], options, isAnswer),
    runBatch: (requests, options) => runBatch(calls, requests, options),
    train: (spec, options) => ask(calls, 'train', [spec], options),
    evaluate: (id, rows, options) => ask(calls, 'evaluate', [id, rows], options),
    workflows: (options) => ask(calls, 'workflows', [], options, isList),
    runWorkflow: (id, request, options) => {
      const { before, decisions } = options ?? {};
      const resume = { ...(before && { before }), ...(decisions && { decisions }) };
      return ask(calls, 'runWorkflow', [id, request, resume], options);
    },
    chat: { completions: { create } },
    audit: {
      export: (options) => ask(calls, 'auditExport', [], options, isList),
      verify: (options) => ask(calls, 'auditVerify', [], options),
    },
    exportSpecialist: (id, options) => ask(calls, 'exportSpecialist', [id], options, isBlob),
    importSpecialist: (blob, options) => ask(calls, 'importSpecialist', [blob], options),
  };
}
