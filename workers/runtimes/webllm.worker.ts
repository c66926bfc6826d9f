/** The thread of the runtime `webllm`. WebLLM itself is fetched when a model is loaded. */
import * as Comlink from 'comlink';
import { BASE_URL } from '../addresses.ts';
import { cacheStorage } from '../../src/platform/browser-storage.ts';
import { createWebllmRuntime } from './webllm/runtime.ts';

// Taken before WebLLM gets another in its place.
const caches = cacheStorage();
const { gpu } = navigator as { gpu?: GPU };

Comlink.expose(
  createWebllmRuntime({ gpu, caches, baseUrl: BASE_URL, now: () => performance.now() }),
);
