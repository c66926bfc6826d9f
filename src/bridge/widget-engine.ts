/** The engine of the widget, in one file so that the shell can load it when it is first needed. */
import type { FlotillaApp } from '../core/threads.ts';
import { connectEngine } from './connect.ts';
import { connectIntake } from './intake.ts';
import { openBrowserModel } from './prompt-api.ts';

export const openEngine = (): FlotillaApp =>
  connectEngine({ intake: connectIntake(), prompt: openBrowserModel() });
