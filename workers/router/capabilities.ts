/** What this browser and this device can do, as far as the browser tells. */
import type { Capabilities, RuntimeState } from '../../src/core/threads.ts';

export async function capabilitiesOf(
  runtimes: Record<string, RuntimeState>,
): Promise<Capabilities> {
  const estimate = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  return {
    webgpu: 'gpu' in navigator,
    crossOriginIsolated: self.crossOriginIsolated,
    threads: self.crossOriginIsolated ? navigator.hardwareConcurrency : 1,
    storage: {
      usedBytes: estimate.usage ?? null,
      quotaBytes: estimate.quota ?? null,
      persistent: await navigator.storage.persisted().catch(() => false),
    },
    runtimes,
  };
}
