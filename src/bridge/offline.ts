/** Registers the offline shell. A new version waits until the person agrees; nothing reloads by itself. */
import { registerSW } from 'virtual:pwa-register';

export interface OfflineOptions {
  /** Resolves when the models answer; only then are the rest of the files fetched for offline use. */
  modelsReady: Promise<unknown>;
  /** A newer version is there. `apply` switches to it and reloads the page. */
  onUpdateReady: (apply: () => Promise<void>) => void;
}

export function registerOffline({ modelsReady, onUpdateReady }: OfflineOptions): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const apply = registerSW({ immediate: false, onNeedRefresh: () => onUpdateReady(() => apply(true)) });
  void modelsReady.then(async () => {
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ type: 'KEEP_FLEET' });
  });
}
