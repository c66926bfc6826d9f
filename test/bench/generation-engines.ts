/** The engines of the benchmark behind one call: ours and the browser peers on pages, llama.cpp on its server. */
import type { BrowserContext, Page } from '@playwright/test';
import type { ChatTurn, GenerateRequest } from '../../src/core/generation.ts';
import type { GenerationHarness } from '../browser/runtimes/generation.ts';
import type { WllamaPeer } from '../browser/runtimes/generation-bench.ts';
import { startLlama } from '../servers/llama.ts';

declare const generation: GenerationHarness;
declare const wllamaPeer: WllamaPeer;

/** Speeds of one answer, in tokens per second; decoding is NaN where fewer than two tokens came. */
export interface Speed {
  promptTokens: number;
  prefill: number;
  decode: number;
  firstTokenMs: number;
  text: string;
}

export interface BenchEngine {
  name: string;
  /** Seconds until it answers, from files that are on this disk; NaN where that says nothing. */
  loadSeconds: number;
  ask(turns: ChatTurn[], maxTokens: number, promptTokens: number): Promise<Speed>;
  stop(): Promise<void>;
}

export const CONTEXT_TOKENS = 2048;

async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/generation-bench.html`);
  await page.waitForFunction(() => 'wllamaPeer' in globalThis);
  return page;
}

/** One of our runtimes in its worker. `folder` is served with a model.json in it. */
export async function ourEngine(
  kind: 'llama-wasm' | 'transformers-llm',
  name: string,
  folder: string,
  threads: number,
  context: BrowserContext,
  url: string,
): Promise<BenchEngine> {
  const page = await openPage(context, url);
  const model = await page.evaluate((folder) => generation.store(folder), folder);
  const info = await page.evaluate(
    ([kind, model, threads]) => generation.load(kind, model, { threads }),
    [kind, model, threads] as const,
  );
  if (!info.ok) throw new Error(`${name}: ${info.failure.message}`);
  return {
    name: `${name} (${info.value.backend})`,
    loadSeconds: info.value.loadMs / 1000,
    ask: async (turns, maxTokens) => {
      const changes: Partial<GenerateRequest> = { maxTokens };
      const { result } = await page.evaluate(
        ([kind, turns, changes]) => generation.ask(kind, turns, changes),
        [kind, turns, changes] as const,
      );
      if (!result.ok) throw new Error(`${name}: ${result.failure.message}`);
      const { promptTokens, firstTokenMs, tookMs, tokens, text } = result.value;
      return speedOf(promptTokens, firstTokenMs, tookMs, tokens.length, text);
    },
    stop: () => page.close(),
  };
}

export async function wllamaEngine(
  folder: string,
  threads: number,
  context: BrowserContext,
  url: string,
): Promise<BenchEngine> {
  const page = await openPage(context, url);
  const loadMs = await page.evaluate(
    ([folder, tokens, threads]) => wllamaPeer.load(folder, tokens, threads),
    [folder, CONTEXT_TOKENS, threads] as const,
  );
  return {
    name: '@wllama/wllama 2.4.0',
    loadSeconds: loadMs / 1000,
    ask: async (turns, maxTokens, promptTokens) => {
      const sample = await page.evaluate(([turns, maxTokens]) => wllamaPeer.ask(turns, maxTokens), [
        turns,
        maxTokens,
      ] as const);
      return speedOf(promptTokens, sample.firstTokenMs, sample.tookMs, sample.tokens, sample.text);
    },
    stop: () => page.close(),
  };
}

function speedOf(
  promptTokens: number,
  firstTokenMs: number,
  tookMs: number,
  tokens: number,
  text: string,
): Speed {
  return {
    promptTokens,
    prefill: (promptTokens / firstTokenMs) * 1000,
    decode: tokens > 1 ? ((tokens - 1) / (tookMs - firstTokenMs)) * 1000 : NaN,
    firstTokenMs,
    text,
  };
}

interface Timings {
  choices: [{ message: { content: string } }];
  timings: { prompt_n: number; prompt_ms: number; predicted_n: number; predicted_ms: number };
}

/** llama.cpp itself, compiled for this machine. Null, with the reason printed, where it cannot start. */
export async function nativeEngine(gguf: string, threads: number): Promise<BenchEngine | null> {
  const started = await startLlama({ gguf, threads });
  if ('skipped' in started) {
    console.log(`native llama.cpp left out: ${started.skipped}`);
    return null;
  }
  const { server } = started;
  return {
    name: 'native llama.cpp',
    loadSeconds: NaN,
    ask: async (turns, maxTokens) => {
      const response = await fetch(`${server.baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          messages: turns,
          max_tokens: maxTokens,
          temperature: 0,
          cache_prompt: false,
        }),
      });
      const { timings, choices } = (await response.json()) as Timings;
      const tookMs = timings.prompt_ms + timings.predicted_ms;
      const text = choices[0].message.content;
      return speedOf(timings.prompt_n, timings.prompt_ms, tookMs, timings.predicted_n, text);
    },
    stop: () => server.stop(),
  };
}
