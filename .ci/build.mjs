/** `npm run build`: the app in dist/, with compressed copies. FLOTILLA_POLICY and FLOTILLA_BASE make it for a deployment. */
import { build, ensureInstalled, requireNode } from './project.mjs';

requireNode();
await ensureInstalled();
await build(process.env.FLOTILLA_POLICY ?? null);
