/**
 * Does a click in the frame count? A hostile host page may cover the frame, fade it, shrink it, or move it under the
 * cursor in the instant of a click. [Note: What counts] A click counts if a person made it, and for half a second before it
 * the browser vouched that the element was in view, whole, uncovered and unchanged by the host's styles, and nothing moved:
 * no focus change, no resize, no scroll, the element stayed where it was, and every pointer event found the frame at the same place of the screen.
 * Where the browser cannot vouch for that, no click counts.
 */

import type { ClickVerdict, ClickWatch } from '../core/widget-host.ts';

/** How long everything must have been still, in ms. */
export const STILL_MS = 500;
/** The browser reports visibility at most this often, in ms; the least that it accepts. */
const REPORT_MS = 100;
const SAME_PLACE_PX = 1;

/** Position of a pointer event on the screen and in the frame: the difference is where the frame is. */
export interface PointerPlace {
  screenX: number;
  screenY: number;
  clientX: number;
  clientY: number;
}

/** The rule by itself: told what happens, asked at the click. Times in ms, from any start. */
export class UndisturbedClick {
  readonly #now: () => number;
  readonly #supported: boolean;
  #visibleSince: number | null = null;
  #stillSince: number;
  #frameAt: { x: number; y: number } | null = null;
  #elementAt = '';
  #pressed = false;

  /** `supported`: does the browser vouch for visibility? */
  constructor(now: () => number, supported: boolean) {
    this.#now = now;
    this.#supported = supported;
    this.#stillSince = now();
  }

  /** What the browser says of the element. */
  seen(visible: boolean): void {
    if (!visible) this.#visibleSince = null;
    else this.#visibleSince ??= this.#now();
  }

  /** Where the element is inside the frame: the host can move it by the looks, without a resize or a scroll. */
  placed({ x, y, width, height }: Pick<DOMRectReadOnly, 'x' | 'y' | 'width' | 'height'>): void {
    const at = [x, y, width, height].map(Math.round).join(' ');
    if (at === this.#elementAt) return;
    this.#elementAt = at;
    this.disturbed();
  }

  /** Size, scroll position or visibility of the page changed. */
  disturbed(): void {
    this.#stillSince = this.#now();
  }

  /** The frame got or lost the focus. A person who presses on it gives it the focus; a host that does may mean their keys. */
  focusMoved(): void {
    if (!this.#pressed) this.disturbed();
  }

  /** A button of the pointer went down, or up again. */
  pressed(down: boolean): void {
    this.#pressed = down;
  }

  /** The pointer came into the frame or left it, which is also what a frame sees that is moved away and back. */
  crossed(): void {
    this.#frameAt = null;
    this.disturbed();
  }

  /** Every pointer event inside the frame. The first one tells where the frame is, so it begins the wait. */
  pointer({ screenX, screenY, clientX, clientY }: PointerPlace): void {
    const x = screenX - clientX;
    const y = screenY - clientY;
    const before = this.#frameAt;
    if (
      before &&
      Math.abs(x - before.x) <= SAME_PLACE_PX &&
      Math.abs(y - before.y) <= SAME_PLACE_PX
    )
      return;
    this.#frameAt = { x, y };
    this.disturbed();
  }

  verdict({ isTrusted }: { isTrusted: boolean }): ClickVerdict {
    if (!isTrusted) return 'synthetic';
    if (!this.#supported) return 'unsupported';
    const since = this.#visibleSince;
    if (since === null) return 'unsure';
    return this.#now() - Math.max(since, this.#stillSince) >= STILL_MS ? 'counts' : 'unsure';
  }
}

/** What `IntersectionObserver` of the second version adds; not in the types of the DOM yet. */
interface VisibilityOptions extends IntersectionObserverInit {
  trackVisibility: boolean;
  delay: number;
}
interface VisibilityEntry extends IntersectionObserverEntry {
  isVisible?: boolean;
}

const canVouch = (): boolean =>
  'IntersectionObserverEntry' in globalThis && 'isVisible' in IntersectionObserverEntry.prototype;

const POINTER_EVENTS = [
  'pointerover',
  'pointerout',
  'pointermove',
  'pointerdown',
  'pointerup',
] as const;

const WHOLE = 0.99;

/** Watches an element from now on, until `end`: a dialog with its words and its buttons. */
export function watchClicks(element: Element): ClickWatch {
  const rule = new UndisturbedClick(() => performance.now(), canVouch());
  const ended = new AbortController();
  const place = (): void => rule.placed(element.getBoundingClientRect());
  place();
  listen(rule, place, ended.signal);
  const report = (entries: IntersectionObserverEntry[]): void => {
    const last: VisibilityEntry | undefined = entries.at(-1);
    if (last) rule.seen(last.isVisible === true && last.intersectionRatio >= WHOLE);
  };
  const options: VisibilityOptions = {
    threshold: [0, 0.25, 0.5, 0.75, WHOLE, 1],
    trackVisibility: true,
    delay: REPORT_MS,
  };
  const observer = new IntersectionObserver(report, options);
  observer.observe(element);
  return {
    verdict: (click) => {
      report(observer.takeRecords());
      place();
      return rule.verdict(click);
    },
    end: () => {
      ended.abort();
      observer.disconnect();
    },
  };
}

/** Tells the rule what happens on the page. Events that a script made are not listened to. */
function listen(rule: UndisturbedClick, place: () => void, signal: AbortSignal): void {
  const options = { capture: true, passive: true, signal };
  const disturb = (): void => rule.disturbed();
  window.addEventListener('resize', disturb, options);
  document.addEventListener('scroll', disturb, options);
  document.addEventListener('visibilitychange', disturb, options);
  for (const name of ['focus', 'blur'])
    window.addEventListener(
      name,
      ({ target }) => {
        if (target === window) rule.focusMoved(); // not from one button to the next
      },
      options,
    );
  for (const name of POINTER_EVENTS)
    window.addEventListener(
      name,
      (event) => {
        if (!event.isTrusted) return;
        // A finger comes and goes with every touch: for it the place alone counts.
        const crossing = name === 'pointerover' || name === 'pointerout';
        if (crossing && event.relatedTarget === null && event.pointerType !== 'touch')
          rule.crossed();
        rule.pointer(event);
        place();
        if (name === 'pointerdown' || name === 'pointerup') rule.pressed(name === 'pointerdown');
      },
      options,
    );
  window.addEventListener('pointercancel', () => rule.pressed(false), options);
}
