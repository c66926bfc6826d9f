/** The bodies of answers, by task: each is loaded with the first answer of its kind. */
import type { Component } from 'svelte';
import type { HistoryEntry } from '../../core/history.ts';
import type { TaskId } from '../../core/request.ts';
import type { Marks } from '../../state/desk-marks.svelte.ts';
import type { Notices } from '../../state/notices.svelte.ts';

/** What every body gets. It shows the output as it stands and hands a changed one to `onedit`. */
export interface BodyProps {
  entry: HistoryEntry;
  marks: Marks;
  notices: Notices;
  onedit: (output: unknown) => void;
  onundo: () => void;
}

export type Body = Component<BodyProps>;

export const BODIES: Partial<Record<TaskId, () => Promise<{ default: Body }>>> = {
  extract: () => import('./ExtractAnswer.svelte'),
  code: () => import('./CodeAnswer.svelte'),
  check: () => import('./CheckAnswer.svelte'),
  summarize: () => import('./SummaryAnswer.svelte'),
  draft: () => import('./DraftAnswer.svelte'),
  redact: () => import('./RedactAnswer.svelte'),
  generate: () => import('./TextAnswer.svelte'),
};
