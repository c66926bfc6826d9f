/** Asks the browser what this device can do for language models. Nothing here is stored or sent. */
import type { DeviceProbe } from '../../../src/core/generation-model.ts';

/** Names of adapters that compute on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp/i;
/** A driver that does not answer counts as none. */
const ADAPTER_WAIT_MS = 5_000;

type Graphics = Pick<DeviceProbe, 'webgpu' | 'adapter' | 'shaderF16' | 'maxBufferBytes'>;

const NO_GRAPHICS: Graphics = {
  webgpu: 'none',
  adapter: '',
  shaderF16: false,
  maxBufferBytes: 0,
};

/** `promptApi` comes from the page: the browser's own model does not exist on this thread. */
export async function probeDevice(promptApi: DeviceProbe['promptApi']): Promise<DeviceProbe> {
  const { storage, deviceMemory } = navigator as unknown as {
    storage?: StorageManager;
    deviceMemory?: number;
  };
  const none: StorageEstimate = {};
  const [graphics, estimate, persistent] = await Promise.all([
    graphicsOf(),
    storage?.estimate().catch(() => none) ?? none,
    storage?.persisted().catch(() => false) ?? false,
  ]);
  return {
    ...graphics,
    memoryBytes: deviceMemory === undefined ? null : deviceMemory * 2 ** 30,
    cores: navigator.hardwareConcurrency,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    promptApi,
    storage: {
      usedBytes: estimate.usage ?? null,
      quotaBytes: estimate.quota ?? null,
      persistent,
    },
  };
}

/** A browser that knows WebGPU may still have no adapter, e.g. on a machine without a graphics driver. */
export async function graphicsOf(): Promise<Graphics> {
  const { gpu } = navigator as { gpu?: GPU };
  if (!gpu) return NO_GRAPHICS;
  const asked = gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), ADAPTER_WAIT_MS));
  const adapter = await Promise.race([asked, late]);
  if (!adapter) return NO_GRAPHICS;
  const { info, features, limits } = adapter;
  const name = [info.vendor, info.architecture].filter((part) => part !== '').join(' ');
  const fallback = (info as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  return {
    webgpu: fallback || SOFTWARE.test(`${name} ${info.description}`) ? 'software' : 'hardware',
    adapter: name,
    shaderF16: features.has('shader-f16'),
    maxBufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
  };
}
