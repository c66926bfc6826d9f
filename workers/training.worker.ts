/** The trainer's thread: builds one specialist at a time, reports, and stops between two steps when asked to. */
import * as Comlink from 'comlink';
import {
  buildSpecialist,
  type BuildInput,
  type BuiltSpecialist,
} from '../src/core/build-specialist.ts';
import { fail, ok, type Result } from '../src/core/failure.ts';

/** Milliseconds of work between two looks at the mail. */
const SLICE_MS = 40;
let stop = new AbortController();

const trainer = {
  async build(
    input: BuildInput,
    onShare: (share: number) => void,
  ): Promise<Result<BuiltSpecialist>> {
    stop = new AbortController();
    const { signal } = stop;
    const work = buildSpecialist(input);
    let slice = performance.now();
    for (;;) {
      const step = work.next();
      if (step.done)
        return Comlink.transfer(ok(step.value), [step.value.head.buffer as ArrayBuffer]);
      if (performance.now() - slice < SLICE_MS) continue;
      onShare(step.value);
      await new Promise((resume) => setTimeout(resume, 0));
      if (signal.aborted)
        return fail('cancelled', 'The training was cancelled. Nothing was published.');
      slice = performance.now();
    }
  },
  cancel(): void {
    stop.abort();
  },
};

export type Trainer = typeof trainer;
Comlink.expose(trainer);
