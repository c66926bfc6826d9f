/** The table of contents of tasks: what each takes, gives and how it runs. A task without its files does not compile. */
import type { TaskId } from '../../src/core/request.ts';
import { run as chat } from './chat/run.ts';
import { OutputSchema as chatOutput } from './chat/schema.ts';
import { run as classify } from './classify/run.ts';
import { OutputSchema as classifyOutput } from './classify/schema.ts';

export const tasks = {
  chat: { run: chat, output: chatOutput },
  classify: { run: classify, output: classifyOutput },
} satisfies Partial<Record<TaskId, { run: unknown; output: unknown }>>;
