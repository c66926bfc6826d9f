/** The state of one request on its way up the ladder. */
import type { Attempt, Tier } from './answer.ts';
import type { Failure } from './failure.ts';
import type { Verdict } from './gate.ts';
import type { Embeddings, HandleOptions, Opinion } from './ports.ts';
import type { ReadRequest } from './read-request.ts';
import type { RunRequest } from './request.ts';
import type { Route } from './route.ts';
import type { LoadedSpecialist } from './specialist.ts';
import type { ServerOutcome } from './threads.ts';

/** What is known so far about one request. */
export interface Climb {
  id: string;
  startedAt: number;
  deadlineAt: number;
  request: RunRequest;
  read: ReadRequest;
  embeddings: Embeddings;
  route: Route | null;
  specialist: LoadedSpecialist | null;
  opinion: Opinion | null;
  tier: Tier;
  verdict: Verdict;
  attempts: Attempt[];
  failure: Failure | null;
  server: ServerOutcome | null;
}

/** Records that a tier was tried, and tells the page. */
export function attempt(climb: Climb, options: HandleOptions, tried: Attempt): void {
  climb.attempts.push(tried);
  options.onEvent?.({ type: 'attempt', ...tried });
}
