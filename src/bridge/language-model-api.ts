/** The part of the browser's `LanguageModel` (Prompt API) that is used. https://webmachinelearning.github.io/prompt-api */

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface Session {
  /** Tokens of the initial prompts. Browsers before 2026 call it otherwise. */
  readonly contextUsage?: number;
  measureContextUsage?(input: string): Promise<number>;
  promptStreaming(
    input: string,
    options: { signal: AbortSignal; responseConstraint?: object },
  ): ReadableStream<string>;
  destroy(): void;
}

export interface CreateOptions {
  samplingMode?: 'most-predictable';
  expectedInputs: { type: 'text'; languages: string[] }[];
  expectedOutputs: { type: 'text'; languages: string[] }[];
}

export interface LanguageModelApi {
  availability(options: CreateOptions): Promise<string>;
  create(
    options: CreateOptions & {
      initialPrompts?: Message[];
      signal: AbortSignal;
      monitor?: (monitor: EventTarget) => void;
    },
  ): Promise<Session>;
}
