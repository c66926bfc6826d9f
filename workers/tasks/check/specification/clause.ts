/** One clause of a specification, whatever form it was given in. */
import type { Limit } from './limits.ts';
import type { Unit } from './units.ts';

export interface LimitDemand {
  kind: 'limit';
  parameter: string;
  limit: Limit;
  unit: Unit | null;
}
/** The value is one of these words. */
export interface WordDemand {
  kind: 'words';
  parameter: string;
  allowed: string[];
}
/** A word or phrase is in the document, or is not. */
export interface PhraseDemand {
  kind: 'phrase';
  phrase: string;
  present: boolean;
}
/** A rule of JSON logic on the record. */
export interface LogicDemand {
  kind: 'logic';
  rule: unknown;
}
/** What no rule decides: for a person. */
export interface OpenDemand {
  kind: 'open';
  reason: string;
  /** Look for the nearest passage of the document. */
  nearest: boolean;
}
export type Demand = LimitDemand | WordDemand | PhraseDemand | LogicDemand | OpenDemand;

export interface Clause {
  id: string;
  /** Quoted. */
  requirement: string;
  demand: Demand;
}

export const MAX_CLAUSES = 5_000;

/** Lower case, without accents and punctuation: how names of parameters are compared. */
export const nameKey = (name: string): string => (/^[a-z\d]+$/.test(name) ? name : plainName(name));

const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
