/** `npm start`: installs and builds what is missing or old, then serves the app on this machine only. */
import { BASE, ensureBuilt, ensureInstalled, requireNode, DIST } from './project.mjs';
import { serve } from './serve.mjs';

const FIRST_PORT = 4173;

requireNode();
try {
  await ensureInstalled();
  await ensureBuilt();
  const { url } = await serve({
    folder: DIST,
    policyFile: process.env.FLOTILLA_POLICY,
    port: FIRST_PORT,
    base: BASE,
  });
  console.log(`\nFlotilla is ready: ${url}\nStop it with Ctrl-C.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
