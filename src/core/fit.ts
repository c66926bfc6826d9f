/** Which language models fit a device, which one it should take, and why: plain sentences over the probe's figures. */
import type { CatalogueEntry, DeviceProbe, Fit } from './generation-model.ts';

/** deviceMemory stops here in most browsers: a device that says 8 GiB has 8 or more. */
const MOST_TOLD_BYTES = 8 * 2 ** 30;
/** Share of the device's memory that a model may take, so that the browser and other programs have the rest. */
const MEMORY_SHARE = 0.5;
/** What is assumed where the browser does not tell. */
const ASSUMED_MEMORY_BYTES = 4 * 2 ** 30;
/** WebAssembly in a browser addresses 4 GiB; weights, cache and buffers together stay below three quarters of it. */
const MAX_WASM_BYTES = 3 * 2 ** 30;
/**
 * A first answer should not take minutes: on a processor about one token takes as long as reading all weights once
 * (memory-bound), so models above this are offered but not recommended there.
 */
const COMFORTABLE_ON_CPU_BYTES = 600_000_000;
/** Adapters that share the processor's memory, as browsers name them. */
const INTEGRATED = /intel|apple|qualcomm|adreno|arm|mali|samsung|imagination|gcn-5|rdna-2-apu/i;
/** The same rule of thumb for graphics that share memory with the processor. */
const COMFORTABLE_INTEGRATED_BYTES = 2_300_000_000;
/** And at most this share of a small memory. */
const COMFORTABLE_SHARE = 0.3;

/** Bytes that language models may take together on this device. */
export const modelMemoryBytes = ({ memoryBytes }: Pick<DeviceProbe, 'memoryBytes'>): number =>
  (memoryBytes ?? ASSUMED_MEMORY_BYTES) * MEMORY_SHARE;

export type DeviceClass = 'processor' | 'integrated' | 'discrete';

/** What does the work: graphics of its own, graphics that share memory, or the processor alone. */
export function deviceClass({ webgpu, adapter }: DeviceProbe): DeviceClass {
  if (webgpu !== 'hardware') return 'processor';
  return INTEGRATED.test(adapter) ? 'integrated' : 'discrete';
}

/** `recommended` is decided over the whole list: see `recommend`. */
export function fitOf(entry: CatalogueEntry, probe: DeviceProbe): Fit {
  const problem = problemOf(entry, probe);
  return problem === null
    ? { fits: true, recommended: false, why: whyItFits(entry, probe) }
    : { fits: false, recommended: false, why: problem };
}

/**
 * Fits of all entries, in their order, which is the catalogue's: rising in what they can do. At most one is recommended, the
 * last that runs comfortably under an open licence.
 */
export function recommend(entries: readonly CatalogueEntry[], probe: DeviceProbe): Fit[] {
  const fits = entries.map((entry) => fitOf(entry, probe));
  const limit = comfortableBytes(probe);
  const best = entries.findLastIndex(
    ({ openLicence, memoryBytes, runtime, parameters }, index) =>
      fits[index]?.fits === true &&
      openLicence &&
      parameters > 0 &&
      runtime !== 'prompt-api' &&
      memoryBytes <= limit,
  );
  return fits.map((fit, index) => (index === best ? { ...fit, recommended: true } : fit));
}

function comfortableBytes(probe: DeviceProbe): number {
  const told = probe.memoryBytes ?? ASSUMED_MEMORY_BYTES;
  switch (deviceClass(probe)) {
    case 'processor':
      return COMFORTABLE_ON_CPU_BYTES;
    case 'integrated':
      return told >= MOST_TOLD_BYTES
        ? COMFORTABLE_INTEGRATED_BYTES
        : Math.min(COMFORTABLE_INTEGRATED_BYTES, told * COMFORTABLE_SHARE);
    case 'discrete':
      return Number.POSITIVE_INFINITY;
  }
}

/** One sentence, or null if it fits. */
function problemOf(entry: CatalogueEntry, probe: DeviceProbe): string | null {
  if (entry.runtime === 'prompt-api') return promptApiProblem(probe);
  const graphics = graphicsProblem(entry, probe);
  if (graphics !== null && needsGraphics(entry)) return graphics;
  return memoryProblem(entry, probe) ?? storageProblem(entry, probe);
}

/** WebLLM always; ONNX models whose weights are 16-bit floats, which WebAssembly would have to emulate. */
const needsGraphics = ({ runtime, fallback, needs }: CatalogueEntry): boolean =>
  fallback === null &&
  (runtime === 'webllm' || (runtime === 'transformers-llm' && needs.shaderF16));

function promptApiProblem({ promptApi }: DeviceProbe): string | null {
  return promptApi === 'none' ? 'This browser brings no model of its own.' : null;
}

function graphicsProblem(
  { needs }: CatalogueEntry,
  { webgpu, shaderF16, maxBufferBytes, adapter }: DeviceProbe,
): string | null {
  if (webgpu === 'none') return 'It needs WebGPU, which this browser does not offer here.';
  if (webgpu === 'software')
    return 'It needs graphics hardware; this browser computes WebGPU on the processor, which takes minutes for an answer.';
  if (needs.shaderF16 && !shaderF16)
    return `It needs shader-f16, which this adapter (${adapter || 'unnamed'}) does not offer.`;
  if (needs.maxBufferBytes > maxBufferBytes)
    return `It needs buffers of ${size(needs.maxBufferBytes)}; this adapter stops at ${size(maxBufferBytes)}.`;
  return null;
}

function memoryProblem(entry: CatalogueEntry, probe: DeviceProbe): string | null {
  const { memoryBytes } = entry;
  const onWasm = !runsOnGraphics(entry, probe);
  if (onWasm && memoryBytes > MAX_WASM_BYTES)
    return `It needs ${size(memoryBytes)} of memory, more than a WebAssembly program may have.`;
  const told = probe.memoryBytes;
  // Memory of a graphics card is not told, nor is main memory above 8 GiB: no ground for a refusal.
  if (deviceClass(probe) === 'discrete' && !onWasm) return null;
  if (told !== null && told >= MOST_TOLD_BYTES) return null;
  const allowed = (told ?? ASSUMED_MEMORY_BYTES) * MEMORY_SHARE;
  if (memoryBytes <= allowed) return null;
  const has = told === null ? 'does not tell how much it has' : `has ${size(told)}`;
  return `It needs ${size(memoryBytes)} of memory; this device ${has}, of which a model may take half.`;
}

function storageProblem(entry: CatalogueEntry, { storage }: DeviceProbe): string | null {
  const bytes = entry.downloadBytes ?? entry.downloadBytesAbout;
  const { usedBytes, quotaBytes } = storage;
  if (bytes === null || usedBytes === null || quotaBytes === null) return null;
  // What is stored already may be this very model, so only the whole quota is a reason; the rest is checked at the start.
  return bytes > quotaBytes
    ? `Its files take ${size(bytes)}; this browser grants this site ${size(quotaBytes)}.`
    : null;
}

function whyItFits(entry: CatalogueEntry, probe: DeviceProbe): string {
  if (entry.runtime === 'prompt-api')
    return probe.promptApi === 'ready'
      ? 'The browser brings it; it is ready.'
      : 'The browser brings it and would download it itself.';
  const memory = size(entry.memoryBytes);
  if (runsOnGraphics(entry, probe))
    return `It runs on the graphics adapter (${probe.adapter || 'unnamed'}) and takes ${memory} of memory.`;
  const threads = probe.crossOriginIsolated ? Math.min(4, probe.cores) : 1;
  return `It runs on the processor (${threads} ${threads === 1 ? 'thread' : 'threads'}) and takes ${memory} of memory.`;
}

/** With WebGPU; the runtimes that can do without use it too where it is there. */
function runsOnGraphics(entry: CatalogueEntry, probe: DeviceProbe): boolean {
  return (
    entry.runtime !== 'llama-wasm' &&
    probe.webgpu === 'hardware' &&
    graphicsProblem(entry, probe) === null
  );
}

/** `1.8 GB`, `650 MB`: decimal units, as disks and networks count. */
export function size(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toLocaleString('en', { maximumFractionDigits: 1 })} GB`
    : `${Math.round(bytes / 1e6)} MB`;
}
