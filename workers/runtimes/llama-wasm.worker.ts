/** The thread of the runtime `llama-wasm`: our own engine for GGUF models, without WebGPU. */
import * as Comlink from 'comlink';
import { BASE_URL } from '../addresses.ts';
import { cacheStorage } from '../../src/platform/browser-storage.ts';
import { compileBuild } from './llama-wasm/builds.ts';
import { importGrammarLibrary } from './llama-wasm/grammar.ts';
import { createLanes } from './llama-wasm/lanes.ts';
import { createLlamaRuntime } from './llama-wasm/runtime.ts';

Comlink.expose(
  createLlamaRuntime({
    caches: cacheStorage(),
    baseUrl: BASE_URL,
    isolated: globalThis.crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    now: () => performance.now(),
    compile: compileBuild,
    lanes: createLanes(),
    grammarLibrary: importGrammarLibrary,
  }),
);
