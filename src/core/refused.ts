/** The answer to a request of a batch that could not be read: the others go on. */
import type { Answer } from './answer.ts';
import { HINTS, type Failure } from './failure.ts';
import type { RunRequest } from './request.ts';

export function refused(id: string, request: RunRequest, failure: Failure): Answer {
  return {
    id,
    task: request.task ?? 'classify',
    specialist: { id: request.specialist ?? 'none', version: '0' },
    output: null,
    confidence: 0,
    status: 'refused',
    inferenceSource: null,
    decision: {
      object: 'routing.decision',
      tier: 'person',
      reason: 'invalid_input',
      explanation: `${failure.message} ${HINTS[failure.code]}`,
      classifications: [],
      attempts: [],
      certificate: null,
    },
    egress: { bytes: 0, receipt: null },
    usage: { ms: 0, cost: 0, currency: 'EUR' },
  };
}
