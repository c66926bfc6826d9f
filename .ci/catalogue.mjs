/**
 * The catalogue of language models: `node .ci/catalogue.mjs` writes public/fleet/catalogue.json.
 *
 * Names, memory, context, features and library addresses of WebLLM's models are read from the installed package. What it
 * does not say stands in MODELS: licence and parameters as published on the models' cards. No download size is published
 * in one place, so sizes are estimates from parameters and quantisation, rounded to two digits, unless said otherwise.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { ROOT } from './project.mjs';

export const CATALOGUE = join(ROOT, 'public/fleet/catalogue.json');

/**
 * @typedef {import('../src/core/generation-model.ts').CatalogueEntry} Entry
 * @typedef {{ id: string, family: string, title: string, licence: string, parameters: number, goodFor: string }} Facts
 */

/** Licences that ask for more than attribution: a use policy that is passed on, or an agreement. */
const CLOSED_LICENCES = ['llama3.2', 'gemma', 'chrome'];

/** 4-bit weights in groups of 32 with one 16-bit scale each: (4 · 32 + 16) / 32 bits. */
const Q4_BITS = 4.5;
/** WebLLM starts where an adapter binds 128 MiB (its fallback), so that is what a model without a figure needs. */
const LEAST_BUFFER_BYTES = 2 ** 27;
const MEBIBYTE = 2 ** 20;

/** Of WebLLM's list, by its model_id. @type {Record<string, Facts>} */
const WEBLLM = {
  'SmolLM2-360M-Instruct-q4f16_1-MLC': {
    id: 'smollm2-360m',
    family: 'SmolLM2',
    title: 'SmolLM2 360M Instruct',
    licence: 'apache-2.0',
    parameters: 361_821_120,
    goodFor: 'Short answers and rewriting in English on small graphics.',
  },
  'Qwen2.5-0.5B-Instruct-q4f16_1-MLC': {
    id: 'qwen2.5-0.5b',
    family: 'Qwen2.5',
    title: 'Qwen2.5 0.5B Instruct',
    licence: 'apache-2.0',
    parameters: 494_032_768,
    goodFor: 'Short answers and JSON in many languages, with little memory.',
  },
  'Qwen3-0.6B-q4f16_1-MLC': {
    id: 'qwen3-0.6b',
    family: 'Qwen3',
    title: 'Qwen3 0.6B',
    licence: 'apache-2.0',
    parameters: 596_049_920,
    goodFor: 'Short answers in many languages; can think before it answers.',
  },
  'gemma3-1b-it-q4f16_1-MLC': {
    id: 'gemma3-1b',
    family: 'Gemma 3',
    title: 'Gemma 3 1B',
    licence: 'gemma',
    parameters: 999_885_952,
    goodFor: 'Summaries and replies, with little memory.',
  },
  'Llama-3.2-1B-Instruct-q4f16_1-MLC': {
    id: 'llama3.2-1b',
    family: 'Llama 3.2',
    title: 'Llama 3.2 1B Instruct',
    licence: 'llama3.2',
    parameters: 1_235_814_400,
    goodFor: 'Summaries and replies in the larger European languages.',
  },
  'Qwen2.5-1.5B-Instruct-q4f16_1-MLC': {
    id: 'qwen2.5-1.5b',
    family: 'Qwen2.5',
    title: 'Qwen2.5 1.5B Instruct',
    licence: 'apache-2.0',
    parameters: 1_543_714_304,
    goodFor: 'Extraction to JSON, summaries and replies in many languages.',
  },
  'SmolLM2-1.7B-Instruct-q4f16_1-MLC': {
    id: 'smollm2-1.7b',
    family: 'SmolLM2',
    title: 'SmolLM2 1.7B Instruct',
    licence: 'apache-2.0',
    parameters: 1_711_376_384,
    goodFor: 'Summaries, rewriting and replies in English.',
  },
  'Qwen3-1.7B-q4f16_1-MLC': {
    id: 'qwen3-1.7b',
    family: 'Qwen3',
    title: 'Qwen3 1.7B',
    licence: 'apache-2.0',
    parameters: 1_720_574_976,
    goodFor: 'Summaries, extraction and replies in many languages; can think before it answers.',
  },
  'Llama-3.2-3B-Instruct-q4f16_1-MLC': {
    id: 'llama3.2-3b',
    family: 'Llama 3.2',
    title: 'Llama 3.2 3B Instruct',
    licence: 'llama3.2',
    parameters: 3_212_749_824,
    goodFor: 'Longer summaries and replies in the larger European languages.',
  },
  'Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC': {
    id: 'ministral3-3b',
    family: 'Ministral 3',
    title: 'Ministral 3 3B Instruct',
    licence: 'apache-2.0',
    parameters: 3_400_000_000,
    goodFor: 'Replies, extraction and tools in many languages (text only here).',
  },
  'Phi-4-mini-instruct-q4f16_1-MLC': {
    id: 'phi4-mini',
    family: 'Phi-4',
    title: 'Phi-4 mini Instruct',
    licence: 'mit',
    parameters: 3_836_021_760,
    goodFor: 'Reasoning over a text, extraction and tools.',
  },
  'Qwen3-4B-q4f16_1-MLC': {
    id: 'qwen3-4b',
    family: 'Qwen3',
    title: 'Qwen3 4B',
    licence: 'apache-2.0',
    parameters: 4_022_468_096,
    goodFor: 'The hardest tasks of this list: reasoning, long replies, tools, many languages.',
  },
  'gemma-4-E2B-it-q4f16_1-MLC': {
    id: 'gemma4-e2b',
    family: 'Gemma 4',
    title: 'Gemma 4 E2B',
    licence: 'apache-2.0',
    parameters: 5_100_000_000,
    goodFor:
      'Replies and summaries in many languages (text only here; 2.3 billion parameters at work per token).',
  },
};

/** What ships with the build: figures from its own model.json, as fleet.json names it. @returns {Entry[]} */
function shipped() {
  const fleet = join(ROOT, 'public/fleet');
  /** @type {{ id: string, manifest: { path: string } }[]} */
  const generators = readJson(join(fleet, 'fleet.json')).generators ?? [];
  return generators.map(({ manifest }) => {
    /** @type {import('../src/core/generation-model.ts').GenerationModel} */
    const model = readJson(join(fleet, manifest.path));
    const [runtime = 'llama-wasm', fallback = null] = model.runtimes;
    return {
      id: model.id,
      family: 'SmolLM2',
      title: model.title,
      licence: model.passport.licence,
      openLicence: true,
      parameters: 134_515_008,
      // A file that has two roles is fetched once.
      downloadBytes: [
        ...new Map(model.files.map((file) => [file.sha256, file.bytes])).values(),
      ].reduce((sum, bytes) => sum + bytes, 0),
      downloadBytesAbout: null,
      memoryBytes: model.memoryBytes,
      contextTokens: model.contextTokens,
      runtime,
      fallback,
      needs: model.needs,
      hub: null,
      goodFor: 'Works everywhere, and offline: label choice and short English answers.',
    };
  });
}

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** ONNX models for @huggingface/transformers. @type {(Facts & { repository: string, file: string, about: number, f16: boolean, context: number })[]} */
const ONNX = [
  {
    id: 'smollm2-360m-onnx',
    family: 'SmolLM2',
    title: 'SmolLM2 360M Instruct (without WebGPU)',
    licence: 'apache-2.0',
    parameters: 361_821_120,
    repository: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    file: 'onnx/model_q4.onnx',
    // 417 MB of weights by the repository's listing, and the tokenizer.
    about: 420_000_000,
    f16: false,
    context: 4096,
    goodFor: 'Short English answers on a processor with some memory to spare.',
  },
  {
    id: 'smollm3-3b',
    family: 'SmolLM3',
    title: 'SmolLM3 3B',
    licence: 'apache-2.0',
    parameters: 3_075_098_624,
    repository: 'HuggingFaceTB/SmolLM3-3B-ONNX',
    file: 'onnx/model_q4f16.onnx',
    about: sizeAbout(3_075_098_624),
    f16: true,
    context: 4096,
    goodFor: 'Reasoning, long replies and tools in six European languages.',
  },
];

/** Bytes of 4-bit weights, rounded to two digits. @param {number} parameters */
function sizeAbout(parameters) {
  return Number(((parameters * Q4_BITS) / 8).toPrecision(2));
}

/**
 * @param {string} modelId of WebLLM's list
 * @param {Facts} facts
 * @returns {Entry}
 */
function fromWebLlm(modelId, facts) {
  const record = prebuiltAppConfig.model_list.find((one) => one.model_id === modelId);
  const context = record?.overrides?.context_window_size;
  if (!record?.vram_required_MB || !context)
    throw new Error(`The installed @mlc-ai/web-llm does not list ${modelId}.`);
  const halfFloats = record.required_features?.includes('shader-f16') ?? false;
  return {
    ...facts,
    openLicence: !CLOSED_LICENCES.includes(facts.licence),
    downloadBytes: null,
    downloadBytesAbout: sizeAbout(facts.parameters),
    memoryBytes: Math.round(record.vram_required_MB * MEBIBYTE),
    contextTokens: context,
    runtime: 'webllm',
    fallback: null,
    needs: {
      // q4f16 computes in 16-bit floats, also where the list does not say so.
      shaderF16: halfFloats || /q\df16/.test(modelId),
      maxBufferBytes: Math.max(LEAST_BUFFER_BYTES, record.buffer_size_required_bytes ?? 0),
    },
    hub: {
      repository: new URL(record.model).pathname.slice(1),
      revision: 'main',
      weights: 'params_shard_',
      library: record.model_lib,
    },
  };
}

/**
 * @param {(typeof ONNX)[number]} model
 * @returns {Entry}
 */
function fromOnnx({ repository, file, about, f16, context, ...facts }) {
  return {
    ...facts,
    openLicence: !CLOSED_LICENCES.includes(facts.licence),
    downloadBytes: null,
    downloadBytesAbout: about,
    // The engine's copy of the weights beside the file's bytes while it loads: twice without WebGPU, half as much again with.
    memoryBytes: Number((about * (f16 ? 1.5 : 2)).toPrecision(2)),
    contextTokens: context,
    runtime: 'transformers-llm',
    fallback: null,
    needs: { shaderF16: f16, maxBufferBytes: f16 ? LEAST_BUFFER_BYTES : 0 },
    hub: { repository, revision: 'main', weights: file, library: null },
  };
}

/** Chrome brings it itself, in a size that it chooses; nothing of it passes through here. @type {Entry} */
const BUILT_IN = {
  id: 'gemini-nano',
  family: 'Gemini Nano',
  title: 'Gemini Nano (built into Chrome)',
  licence: 'chrome',
  openLicence: false,
  parameters: 0,
  downloadBytes: null,
  downloadBytesAbout: null,
  memoryBytes: 0,
  contextTokens: 4096,
  runtime: 'prompt-api',
  fallback: null,
  needs: { shaderF16: false, maxBufferBytes: 0 },
  hub: null,
  goodFor:
    'Drafts, where the browser has it. It gives no probabilities, so no answer of it is certified.',
};

/** Parameters that work on each token, where these are not all: the others are looked up. @type {Record<string, number>} */
const AT_WORK = { 'gemma4-e2b': 2_300_000_000 };

/**
 * The whole catalogue, in rising order of what the models can be expected to do: by parameters at work.
 * @returns {{ schema: 1, models: Entry[] }}
 */
export function catalogue() {
  const webllm = Object.entries(WEBLLM).map(([id, facts]) => fromWebLlm(id, facts));
  const atWork = (/** @type {Entry} */ { id, parameters }) => AT_WORK[id] ?? parameters;
  const models = [...shipped(), ...webllm, ...ONNX.map(fromOnnx)];
  return { schema: 1, models: [...models.sort((a, b) => atWork(a) - atWork(b)), BUILT_IN] };
}

/** The file's text. */
export const catalogueText = () => `${JSON.stringify(catalogue(), null, 2)}\n`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(CATALOGUE, catalogueText());
  console.log(`${CATALOGUE}: ${catalogue().models.length} models`);
}
