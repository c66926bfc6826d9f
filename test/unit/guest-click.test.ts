/** When a click in the frame counts: after half a second in which nothing happened that a host could use. */
import { describe, expect, it } from 'vitest';
import { STILL_MS, UndisturbedClick } from '../../src/guest/undisturbed-click.ts';

const REAL = { isTrusted: true };
const HERE = { screenX: 510, screenY: 310, clientX: 10, clientY: 10 };
/** The same place of the frame, another one on the screen. */
const ELSEWHERE = { screenX: 540, screenY: 310, clientX: 10, clientY: 10 };
/** Another place of the same frame. */
const BESIDE = { screenX: 560, screenY: 360, clientX: 60, clientY: 60 };

function watched(supported = true) {
  const clock = { now: 1_000 };
  const rule = new UndisturbedClick(() => clock.now, supported);
  rule.seen(true);
  rule.pointer(HERE);
  const wait = (ms: number): void => void (clock.now += ms);
  return { rule, wait };
}

describe('a click', () => {
  it('counts after half a second of rest, and not before', () => {
    const { rule, wait } = watched();
    wait(STILL_MS - 1);
    expect(rule.verdict(REAL)).toBe('unsure');
    wait(1);
    expect(rule.verdict(REAL)).toBe('counts');
  });

  it('of a script never counts', () => {
    const { rule, wait } = watched();
    wait(STILL_MS);
    expect(rule.verdict({ isTrusted: false })).toBe('synthetic');
  });

  it('never counts where the browser cannot vouch for what is visible', () => {
    const { rule, wait } = watched(false);
    wait(10 * STILL_MS);
    expect(rule.verdict(REAL)).toBe('unsupported');
  });

  it('waits anew after the element was covered', () => {
    const { rule, wait } = watched();
    wait(STILL_MS);
    rule.seen(false);
    wait(10 * STILL_MS);
    expect(rule.verdict(REAL)).toBe('unsure');
    rule.seen(true);
    wait(STILL_MS - 1);
    rule.seen(true);
    expect(rule.verdict(REAL)).toBe('unsure');
    wait(1);
    expect(rule.verdict(REAL)).toBe('counts');
  });

  it('waits anew after a resize, a scroll or a change of focus', () => {
    for (const disturb of ['disturbed', 'focusMoved'] as const) {
      const { rule, wait } = watched();
      wait(STILL_MS);
      rule[disturb]();
      expect(rule.verdict(REAL)).toBe('unsure');
      wait(STILL_MS);
      expect(rule.verdict(REAL)).toBe('counts');
    }
  });

  it('may bring the focus itself', () => {
    const { rule, wait } = watched();
    wait(STILL_MS);
    rule.pressed(true);
    rule.focusMoved();
    rule.pressed(false);
    expect(rule.verdict(REAL)).toBe('counts');
    rule.focusMoved();
    expect(rule.verdict(REAL)).toBe('unsure');
  });

  it('waits anew when the frame was moved under the pointer, at once or bit by bit', () => {
    const { rule, wait } = watched();
    wait(STILL_MS);
    rule.pointer(BESIDE);
    expect(rule.verdict(REAL)).toBe('counts');
    rule.pointer(ELSEWHERE);
    expect(rule.verdict(REAL)).toBe('unsure');
    wait(STILL_MS);
    for (let px = 0; px < 3; px++) rule.pointer({ ...ELSEWHERE, screenX: ELSEWHERE.screenX + px });
    expect(rule.verdict(REAL)).toBe('unsure');
  });

  it('waits anew when the frame went away and came back to the same place', () => {
    const { rule, wait } = watched();
    wait(STILL_MS);
    rule.crossed();
    wait(STILL_MS);
    rule.crossed();
    rule.pointer(HERE);
    expect(rule.verdict(REAL)).toBe('unsure');
    wait(STILL_MS);
    rule.pointer(HERE);
    expect(rule.verdict(REAL)).toBe('counts');
  });

  it('waits anew when the element moved inside the frame', () => {
    const { rule, wait } = watched();
    const box = { x: 8, y: 80, width: 320, height: 200 };
    rule.placed(box);
    wait(STILL_MS);
    rule.placed({ ...box });
    expect(rule.verdict(REAL)).toBe('counts');
    rule.placed({ ...box, y: 140 });
    expect(rule.verdict(REAL)).toBe('unsure');
  });

  it('waits from the first pointer event on: the frame may have been anywhere before', () => {
    const clock = { now: 0 };
    const rule = new UndisturbedClick(() => clock.now, true);
    rule.seen(true);
    clock.now = 10 * STILL_MS;
    rule.pointer(HERE);
    expect(rule.verdict(REAL)).toBe('unsure');
  });
});
