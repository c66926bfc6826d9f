/** Page side of the benchmark of text-generating runtimes: our runtimes through generation.ts, and @wllama/wllama beside them. */
import { Wllama } from '@wllama/wllama/esm/index.js';
import multiThreadUrl from '@wllama/wllama/esm/multi-thread/wllama.wasm?url';
import singleThreadUrl from '@wllama/wllama/esm/single-thread/wllama.wasm?url';
import type { ChatTurn } from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import './generation.ts';

/** One answer; times from its start, in ms. */
export interface Sample {
  firstTokenMs: number;
  tookMs: number;
  /** Produced tokens. */
  tokens: number;
  text: string;
}

let wllama: Wllama | null = null;

const wllamaPeer = {
  /** Milliseconds from the joined shards to a loaded model. */
  async load(folder: string, contextTokens: number, threads: number): Promise<number> {
    const model = (await (await fetch(`${folder}/model.json`)).json()) as GenerationModel;
    const shards: Blob[] = [];
    for (const { path, role } of model.files)
      if (role === 'weights') shards.push(await (await fetch(`${folder}/${path}`)).blob());
    const startedAt = performance.now();
    wllama = new Wllama(
      {
        'single-thread/wllama.wasm': new URL(singleThreadUrl, location.href).href,
        'multi-thread/wllama.wasm': new URL(multiThreadUrl, location.href).href,
      },
      { suppressNativeLog: true },
    );
    await wllama.loadModel([new Blob(shards)], { n_ctx: contextTokens, n_threads: threads });
    return performance.now() - startedAt;
  },
  async ask(turns: ChatTurn[], maxTokens: number): Promise<Sample> {
    if (wllama === null) throw new Error('wllama is not loaded');
    let firstTokenMs = 0;
    let tokens = 0;
    const startedAt = performance.now();
    const text = await wllama.createChatCompletion(turns as never, {
      nPredict: maxTokens,
      sampling: { temp: 0 },
      useCache: false,
      onNewToken: () => {
        firstTokenMs ||= performance.now() - startedAt;
        tokens++;
      },
    });
    return { firstTokenMs, tookMs: performance.now() - startedAt, tokens, text };
  },
};
export type WllamaPeer = typeof wllamaPeer;

Object.assign(globalThis, { wllamaPeer });
