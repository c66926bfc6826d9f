/** The thread of the runtime `transformers-llm`. transformers.js itself is fetched when a model is loaded. */
import * as Comlink from 'comlink';
// First: see there.
import './transformers-llm/onnx-runtime.ts';
import { BASE_URL } from '../addresses.ts';
import { cacheStorage } from '../../src/platform/browser-storage.ts';
import { createTransformersRuntime } from './transformers-llm/runtime.ts';

const { gpu, hardwareConcurrency } = navigator as WorkerNavigator & { gpu?: GPU };

Comlink.expose(
  createTransformersRuntime({
    gpu,
    caches: cacheStorage(),
    baseUrl: BASE_URL,
    isolated: globalThis.crossOriginIsolated,
    cores: hardwareConcurrency,
    now: () => performance.now(),
  }),
);
