/** Leaves a failing server alone for a while: closed → open after failures in a row → half open, one trial → closed or open. */

export interface CircuitLimits {
  /** Failed calls in a row that open the circuit. */
  allowedFails: number;
  cooldownMs: number;
}

export interface CircuitBreaker {
  /** True while calls are refused: the cool-down is not over, or a trial is under way. */
  isResting(): boolean;
  /** Takes leave to call; false when resting. Whoever got leave must report `settle`. */
  enter(): boolean;
  /** `ignored`: the call says nothing about the server, e.g. it was cancelled. */
  settle(outcome: 'worked' | 'failed' | 'ignored'): void;
}

export function createCircuitBreaker(limits: CircuitLimits, now: () => number): CircuitBreaker {
  let failsInARow = 0;
  let openUntil: number | null = null;
  let isTrialRunning = false;

  const isResting = () => openUntil !== null && (isTrialRunning || now() < openUntil);
  return {
    isResting,
    enter() {
      if (isResting()) return false;
      isTrialRunning = openUntil !== null;
      return true;
    },
    settle(outcome) {
      isTrialRunning = false;
      if (outcome === 'ignored') return;
      failsInARow = outcome === 'worked' ? 0 : failsInARow + 1;
      if (outcome === 'worked') openUntil = null;
      else if (openUntil !== null || failsInARow >= limits.allowedFails)
        openUntil = now() + limits.cooldownMs;
    },
  };
}
