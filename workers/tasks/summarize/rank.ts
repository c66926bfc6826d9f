/** Scores of all candidates of a text: by the learned heads for visits and meetings, by rule for all else. */
import type { Candidate } from './candidates.ts';
import { centralScores } from './central.ts';
import { PLAIN_FEATURES, plainFeatures } from './features.ts';
import { queryFeatures, shortTextScores } from './query.ts';
import type { Kind } from './schema.ts';
import { logit, type Scorer } from './scorer.ts';

/** Sentences; the head for questions was learned on meetings of several hundred. */
const SHORT_TEXT = 60;

export interface Vectors {
  /** Of each candidate; empty where there are none. */
  candidates: Float32Array[];
  query: Float32Array | null;
}

export interface Ranked {
  /** Log-odds; higher is better. */
  scores: number[];
  features: Float32Array[];
}

export function rank(
  candidates: readonly Candidate[],
  kind: Kind,
  query: string | undefined,
  vectors: Vectors,
  scorer: Scorer,
): Ranked {
  const features = plainFeatures(candidates, vectors.candidates);
  const of = kind === 'consultation' ? scorer.consultation : scorer.meeting;
  const full = vectors.candidates.length > 0;
  const learned = (heads: Scorer['meeting']): number[] =>
    features.map((row, i) =>
      full ? logit(heads.full, row, vectors.candidates[i]) : logit(heads.plain, row),
    );
  if (query !== undefined) {
    if (candidates.length < SHORT_TEXT)
      return {
        features,
        scores: shortTextScores(query, candidates, vectors.query, vectors.candidates),
      };
    const rows = queryFeatures(
      query,
      candidates,
      learned(scorer.meeting),
      vectors.query,
      vectors.candidates,
    );
    return {
      features,
      scores: rows.map((row) => logit(full ? scorer.query.full : scorer.query.plain, row)),
    };
  }
  if (kind === 'text')
    return { features, scores: centralScores(candidates, column(features, 'likeDocument')) };
  return { features, scores: learned(of) };
}

function column(
  features: readonly Float32Array[],
  name: (typeof PLAIN_FEATURES)[number],
): number[] {
  const at = PLAIN_FEATURES.indexOf(name);
  return features.map((row) => row[at] ?? 0);
}
