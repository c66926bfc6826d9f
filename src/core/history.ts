/** The history of the desk: what was asked and answered in this browser, and the port that keeps it. */
import type { Answer } from './answer.ts';
import type { NamedBlob } from './intake.ts';
import type { Verdict } from './threads.ts';

export interface HistoryEntry {
  /** The id of the answer. */
  id: string;
  /** ISO 8601, UTC. */
  time: string;
  /** What was typed; empty where a file was asked about. */
  text: string;
  /** The file that was asked about. Its bytes stay on disk until they are read. */
  file?: NamedBlob;
  answer: Answer;
  /** The output as the person has changed it so far, not yet kept as a correction. */
  edited?: unknown;
  verdict: Verdict | null;
}

export interface HistoryStore {
  /** Newest first. */
  all(): Promise<HistoryEntry[]>;
  put(entries: HistoryEntry[]): Promise<void>;
  remove(ids: string[]): Promise<void>;
}
