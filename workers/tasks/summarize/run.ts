/** Task `summarize`: reads turns, scores what was said, takes the best of it as points with their places in the text. */
import * as v from 'valibot';
import type { Tier } from '../../../src/core/answer.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { SummarizeOutput } from '../../../src/core/outputs.ts';
import { sigmoid } from '../../../src/core/score.ts';
import type { Finding, RunWork, Work, WorkPorts } from '../../../src/core/work.ts';
import { readCandidates, type Candidate } from './candidates.ts';
import { compose, type Composed } from './compose.ts';
import { findKind, withRoles } from './find-kind.ts';
import { rank, type Vectors } from './rank.ts';
import { readTurns } from './read-turns.ts';
import { InputSchema, type Kind } from './schema.ts';
import { readScorer, type Scorer } from './scorer.ts';
import { writeSummary } from './sections.ts';

/** Longest text, in UTF-16 units; a longer one is refused, not cut. */
const MOST_UNITS = 4 * 1_048_576;
/** Above this many sentences no vectors are asked for: words and places rank alone. */
const MOST_EMBEDDED = 20_000;
const EMBED_AT_ONCE = 256;

export const run: RunWork<SummarizeOutput> = async (work, ports) => {
  const started = ports.now();
  const input = v.safeParse(InputSchema, work.input);
  if (!input.success)
    return fail(
      'bad_request',
      `input of summarize: ${v.flatten(input.issues).root?.[0] ?? input.issues[0].message}`,
    );
  const { text } = work.document;
  if (text.trim() === '') return fail('empty_input', 'There is no text to summarize.');
  if (text.length > MOST_UNITS)
    return fail(
      'input_too_long',
      `The text has ${text.length} characters; at most ${MOST_UNITS} are summarized.`,
    );
  const file = await ports.file('scorer.json');
  if (!file.ok) return file;
  const scorer = readScorer(file.value);
  if (!scorer.ok) return scorer;

  ports.onProgress({ stage: 'Reading who says what', done: 0, total: 1 });
  const read = readConversation(work, input.output?.kind);
  const query = input.output?.query?.trim() || undefined;
  const vectors = await vectorsOf(read.candidates, query, ports);
  if (!vectors.ok) return vectors;
  const stopped = stopReason(ports);
  if (stopped) return stopped;

  ports.onProgress({ stage: 'Choosing the points', done: 0, total: 1 });
  const ranked = rank(read.candidates, read.kind, query, vectors.value, scorer.value);
  const composed = compose(
    text,
    read.kind,
    query !== undefined,
    read.candidates,
    ranked,
    vectors.value.candidates,
    scorer.value,
  );
  const tier = vectors.value.candidates.length > 0 ? 'static' : 'rules';
  return ok(findingOf(work, ports.now() - started, tier, read, query, composed, scorer.value));
};

interface Conversation {
  kind: Kind;
  candidates: Candidate[];
  doubts: string[];
}

function readConversation(
  { document: { text, email } }: Work,
  wanted: Kind | undefined,
): Conversation {
  const transcript = readTurns(text, email?.body);
  const candidates = readCandidates(text, transcript);
  const kind = wanted ?? findKind(transcript, candidates);
  const spoken = transcript.speakers.length > 0;
  const doubts =
    kind !== 'text' && !spoken
      ? ['No speakers are named in the text, so who says what is not known.']
      : [];
  return { kind, candidates: withRoles(candidates, kind, transcript.speakers), doubts };
}

/** Of each candidate and the query; none where the tier is not allowed or fails, or the text is too long. */
async function vectorsOf(
  candidates: readonly Candidate[],
  query: string | undefined,
  ports: WorkPorts,
): Promise<Result<Vectors>> {
  const none = ok({ candidates: [], query: null });
  if (!ports.tiers.includes('static') || candidates.length > MOST_EMBEDDED) return none;
  const vectors: Float32Array[] = [];
  const texts = [
    ...candidates.map(({ words }) => words.join(' ')),
    ...(query === undefined ? [] : [query]),
  ];
  for (let at = 0; at < texts.length; at += EMBED_AT_ONCE) {
    const stopped = stopReason(ports);
    if (stopped) return stopped;
    ports.onProgress({ stage: 'Reading sentences', done: at, total: texts.length });
    const part = await ports.embed('static', texts.slice(at, at + EMBED_AT_ONCE));
    if (!part.ok)
      return part.failure.code === 'cancelled' || part.failure.code === 'deadline' ? part : none;
    vectors.push(...part.value);
  }
  return ok({
    candidates: vectors.slice(0, candidates.length),
    query: query === undefined ? null : (vectors.at(-1) ?? null),
  });
}

function stopReason(ports: WorkPorts): ReturnType<typeof fail> | null {
  if (ports.signal?.aborted) return fail('cancelled', 'The summary was cancelled.');
  return ports.now() > ports.deadlineAt
    ? fail('deadline', 'The summary took longer than allowed.')
    : null;
}

function findingOf(
  { manifest }: Work,
  ms: number,
  tier: Tier,
  { kind, doubts, candidates }: Conversation,
  query: string | undefined,
  composed: Composed,
  scorer: Scorer,
): Finding<SummarizeOutput> {
  const { points } = composed;
  const confidence =
    query === undefined && tier === 'static' ? confidenceOf(kind, composed.scores, scorer) : 0;
  const all = [...doubts, ...composed.doubts];
  if (points.length === 0) all.push('The text says nothing that could be a point of a summary.');
  if (tier === 'rules' && candidates.length > MOST_EMBEDDED)
    all.push(`The text has ${candidates.length} sentences: they were ranked by their words alone.`);
  const attempt = {
    tier,
    specialist: manifest.id,
    ms,
    outcome: `${kind}: ${points.length} points of ${candidates.length} sentences, ${composed.replaced} quoted as they stand`,
    confidence: confidence > 0 ? confidence : null,
  };
  return {
    output: { summary: writeSummary(points), points },
    basis: 'draft',
    confidence,
    tier,
    attempts: [attempt],
    doubts: all,
  };
}

/**
 * Mean of P(a person's note has the point), calibrated on held-out visits. 0 for all other kinds, for answers to a
 * question and without vectors: there it was not measured, or too few rows support it (meetings).
 */
function confidenceOf(kind: Kind, scores: readonly number[], { calibration }: Scorer): number {
  if (kind !== 'consultation' || scores.length === 0) return 0;
  const { weight, bias } = calibration.consultation;
  return scores.reduce((sum, score) => sum + sigmoid(bias + weight * score), 0) / scores.length;
}
