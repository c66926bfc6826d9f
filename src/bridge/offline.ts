/** Registers the offline shell. A new version waits until the person agrees, and then only the tab that asked reloads. */
import { buildLockOf, type FleetPart, type KeptFleet, type ToShell } from '../core/offline.ts';

/** A tab that is shown again asks for a newer version at most this often. */
const ASK_AGAIN_MS = 60 * 60_000;

export interface OfflineOptions {
  /** The part of the fleet that is fetched for offline use; of the rest, what was used is there without a network. */
  keep: FleetPart;
  /** Resolves when the models answer; only then is this part fetched. */
  modelsReady: Promise<unknown>;
  /** A newer version is there. `apply` switches to it and reloads this page. */
  onUpdateReady?: (apply: () => Promise<void>) => void;
  /** Another tab has switched to a newer version. This page goes on with its own files until `reload`. */
  onUpdatedElsewhere?: (reload: () => void) => void;
  /** Page and fleet are kept for the first time: from now on both work without a network. */
  onOfflineReady?: () => void;
}

/** Does nothing where the browser has no service workers, or refuses them to this frame. */
export function registerOffline(options: OfflineOptions): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  holdBuild();
  void register(options).catch(() => undefined); // storage is blocked, or the frame is sandboxed: no offline use
}

async function register(options: OfflineOptions): Promise<void> {
  const scope = new URL(import.meta.env.BASE_URL, location.href);
  const registration = await navigator.serviceWorker.register(new URL('service-worker.js', scope), {
    scope: scope.pathname,
  });
  followUpdates(registration, options);
  const { active } = await navigator.serviceWorker.ready;
  tell(active, { type: 'CLEAN_UP' });
  await options.modelsReady;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<KeptFleet>) => {
    if (data.added > 0) options.onOfflineReady?.();
    port1.close();
  };
  tell((await navigator.serviceWorker.ready).active, { type: 'KEEP_FLEET', part: options.keep }, [
    port2,
  ]);
}

const tell = (shell: ServiceWorker | null, message: ToShell, transfer: Transferable[] = []): void =>
  shell?.postMessage(message, transfer);

/** As long as this page lives, the shell keeps the files of its build. */
function holdBuild(): void {
  const entry = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src;
  if (entry === undefined || !('locks' in navigator)) return;
  const forever = new Promise<never>(() => undefined);
  // Refused where storage is blocked: then there is no shell either.
  navigator.locks
    .request(buildLockOf(entry), { mode: 'shared' }, () => forever)
    .catch(() => undefined);
}

function followUpdates(registration: ServiceWorkerRegistration, options: OfflineOptions): void {
  let agreed = false;
  const reload = (): void => location.reload();
  const apply = (): Promise<void> => {
    agreed = true;
    // Gone when another tab has switched meanwhile: then the page only has to be loaded anew.
    if (registration.waiting) {
      tell(registration.active, { type: 'MAKE_WAY' });
      tell(registration.waiting, { type: 'SKIP_WAITING' });
    } else reload();
    return Promise.resolve();
  };
  const offer = (): void => {
    // The very first version does not wait for anybody.
    if (registration.waiting && registration.active) options.onUpdateReady?.(apply);
  };
  offer();
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') offer();
    });
  });
  let before = navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    const isFirst = before === null;
    before = navigator.serviceWorker.controller;
    if (agreed) reload();
    else if (!isFirst) options.onUpdatedElsewhere?.(reload);
  });
  askAgain(registration);
}

/** Tabs stay open for days; a browser looks for a new version only when a page is opened. */
function askAgain(registration: ServiceWorkerRegistration): void {
  let asked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - asked < ASK_AGAIN_MS) return;
    asked = Date.now();
    void registration.update().catch(() => undefined); // offline: next time
  });
}
