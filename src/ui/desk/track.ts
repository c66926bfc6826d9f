/** The path of a request through the tiers, as stops that can be drawn. */
import { TIERS, type Answer, type Attempt, type Tier } from '../../core/answer.ts';

export interface Stop {
  tier: Tier;
  /**
   * answered: produced the accepted output; proposed: produced an output that a person should look at; tried: passed
   * on; waiting: a person's turn; unused: not needed or not allowed.
   */
  state: 'answered' | 'proposed' | 'tried' | 'waiting' | 'unused';
  attempt: Attempt | null;
}

/** Tiers that a classification climbs: drawn even when they were not tried. */
const ALWAYS: readonly Tier[] = ['static', 'encoder', 'server', 'person'];

export function stopsOf(answer: Answer): Stop[] {
  const { attempts, tier } = answer.decision;
  const waits = answer.status === 'needs_review' || answer.status === 'refused';
  const always =
    answer.task === 'classify' || answer.task === 'chat' ? ALWAYS : (['person'] as const);
  const isDrawn = (t: Tier): boolean =>
    always.some((one) => one === t) || t === tier || attempts.some((a) => a.tier === t);
  return TIERS.filter(isDrawn).map((t) => {
    const attempt = attempts.findLast((a) => a.tier === t) ?? null;
    return { tier: t, state: stateOf(t), attempt };
  });

  function stateOf(t: Tier): Stop['state'] {
    if (t === 'person') return waits ? 'waiting' : 'unused';
    if (t === tier && answer.output !== null) return waits ? 'proposed' : 'answered';
    return attempts.some((a) => a.tier === t) ? 'tried' : 'unused';
  }
}
