/** The history of the desk: what was asked and answered in this browser, and the port that keeps it. */
import type { Answer } from './answer.ts';

export interface HistoryEntry {
  /** The id of the answer. */
  id: string;
  /** ISO 8601, UTC. */
  time: string;
  text: string;
  answer: Answer;
  verdict: 'accepted' | { correctedTo: string } | null;
}

export interface HistoryStore {
  /** Newest first. */
  all(): Promise<HistoryEntry[]>;
  put(entries: HistoryEntry[]): Promise<void>;
  remove(ids: string[]): Promise<void>;
}
