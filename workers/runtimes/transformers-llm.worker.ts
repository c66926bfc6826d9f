/** The thread of the runtime `transformers-llm`. transformers.js itself is fetched when a model is loaded. */
import * as Comlink from 'comlink';
// First: see there.
import './transformers-llm/onnx-runtime.ts';
import { createTransformersRuntime } from './transformers-llm/runtime.ts';

const { caches, location, crossOriginIsolated } = globalThis;
const { gpu, hardwareConcurrency } = navigator as WorkerNavigator & { gpu?: GPU };

Comlink.expose(
  createTransformersRuntime({
    gpu,
    caches,
    baseUrl: location.origin,
    isolated: crossOriginIsolated,
    cores: hardwareConcurrency,
    now: () => performance.now(),
  }),
);
