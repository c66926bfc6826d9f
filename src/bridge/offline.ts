/** Registers the offline shell. A new version waits until the person agrees; nothing reloads by itself. */
import { registerSW } from 'virtual:pwa-register';

export interface OfflineOptions {
  /** Resolves when the models answer; only then is the rest of the fleet fetched for offline use. */
  modelsReady: Promise<unknown>;
  /** A newer version is there. `apply` switches to it and reloads the page. */
  onUpdateReady: (apply: () => Promise<void>) => void;
  /** Page and fleet are kept for the first time: from now on both work without a network. */
  onOfflineReady: () => void;
}

export function registerOffline({
  modelsReady,
  onUpdateReady,
  onOfflineReady,
}: OfflineOptions): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const apply = registerSW({ onNeedRefresh: () => onUpdateReady(() => apply(true)) });
  void modelsReady
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<{ added: number }>) => {
        if (data.added > 0) onOfflineReady();
        port1.close();
      };
      active?.postMessage({ type: 'KEEP_FLEET' }, [port2]);
    });
}
