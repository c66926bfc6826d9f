/** `npm run build`: the app in dist/, with compressed copies. */
import { build, ensureInstalled, requireNode } from './project.mjs';

requireNode();
await ensureInstalled();
await build();
