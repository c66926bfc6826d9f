/** MTS-Dialog, ACI-Bench and QMSum as texts with reference summaries, and the one split that recipe and evaluation share. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_DIR, readCsv } from '../heads/corpora.ts';
import type { Kind } from '../../workers/tasks/summarize/schema.ts';

const HELD_OUT_PERCENT = 15;

export interface Row {
  set: 'mts_dialog' | 'aci_bench' | 'qmsum';
  id: string;
  kind: Kind;
  text: string;
  reference: string;
  /** MTS-Dialog's section header; empty elsewhere. */
  header: string;
  /** QMSum's question; null for a summary of the whole. */
  query: string | null;
  /** Turns that answer the question, first and last. */
  turns: [first: number, last: number][];
}

export type Part = 'train' | 'held_out' | 'val';

export const hasTranscripts = (): boolean => existsSync(join(DATA_DIR, 'qmsum/train.jsonl'));

const isHeldOut = (key: string): boolean =>
  createHash('sha256').update(key, 'utf8').digest().readUInt32BE(0) % 100 < HELD_OUT_PERCENT;

/** `val` is the published validation part: reported once, nothing is chosen on it. Held out by dialogue or by meeting. */
export function readRows(part: Part): Row[] {
  const file = part === 'val' ? 'val' : 'train';
  const mine = (key: string): boolean => part === 'val' || isHeldOut(key) === (part === 'held_out');
  const none = { header: '', query: null, turns: [] };
  const mts = readCsv(`mts_dialog/${file}.csv`)
    .filter(({ dialogue = '' }) => mine(dialogue.trim()))
    .map(({ id = '', dialogue = '', section_text = '', section_header = '' }): Row => ({
      ...none,
      set: 'mts_dialog',
      id,
      kind: 'consultation',
      text: dialogue,
      reference: section_text,
      header: section_header,
    }));
  const aci = readCsv(`aci_bench/${file}.csv`)
    .filter(({ id = '' }) => mine(id))
    .map(({ id = '', dialogue = '', note = '' }): Row => ({
      ...none,
      set: 'aci_bench',
      id,
      kind: 'consultation',
      text: dialogue,
      reference: note,
    }));
  return [...mts, ...aci, ...readMeetings(file, mine)];
}

interface Meeting {
  id: string;
  turns: { speaker: string; text: string }[];
  queries: { kind: string; query: string; answer: string; spans: [string, string][] }[];
}

function readMeetings(file: string, mine: (key: string) => boolean): Row[] {
  const lines = readFileSync(join(DATA_DIR, `qmsum/${file}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines
    .map((line) => JSON.parse(line) as Meeting)
    .filter(({ id }) => mine(id))
    .flatMap(({ id, turns, queries }) => {
      const text = turns
        .map((turn) => `${turn.speaker}: ${turn.text.replace(/\s+/g, ' ')}`)
        .join('\n');
      return queries.map(({ kind, query, answer, spans }, i): Row => ({
        set: 'qmsum',
        id: `${id}#${i}`,
        kind: 'meeting',
        text,
        reference: answer,
        header: '',
        query: kind === 'general' ? null : query,
        turns: spans.map(([first, last]) => [Number(first), Number(last)]),
      }));
    });
}
