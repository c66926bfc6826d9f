/** OpenAI's chat completion, as `flotilla.chat.completions.create` takes and gives it. Types only. */
import type { Answer } from './answer.ts';
import type { RunOptions } from './threads.ts';

export interface ToolDefinition {
  type: 'function';
  function: { name: string; description?: string; parameters?: Record<string, unknown> };
}

export interface ToolCall {
  id: string;
  type: 'function';
  /** `arguments` is JSON text that satisfies the tool's parameters. */
  function: { name: string; arguments: string };
}

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: ToolCall[] }
  | { role: 'tool'; content: string; tool_call_id: string };

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      json_schema: { name: string; schema: Record<string, unknown>; strict?: boolean };
    };

export interface ChatCompletionRequest {
  /** `auto`: a specialist of the fleet where one is sure, else the language model. Or the id of a model. */
  model: string;
  messages: ChatMessage[];
  response_format?: ResponseFormat;
  tools?: ToolDefinition[];
  tool_choice?: 'none' | 'auto' | 'required' | { type: 'function'; function: { name: string } };
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  temperature?: number;
  top_p?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
  seed?: number;
  stop?: string | string[];
  logprobs?: boolean;
}

export interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls';

export interface ChatLogprobs {
  content: { token: string; logprob: number; bytes: null; top_logprobs: [] }[];
}

export interface ChatCompletion {
  id: string;
  object: 'chat.completion';
  /** Seconds since the epoch. */
  created: number;
  /** The model or specialist that answered, `id@version`. */
  model: string;
  choices: [
    {
      index: 0;
      message: { role: 'assistant'; content: string | null; tool_calls?: ToolCall[] };
      finish_reason: FinishReason;
      logprobs: ChatLogprobs | null;
    },
  ];
  usage: ChatUsage;
  /** Who answered, how sure, and why: what no other API says. */
  flotilla: Answer;
}

export interface ChatCompletionChunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices:
    | []
    | [
        {
          index: 0;
          delta: {
            role?: 'assistant';
            content?: string;
            tool_calls?: (ToolCall & { index: number })[];
          };
          finish_reason: FinishReason | null;
        },
      ];
  /** In the last chunk, if `stream_options.include_usage` asked for it. */
  usage?: ChatUsage;
  /** In the last chunk. */
  flotilla?: Answer;
}

/** Asks the person whether a tool may be called as the model says. Nobody to ask means no. */
export type AskToolCall = (call: ToolCall['function']) => Promise<boolean>;

export interface ChatApi {
  completions: {
    /**
     * Rejects with FlotillaError: bad_request, unknown_model, model_not_stored, input_too_long, schema_unsupported,
     * schema_invalid (the output did not satisfy the schema), runtime_failed, out_of_memory, policy_denied, cancelled,
     * consent_denied (the person refused a tool's call: nothing may have happened that the model asked for).
     */
    create(
      request: ChatCompletionRequest & { stream: true },
      options?: RunOptions,
    ): AsyncIterable<ChatCompletionChunk>;
    create(
      request: ChatCompletionRequest & { stream?: false },
      options?: RunOptions,
    ): Promise<ChatCompletion>;
  };
}
