/** The thread of the runtime `webllm`. WebLLM itself is fetched when a model is loaded. */
import * as Comlink from 'comlink';
import { createWebllmRuntime } from './webllm/runtime.ts';

// Taken before WebLLM gets others in their place.
const { caches, location } = globalThis;
const { gpu } = navigator as { gpu?: GPU };

Comlink.expose(
  createWebllmRuntime({ gpu, caches, baseUrl: location.origin, now: () => performance.now() }),
);
