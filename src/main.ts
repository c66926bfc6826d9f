/** Composition root of the page: mounts the app. */
import { registerOffline } from './bridge/offline.ts';

registerOffline({ modelsReady: new Promise(() => undefined), onUpdateReady: () => undefined });
