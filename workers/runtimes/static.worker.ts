/** Thread of the static runtime: token embeddings from a table, no engine. */
import { exposeRuntime, threadDoors } from './expose.ts';
import { createRuntime } from './runtime.ts';
import { openStaticEngine } from './static/engine.ts';

exposeRuntime(createRuntime(threadDoors, openStaticEngine));
