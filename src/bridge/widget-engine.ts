/** The engine of the widget, in one file so that the shell can load it when it is first needed. */
import type { FlotillaApp } from '../core/threads.ts';
import { connectEngine } from './connect.ts';
import { connectIntake } from './intake.ts';
import { registerOffline } from './offline.ts';
import { openBrowserModel } from './prompt-api.ts';

/** A frame whose engine was used once labels texts without a network later on. */
export function openEngine(): FlotillaApp {
  const { app } = connectEngine({ intake: connectIntake(), prompt: openBrowserModel() });
  registerOffline({ keep: 'labels', modelsReady: app.warmUp(() => undefined) });
  return app;
}
