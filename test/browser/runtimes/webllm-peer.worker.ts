/** The peer of the benchmark: WebLLM by itself in a worker, with its own loop and its own downloads. */
import { MLCEngine } from '@mlc-ai/web-llm';

interface Question {
  /** Folder of the model; the first message brings it. */
  base?: string;
  messages?: { role: 'system' | 'user'; content: string }[];
  maxTokens?: number;
}

let engine: MLCEngine | null = null;

async function open(base: string): Promise<void> {
  const model_list = [{ model: base, model_id: 'peer', model_lib: `${base}library.wasm` }];
  engine = new MLCEngine({ logLevel: 'SILENT', appConfig: { model_list } });
  await engine.reload('peer');
}

async function ask({ messages = [], maxTokens = 16 }: Question): Promise<number> {
  if (engine === null) throw new Error('no model');
  const chunks = await engine.chat.completions.create({
    messages,
    temperature: 0,
    max_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  });
  let tokens = 0;
  for await (const { choices, usage } of chunks) {
    if (choices[0]?.delta.content) self.postMessage({ delta: choices[0].delta.content });
    tokens = usage?.completion_tokens ?? tokens;
  }
  return tokens;
}

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  try {
    if (data.base !== undefined) await open(data.base);
    self.postMessage({ done: data.base === undefined ? await ask(data) : 0 });
  } catch (cause) {
    self.postMessage({ error: String(cause) });
  }
};
