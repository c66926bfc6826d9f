/** The thread of the runtime `llama-wasm`: our own engine for GGUF models, without WebGPU. */
import * as Comlink from 'comlink';
import { compileBuild } from './llama-wasm/builds.ts';
import { importGrammarLibrary } from './llama-wasm/grammar.ts';
import { createLanes } from './llama-wasm/lanes.ts';
import { createLlamaRuntime } from './llama-wasm/runtime.ts';

const { caches, location, crossOriginIsolated } = globalThis;

Comlink.expose(
  createLlamaRuntime({
    caches,
    baseUrl: location.origin,
    isolated: crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    now: () => performance.now(),
    compile: compileBuild,
    lanes: createLanes(),
    grammarLibrary: importGrammarLibrary,
  }),
);
