/** Sentences of the models page: what the device can do, what a model needs, and how it was measured here. */
import type { GenerationInfo, GeneratorKind } from '../../core/generation.ts';
import type { DeviceProbe, ModelCard, ModelPhase } from '../../core/generation-model.ts';
import { isBuiltIn, isHere } from '../../state/models.svelte.ts';
import { count, counted, duration, share, size } from '../figures.ts';

export const PHASE_WORDS: Record<ModelPhase, string> = {
  absent: 'Not here',
  downloading: 'Downloading',
  paused: 'Paused',
  stored: 'On this disk',
  loading: 'Loading',
  ready: 'In memory',
  failed: 'Failed',
};

export const RUNTIME_WORDS: Record<GeneratorKind, string> = {
  webllm: 'WebGPU',
  'llama-wasm': 'WebAssembly',
  'transformers-llm': 'transformers.js',
  'prompt-api': 'The browser’s own model',
};

export interface Fact {
  name: string;
  value: string;
  detail: string;
}

/** What the browser tells of the device, in plain words. */
export function factsOf(probe: DeviceProbe): Fact[] {
  const { storage, cores, crossOriginIsolated: isIsolated } = probe;
  return [
    gpuFact(probe),
    {
      name: 'Processor',
      value: counted(cores, 'core'),
      detail: isIsolated
        ? `up to ${counted(Math.min(4, cores), 'thread')} for a model`
        : 'one thread only: the page is not isolated',
    },
    {
      name: 'Memory',
      value: probe.memoryBytes === null ? 'Not told' : memoryWords(probe.memoryBytes),
      detail: 'as the browser tells it, rounded',
    },
    {
      name: 'Storage',
      value: storage.usedBytes === null ? 'Not told' : `${size(storage.usedBytes)} used`,
      detail:
        (storage.quotaBytes === null ? '' : `of ${size(storage.quotaBytes)} allowed, `) +
        (storage.persistent ? 'kept until you delete it' : 'the browser may clear it when full'),
    },
  ];
}

/** Browsers tell at most 8 GiB. */
const memoryWords = (bytes: number): string =>
  bytes >= 8 * 2 ** 30 ? `at least ${size(8e9)}` : `about ${size(bytes)}`;

function gpuFact({ webgpu, adapter, shaderF16, maxBufferBytes }: DeviceProbe): Fact {
  if (webgpu === 'none')
    return { name: 'Graphics', value: 'No WebGPU', detail: 'models run on the processor' };
  const half = shaderF16 ? 'half precision (shader-f16)' : 'no half precision (shader-f16)';
  return {
    name: 'Graphics',
    value: webgpu === 'hardware' ? adapter || 'WebGPU' : 'WebGPU in software',
    detail: `${half}, buffers up to ${size(maxBufferBytes)}`,
  };
}

/** "135 M parameters", "3.8 B parameters". */
export const parameterWords = (n: number): string =>
  n >= 1e9 ? `${(n / 1e9).toFixed(1)} B parameters` : `${Math.round(n / 1e6)} M parameters`;

export const contextWords = (tokens: number): string =>
  tokens >= 1024 ? `${count(Math.round(tokens / 1024))} K tokens` : `${count(tokens)} tokens`;

/** What has to be fetched: exact, or "about 2.1 GB" where only an estimate is known. */
export function downloadWords(card: ModelCard): string {
  const { downloadBytes, downloadBytesAbout } = card.entry;
  const exact = card.totalBytes > 0 ? card.totalBytes : downloadBytes;
  if (exact !== null) return size(exact);
  if (downloadBytesAbout !== null) return `about ${size(downloadBytesAbout)}`;
  return isBuiltIn(card) ? 'none' : 'not known';
}

/** Where its files come from. */
export function sourceWords(card: ModelCard): string {
  const { shipped, entry } = card;
  if (shipped) return 'Comes with this app';
  if (isBuiltIn(card)) return 'Built into the browser';
  return entry.hub ? entry.hub.repository : 'From a mirror or a folder';
}

/** How fast it is here and how it compared with its golden answers. */
export function measuredWords({ backend, loadMs, selfTest }: GenerationInfo): string {
  const loaded = `${backend} · loaded in ${duration(loadMs)}`;
  if (!selfTest) return `${loaded} · brings no golden answers, so it was not tested`;
  const { tokens, equalTokens, worstLogprobGap, allowedLogprobGap } = selfTest;
  return (
    `${loaded} · writes ${rate(selfTest.decodePerSecond)} and reads ` +
    `${rate(selfTest.prefillPerSecond)} tok/s · self-test: ${share(equalTokens)} of ` +
    `${count(tokens)} tokens equal, largest gap ${worstLogprobGap.toFixed(3)} of ` +
    `${allowedLogprobGap} nats allowed`
  );
}

const rate = (perSecond: number): string =>
  perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);

/** Recommended first, then what is here, then the rest as it came. */
export const inOrder = (cards: readonly ModelCard[]): ModelCard[] => {
  const rank = (card: ModelCard): number => (card.fit.recommended ? 0 : isHere(card) ? 1 : 2);
  return [...cards].sort((a, b) => rank(a) - rank(b));
};

/** What does not fit is folded, unless some of it is here already. */
export const isFolded = (card: ModelCard): boolean => !card.fit.fits && card.phase === 'absent';
