// Asks plain WebLLM, in a real Chromium on its software adapter, for the golden answers, with either library.
// usage: node check.mjs MODEL_FOLDER SHARDS_FOLDER software|library [PROMPTS] [TOKENS] [PIECE]
//   MODEL_FOLDER: what build.sh made; SHARDS_FOLDER: what `python -m recipe.mlc_shards` made of the same weights.
//   PIECE: read prompts in pieces of so many tokens; a small one tests attention over the cache and the merge of results.
// Needs the project's node_modules and Debian's chromium (or CHROME_PATH).
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join, basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';

const [model, shards, library, prompts = '99', tokens = '16', piece = '512'] =
  process.argv.slice(2);
const webllm = fileURLToPath(import.meta.resolve('@mlc-ai/web-llm'));
const PAGE = `<!doctype html><title>check</title><script type="module">
import { MLCEngine } from '/web-llm.js';
window.load = async () => {
  const base = location.origin + '/model/resolve/main/';
  window.engine = new MLCEngine({ appConfig: { useIndexedDBCache: false, model_list: [
    { model: base, model_id: 'checked', model_lib: base + '${library}.wasm' } ] } });
  await window.engine.reload('checked');
  window.engine.loadedModelIdToPipeline.get('checked').prefillChunkSize = ${Number(piece)};
};
window.ask = async (messages, maxTokens, schema) => {
  await window.engine.resetChat();
  return window.engine.chat.completions.create({ messages, max_tokens: maxTokens, temperature: 1, top_p: 1e-5,
    logprobs: true, top_logprobs: 5, ...(schema && { response_format: { type: 'json_object', schema } }) });
};
window.ready = true;
</script>`;

async function content(path) {
  if (path === '/') return ['text/html', PAGE];
  if (path === '/web-llm.js') return ['text/javascript', await readFile(webllm)];
  const name = basename(path);
  if (/^(tensor-cache\.json|params_shard_\d+\.bin)$/.test(name))
    return ['application/octet-stream', await readFile(join(shards, name))];
  if (name === 'mlc-chat-config.json')
    return ['application/json', await readFile(join(model, name))];
  const type = name.endsWith('.wasm') ? 'application/wasm' : 'application/json';
  return [type, gunzipSync(await readFile(join(model, `${name}.gzip`)))];
}

const server = createServer((request, response) => {
  content(new URL(request.url, 'http://x').pathname).then(
    ([type, body]) => response.writeHead(200, { 'content-type': type }).end(body),
    () => response.writeHead(404).end(),
  );
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

const golden = JSON.parse(await readFile(join(model, 'golden.json'), 'utf8'));
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--enable-features=Vulkan',
  ],
});
let wrong = 0;

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.log(message.text().slice(0, 2000));
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction('window.ready');
  let start = performance.now();
  await page.evaluate('window.load()');
  console.log(`${library}: loaded in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  for (const prompt of [...golden.prompts, ...golden.schemaPrompts].slice(0, Number(prompts))) {
    const wanted = prompt.tokens.slice(0, Number(tokens));
    start = performance.now();
    const answer = await page.evaluate(
      ([t, n, s]) => window.ask(t, n, s),
      [prompt.turns, wanted.length, prompt.schema],
    );
    const seconds = (performance.now() - start) / 1000;
    const got = answer.choices[0].logprobs.content;
    const same = wanted.every((text, index) => got[index]?.token === text);
    const gaps = wanted.map((_, index) =>
      Math.abs((got[index]?.logprob ?? 99) - prompt.logprobs[index]),
    );
    const near = Math.max(...gaps) <= golden.allowedLogprobGap;
    if (!same || !near) wrong += 1;
    const { extra } = answer.usage;
    console.log(
      `${same && near ? 'right' : 'WRONG'} ${JSON.stringify(answer.choices[0].message.content)}: worst gap ${Math.max(...gaps).toFixed(4)}, ` +
        `${seconds.toFixed(1)} s, prompt ${extra?.prefill_tokens_per_s?.toFixed(1)}/s, answer ${extra?.decode_tokens_per_s?.toFixed(1)}/s`,
    );
  }
} finally {
  await browser.close();
  server.close();
}
process.exitCode = wrong === 0 ? 0 : 1;
