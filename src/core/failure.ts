/** Expected failures are values. Every code has words for the person; a code without words does not compile. */

export type FailureCode =
  | 'empty_input'
  | 'input_too_long'
  | 'unsupported_input'
  | 'file_locked'
  | 'file_broken'
  | 'unknown_specialist'
  | 'unknown_task'
  | 'unknown_workflow'
  | 'bad_request'
  | 'hash_mismatch'
  | 'file_missing'
  | 'file_corrupt'
  | 'runtime_failed'
  | 'self_test_failed'
  | 'out_of_memory'
  | 'no_webgpu'
  | 'device_lost'
  | 'unknown_model'
  | 'model_not_stored'
  | 'schema_unsupported'
  | 'schema_invalid'
  | 'storage_full'
  | 'storage_failed'
  | 'audit_failed'
  | 'policy_invalid'
  | 'policy_denied'
  | 'consent_denied'
  | 'server_unreachable'
  | 'server_unauthorized'
  | 'server_rate_limited'
  | 'server_error'
  | 'server_nonsense'
  | 'server_timeout'
  | 'circuit_open'
  | 'quota_spent'
  | 'embedding_denied'
  | 'frame_blocked'
  | 'frame_gone'
  | 'version_mismatch'
  | 'timed_out'
  | 'too_busy'
  | 'engine_lost'
  | 'too_few_rows'
  | 'too_many_rows'
  | 'bad_csv'
  | 'deadline'
  | 'cancelled';

export interface Failure {
  code: FailureCode;
  /** What happened, with the figures that matter. */
  message: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: FailureCode, message: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { code, message },
});

/** The next step for the person, by failure. */
export const HINTS: Record<FailureCode, string> = {
  empty_input: 'Type, paste or drop some text.',
  input_too_long: 'Shorten the text or split it into several requests.',
  unsupported_input:
    'Use a PDF, an image, an e-mail (EML), a Word file (DOCX), HTML, XML or plain text; for tables CSV or JSONL.',
  file_locked: 'Open the file with its password, save a copy without one and drop that.',
  file_broken: 'Open the file in the program that made it, save it again and drop the new copy.',
  unknown_specialist: 'Choose one of the specialists listed on the Fleet page.',
  unknown_task: 'Leave the task out, or use one that a specialist of the fleet offers.',
  unknown_workflow: 'Choose one of the workflows listed on the Workflows page.',
  bad_request: 'Correct the request as the message says and send it again.',
  hash_mismatch:
    'Reload the page. If it happens again, the files on the server were changed: tell its administrator.',
  file_missing: 'Check the connection and reload the page.',
  file_corrupt: 'Reload the page to fetch the file again.',
  runtime_failed: 'Reload the page. Your text is kept.',
  self_test_failed:
    'This device computes the model wrongly, so it is not used. Choose another backend on the Models page.',
  out_of_memory: 'Close other tabs, or choose a smaller model on the Models page.',
  no_webgpu: 'Use the WebAssembly backend, or a browser with WebGPU.',
  device_lost: 'The graphics device was reset. Ask again: the model is loaded anew.',
  unknown_model: 'Choose one of the models listed on the Models page.',
  model_not_stored: 'Download the model on the Models page first.',
  schema_unsupported: 'Simplify the JSON schema as the message says.',
  schema_invalid: 'Ask again, or make the schema simpler.',
  storage_full:
    'Free some disk space or delete old history under Settings. Nothing you typed is lost.',
  storage_failed:
    'Allow this site to store data, or leave private browsing. Nothing you typed is lost.',
  audit_failed:
    'Nothing was sent, because it could not be recorded. Free some disk space and try again.',
  policy_invalid: 'Correct policy.json as the message says. Until then nothing leaves this device.',
  policy_denied: 'Decide by hand, or ask the owner of policy.json to allow this tier for the task.',
  consent_denied: 'Decide by hand, or send it again and agree to the preview.',
  server_unreachable: 'Check that the server runs and allows this origin (CORS), then try again.',
  server_unauthorized: 'Ask the administrator for access to the server. The request is kept here.',
  server_rate_limited: 'Wait a moment and try again.',
  server_error: 'Try again later. The request is kept here.',
  server_nonsense:
    "Decide by hand, and tell the server's administrator that its answer did not fit the schema.",
  server_timeout: 'Try again, or raise timeout_ms for the server in policy.json.',
  circuit_open: 'The server failed several times. It is tried again after its cool-down.',
  quota_spent:
    'The daily number of server requests is used up. Decide by hand or raise max_requests_per_day.',
  embedding_denied:
    'Ask the owner of policy.json to add the origin of this page to `embeds` or `frame_ancestors`.',
  frame_blocked:
    'Check the address of widget.html, `frame-src` in the Content-Security-Policy of this page, and `embeds` in policy.json.',
  frame_gone: 'Connect again; what the frame was working on was not finished.',
  version_mismatch: 'Load sdk.js from the same Flotilla that serves widget.html.',
  timed_out: 'Try again, or allow more time.',
  too_busy: 'Wait for the calls that are under way, or use runBatch for many requests.',
  engine_lost:
    'Ask again. Look at the receipts first: something may have left before the other tab was closed.',
  too_few_rows: 'Add labelled rows and train again.',
  too_many_rows: 'Split the file and load the parts one after another.',
  bad_csv: 'Save the file again as CSV in UTF-8, with a header line.',
  deadline: 'Try again, or raise deadline_ms in policy.json.',
  cancelled: 'Nothing to do.',
};

/** A wrong call from a host page. `code` and `hint` survive the way across threads because they are data. */
export class FlotillaError extends Error {
  readonly code: FailureCode;
  readonly hint: string;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FlotillaError';
    this.code = failure.code;
    this.hint = HINTS[failure.code];
  }
}
