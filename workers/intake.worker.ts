/** Entry of the intake worker: reads CSV, TSV and JSONL and keeps batch jobs, away from the page's thread. */
import { expose } from 'comlink';
import { createIntake } from './intake/intake.ts';

expose(createIntake());
