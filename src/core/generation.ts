/** The vocabulary of generated text: what a text-generating runtime is asked and what it answers. */

/** One turn of a conversation, as the model's chat template takes it. */
export interface ChatTurn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
}

export interface GenerateRequest {
  /** Oldest first; ends with the turn that is to be answered. */
  turns: ChatTurn[];
  /** At most so many tokens are produced. */
  maxTokens: number;
  /** 0 chooses the likeliest token each time: the same request gives the same text twice. */
  temperature: number;
  /** Nucleus of the sampling, 0..1; without meaning at temperature 0. */
  topP: number;
  /** Above 1: tokens that this answer has already are less likely (CTRL’s penalty). Left out or 1: probabilities stay. */
  repetitionPenalty?: number;
  /** Of the sampling; null leaves it to the engine. */
  seed: number | null;
  /** The text ends before any of these. */
  stop: string[];
  /** JSON schema, as text, that the output has to satisfy; null leaves the text free. */
  schema: string | null;
}

/** One produced token. */
export interface GeneratedToken {
  text: string;
  /**
   * ln of the token's probability at temperature 1 among the tokens that the schema allows at this place (all tokens
   * where there is no schema). 0 where the schema leaves only one choice.
   */
  logprob: number;
  /** True where the schema left no other token: it says nothing about how sure the model is. */
  forced: boolean;
}

export interface Generated {
  text: string;
  /** `length`: maxTokens or the end of the context. `interrupted`: stopped by the caller; the text so far is kept. */
  finish: 'stop' | 'length' | 'interrupted';
  tokens: GeneratedToken[];
  promptTokens: number;
  /** Oldest turns that did not fit into the context and were left out (the system turn stays). */
  droppedTurns: number;
  /** From the start of the work to the first token, waiting for others not included, in ms. */
  firstTokenMs: number;
  /** From the start of the work to the end, in ms. */
  tookMs: number;
}

/** Of a call that was interrupted before it wrote anything. */
export const NOTHING_WRITTEN: Generated = {
  text: '',
  finish: 'interrupted',
  tokens: [],
  promptTokens: 0,
  droppedTurns: 0,
  firstTokenMs: 0,
  tookMs: 0,
};

/** What runs generated text. */
export const GENERATORS = ['webllm', 'llama-wasm', 'transformers-llm', 'prompt-api'] as const;
export type GeneratorKind = (typeof GENERATORS)[number];

/** Comparison with the golden answers that the recipe wrote beside the model. */
export interface GenerationSelfTest {
  /** Golden prompts that were run. */
  prompts: number;
  /** Tokens that were compared. */
  tokens: number;
  /** Share of equal tokens, 0..1; below 1 the backend is refused. */
  equalTokens: number;
  /** Largest difference of a token's log-probability from the reference, in nats. */
  worstLogprobGap: number;
  /** The backend is refused above it. */
  allowedLogprobGap: number;
  /** Tokens per second of the produced text, and of the prompt. */
  decodePerSecond: number;
  prefillPerSecond: number;
}

export interface GenerationInfo {
  runtime: GeneratorKind;
  /** For people: `WebGPU (nvidia ampere)`, `WebAssembly, 2 threads`. */
  backend: string;
  contextTokens: number;
  /** From the call of `load` to the passed self-test, in ms. */
  loadMs: number;
  /** Null where the model brings no golden answers (most of the catalogue). */
  selfTest: GenerationSelfTest | null;
}
