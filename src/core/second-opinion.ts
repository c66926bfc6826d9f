/** A language model's second opinion on a doubtful label: what it is asked, and what its pick is worth. */
import type { ChatTurn, Generated, GenerateRequest } from './generation.ts';
import type { Opinion } from './ports.ts';
import { sigmoid } from './score.ts';
import type { SlmPromise } from './specialist.ts';

/** Tokens for one label and its quotes. */
const MAX_LABEL_TOKENS = 48;

/** Labels are names for machines; a language model reads words. */
export const wordsOf = (label: string): string => label.replaceAll(/[_-]+/g, ' ').trim();

/**
 * The model picks one of the encoder's best labels. The answer is bound to a JSON enum, so it names one of them. The
 * labels stand in alphabetical order: the encoder's own order would give its favourite away.
 */
export function secondOpinionRequest(text: string, labels: readonly string[]): GenerateRequest {
  const words = labels.map(wordsOf).sort((a, b) => a.localeCompare(b, 'en'));
  const turns: ChatTurn[] = [
    {
      role: 'system',
      content: 'You sort a customer message into one label. Answer with the label only.',
    },
    {
      role: 'user',
      content: `Message: ${JSON.stringify(text)}\nLabels: ${words.join(', ')}\nWhich label fits best?`,
    },
  ];
  return {
    turns,
    maxTokens: MAX_LABEL_TOKENS,
    temperature: 0,
    topP: 1,
    repetitionPenalty: 1,
    seed: null,
    stop: [],
    schema: JSON.stringify({ enum: words }),
  };
}

/** The label that the model picked; null when its text is none of them (it was interrupted). */
export function pickOf(generated: Generated, labels: readonly string[]): string | null {
  try {
    const said = JSON.parse(generated.text) as unknown;
    return labels.find((label) => wordsOf(label) === said) ?? null;
  } catch {
    return null;
  }
}

/** Mean ln p of the tokens that the model was free to choose; 0 where it had no choice at all. */
export function meanLogprob({ tokens }: Pick<Generated, 'tokens'>): number {
  const free = tokens.filter(({ forced }) => !forced);
  return free.length === 0 ? 0 : free.reduce((sum, { logprob }) => sum + logprob, 0) / free.length;
}

/** What is known of a pick: [log-odds of the encoder, does the model agree, its mean ln p, the encoder's share of the pick]. */
export function pickFeatures(opinion: Opinion, pick: string, generated: Generated): number[] {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, opinion.confidence));
  const share = opinion.output.scores.find(({ label }) => label === pick)?.score ?? 0;
  return [Math.log(p / (1 - p)), pick === opinion.bestLabel ? 1 : 0, meanLogprob(generated), share];
}

/** Both opinions together: the pick, with the calibrated probability that it is right. */
export function combine(
  opinion: Opinion,
  pick: string,
  generated: Generated,
  promise: SlmPromise,
): Opinion {
  const features = pickFeatures(opinion, pick, generated);
  const z = features.reduce((sum, x, i) => sum + x * (promise.weights[i] ?? 0), promise.bias);
  return {
    output: { ...opinion.output, label: pick },
    bestLabel: pick,
    confidence: sigmoid(z),
  };
}
