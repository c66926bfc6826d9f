/**
 * What the widget asks of the guard against stolen clicks. src/guest/undisturbed-click.ts is one; src/widget.ts hands it
 * to `mountWidget`. Without one no click counts.
 */

/**
 * counts: a person pressed it while it was plainly visible and undisturbed; too_soon: visible, but not long enough;
 * covered: something lies over it or changes it; cannot_tell: this browser cannot say whether it is visible.
 */
export type ClickVerdict = 'counts' | 'too_soon' | 'covered' | 'cannot_tell';

export interface WatchedButton {
  /** About this click, now. */
  verdict(event: Event): ClickVerdict;
  stop(): void;
}

export interface ClickGuard {
  /** False where no click can ever count, so that the words can say so from the start. */
  canTell: boolean;
  /** Watches from now on whether the button is plainly visible. */
  watch(button: HTMLElement): WatchedButton;
}
