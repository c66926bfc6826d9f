/** What this browser and this device can do, as far as the browser tells. */
import type { Capabilities, RuntimeState } from '../../src/core/threads.ts';
import { ensureStorage } from '../../src/platform/browser-storage.ts';
import { graphicsOf } from './models/probe.ts';

export async function capabilitiesOf(
  runtimes: Record<string, RuntimeState>,
): Promise<Capabilities> {
  const [graphics, storage] = await Promise.all([graphicsOf(), storageOf()]);
  return {
    webgpu: graphics.webgpu !== 'none',
    crossOriginIsolated: self.crossOriginIsolated,
    threads: self.crossOriginIsolated ? navigator.hardwareConcurrency : 1,
    storage,
    runtimes,
  };
}

async function storageOf(): Promise<Capabilities['storage']> {
  const kind = await ensureStorage();
  if (kind === 'memory') return { kind, usedBytes: null, quotaBytes: null, persistent: false };
  const { storage } = navigator as { storage?: StorageManager };
  const { usage = null, quota = null } =
    (await storage?.estimate().catch((): StorageEstimate => ({}))) ?? {};
  const persistent = (await storage?.persisted().catch(() => false)) ?? false;
  return { kind, usedBytes: usage, quotaBytes: quota, persistent };
}
