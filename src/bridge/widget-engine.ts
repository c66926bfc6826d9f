/** The engine of the widget, in one file so that the shell can load it when it is first needed. */
import type { FlotillaApp } from '../core/threads.ts';
import { connectEngine } from './connect.ts';
import { connectIntake } from './intake.ts';
import { registerOffline } from './offline.ts';
import { openBrowserModel } from './prompt-api.ts';

/** A frame whose engine was used once works without a network later on; it keeps no more of the fleet than it used. */
export function openEngine(): FlotillaApp {
  const app = connectEngine({ intake: connectIntake(), prompt: openBrowserModel() });
  registerOffline({ keep: 'used', modelsReady: Promise.resolve() });
  return app;
}
