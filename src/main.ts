/** Composition root of the page: connects to the router thread, mounts the app, offers `window.flotilla`. */
import { mount } from 'svelte';
import { openArrivals } from './bridge/arrival-store.ts';
import { ensureStorage } from './platform/browser-storage.ts';
import { openChats } from './bridge/chat-store.ts';
import { connectEngine } from './bridge/connect.ts';
import { openHistory } from './bridge/history-store.ts';
import { openBadge, openInstall } from './bridge/install.ts';
import { connectIntake } from './bridge/intake.ts';
import { openLaunches } from './bridge/launches.ts';
import { deleteLocalData } from './bridge/local-data.ts';
import { registerOffline } from './bridge/offline.ts';
import { openBrowserModel } from './bridge/prompt-api.ts';
import { openStoredData } from './bridge/stored-data.ts';
import type { Flotilla } from './core/threads.ts';
import { Shell } from './state/shell.svelte.ts';
import App from './ui/App.svelte';
import './ui/tokens.css';
import './ui/base.css';

declare global {
  interface Window {
    /** The public contract, the same object that the SDK's `connect` resolves to. */
    flotilla: Flotilla;
  }
}

/** A browser that does not answer about locks does not keep the page from being shown. */
const ENGINE_PATIENCE_MS = 100;

/** Where the browser keeps nothing, the person learns it before any work is done. */
async function tellWhatIsKept({ notices }: Shell): Promise<void> {
  if ((await ensureStorage()) === 'lasting') return;
  notices.say(
    'This browser stores nothing for this page: what you do here is gone when you close it, and nothing can leave this device.',
    null,
    true,
  );
}

async function start(target: HTMLElement): Promise<void> {
  const intake = connectIntake();
  const { app, started } = connectEngine({ intake, prompt: openBrowserModel() });
  window.flotilla = app;
  const install = openInstall(); // before the wait: the browser makes its offer once, early
  // Mounting takes this thread for a while: the engine's thread sets out first, and loads meanwhile.
  await Promise.race([started, new Promise((late) => setTimeout(late, ENGINE_PATIENCE_MS))]);
  const shell = new Shell({
    app,
    intake,
    history: openHistory(),
    chats: openChats(),
    arrivals: openArrivals(),
    launches: openLaunches(),
    install,
    badge: openBadge(),
    stored: openStoredData(),
    deleteLocalData,
  });
  mount(App, { target, props: { shell } });
  void tellWhatIsKept(shell);
  registerOffline({
    keep: 'all',
    modelsReady: shell.engine.ready,
    onUpdateReady: (apply) =>
      shell.notices.say(
        'A new version is ready – reload when it suits you.',
        { label: 'Reload', run: () => void apply() },
        true,
      ),
    onUpdatedElsewhere: (reload) =>
      shell.notices.say(
        'Another tab has switched to a new version. This one goes on with the one it has.',
        { label: 'Reload', run: reload },
        true,
      ),
    onOfflineReady: () => shell.notices.say('Flotilla now works without a network.'),
  });
}

const target = document.getElementById('app');
if (target) void start(target);
