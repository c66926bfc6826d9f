/** What comes in: the request, its task and the mode that may only tighten the policy. */

export const TASKS = [
  'classify',
  'extract',
  'summarize',
  'draft',
  'code',
  'check',
  'generate',
  'redact',
  'chat',
] as const;
export type TaskId = (typeof TASKS)[number];

export const MODES = [
  'only_on_device',
  'prefer_on_device',
  'prefer_in_cloud',
  'only_in_cloud',
] as const;
export type Mode = (typeof MODES)[number];

/** Longest text that a request may carry, in UTF-16 code units (1 MiB). Longer input is refused, not cut. */
export const MAX_TEXT_UNITS = 1_048_576;

/** A piece of work. Either `text` or `file`; everything else may be left to the router. */
export interface RunRequest {
  text?: string;
  file?: Blob;
  lines?: { text: string; box: [x0: number, y0: number, x1: number, y1: number]; page?: number }[];
  task?: TaskId;
  /** `id`, `id@version` or `id@champion`. */
  specialist?: string;
  mode?: Mode;
  input?: unknown;
}
