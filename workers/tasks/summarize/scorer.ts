/** The learned part: logistic heads over plain features and static vectors, as models/transcripts wrote them. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { PLAIN_FEATURES } from './features.ts';

const HeadSchema = v.object({ bias: v.number(), weights: v.array(v.number()) });
/** `plain`: without vectors, where the static tier may not or cannot be asked. */
const HeadsSchema = v.object({ plain: HeadSchema, full: HeadSchema });
/** P(a point is one that the reference has) from the head's log-odds. */
const CalibrationSchema = v.object({ weight: v.number(), bias: v.number() });

export const SOAP = ['subjective', 'objective', 'assessment', 'plan'] as const;

const ScorerSchema = v.object({
  schema: v.literal(1),
  /** Their order is that of the weights. */
  features: v.array(v.string()),
  queryFeatures: v.array(v.string()),
  dims: v.number(),
  consultation: HeadsSchema,
  meeting: HeadsSchema,
  /** Over the query features; the last of them is the meeting head's log-odds. */
  query: HeadsSchema,
  sections: v.object({ plain: v.array(HeadSchema), full: v.array(HeadSchema) }),
  calibration: v.object({ consultation: CalibrationSchema }),
  /** Of a consultation: candidates from this probability on. */
  consultationFrom: v.number(),
});

export type Head = v.InferOutput<typeof HeadSchema>;
export type Scorer = v.InferOutput<typeof ScorerSchema>;

export function readScorer(bytes: Uint8Array): Result<Scorer> {
  const broken = fail('file_corrupt', 'scorer.json is not the scorer that this version reads.');
  try {
    const read = v.safeParse(ScorerSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (!read.success) return broken;
    return read.output.features.join() === PLAIN_FEATURES.join() ? ok(read.output) : broken;
  } catch {
    return broken;
  }
}

/** Log-odds. `vector` follows the plain features; left out for plain heads. */
export function logit({ bias, weights }: Head, plain: Float32Array, vector?: Float32Array): number {
  let sum = bias;
  for (let i = 0; i < plain.length; i++) sum += (weights[i] ?? 0) * (plain[i] as number);
  if (vector)
    for (let i = 0; i < vector.length; i++)
      sum += (weights[plain.length + i] ?? 0) * (vector[i] as number);
  return sum;
}
