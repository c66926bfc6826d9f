/** The tasks of the tasks thread: each brings its code and the schema of its output when it is first asked for. */
import type * as v from 'valibot';
import type { RunWork, WorkTask } from '../../src/core/work.ts';

export interface TaskModule {
  run: RunWork<unknown>;
  output: v.GenericSchema;
}

type Code = Promise<{ run: RunWork<unknown> }>;
type Schema = Promise<{ OutputSchema: v.GenericSchema }>;

async function bring(code: Code, schema: Schema): Promise<TaskModule> {
  const [{ run }, { OutputSchema }] = await Promise.all([code, schema]);
  return { run, output: OutputSchema };
}

export const works: { [Task in WorkTask]?: () => Promise<TaskModule> } = {
  check: () => bring(import('./check/run.ts'), import('./check/schema.ts')),
  extract: () => bring(import('./extract/run.ts'), import('./extract/schema.ts')),
  code: () => bring(import('./code/run.ts'), import('./code/schema.ts')),
  summarize: () => bring(import('./summarize/run.ts'), import('./summarize/schema.ts')),
  redact: () => bring(import('./redact/run.ts'), import('./redact/schema.ts')),
  generate: () => bring(import('./generate/run.ts'), import('./generate/schema.ts')),
  draft: () => bring(import('./draft/run.ts'), import('./draft/schema.ts')),
};
