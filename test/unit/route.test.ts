/** The router: who claims a text, who is surest, and what nobody claims. */
import { describe, expect, it } from 'vitest';
import { route } from '../../src/core/route.ts';
import { COMMANDS, ROUTER, TICKETS, VECTORS } from './doubles/specialist.ts';

const FLEET = [TICKETS, COMMANDS];
/** Log-odds 0: only the claim decides. */
const EVEN = () => 0.5;
const routed = (vector: number[], tier: 'static' | 'encoder' = 'static', fleet = FLEET) =>
  route(tier, Float32Array.from(vector), fleet, ROUTER, EVEN);

describe('route', () => {
  it.each([
    ['tickets', 'specialist', true, 'tickets'],
    ['commands', 'specialist', true, 'commands'],
    ['ticketsPerhaps', 'specialist', false, 'tickets'],
    ['strange', 'out_of_scope', false, undefined],
    ['openEnded', 'open_ended', false, undefined],
  ] as const)('%s: %s, sure: %s', (name, verdict, sure, first) => {
    const found = routed(VECTORS[name]);
    expect(found).toMatchObject({ verdict, sure });
    if (first) expect(found.ranked[0]?.specialist.manifest.id).toBe(first);
  });

  it('of two that claim a text alike, the one that knows its label wins', () => {
    const twin = { ...TICKETS, manifest: { ...TICKETS.manifest, id: 'twin' } };
    const sureOf = (id: string) => (s: typeof TICKETS) => (s.manifest.id === id ? 0.99 : 0.3);
    for (const id of ['tickets', 'twin']) {
      const x = Float32Array.from(VECTORS.tickets);
      const found = route('encoder', x, [TICKETS, twin], ROUTER, sureOf(id));
      expect(found.ranked[0]?.specialist.manifest.id).toBe(id);
      expect(found.sure).toBe(true);
    }
  });

  it('does not depend on the order of the fleet', () => {
    const [a, b] = [
      routed(VECTORS.commands),
      routed(VECTORS.commands, 'static', [...FLEET].reverse()),
    ];
    expect(b.classifications).toEqual(a.classifications);
    expect(FLEET[0]).toBe(TICKETS);
  });

  it('shows every specialist with its probability, best first', () => {
    const { classifications } = routed([0.5, 0.1, 0]);
    expect(classifications.map((c) => c.label)).toEqual(['tickets', 'commands']);
    expect(classifications[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-2.4)), 5);
    expect(classifications[1]?.score).toBeCloseTo(1 / (1 + Math.exp(2.4)), 5);
  });

  it('each tier has its own lead to be sure', () => {
    // Log-odds 1.5 against −1.5: a lead of 3 is enough for the encoder (2), not for static (4).
    expect(routed([0.25, 0, 0], 'static').sure).toBe(false);
    expect(routed([0.25, 0, 0], 'encoder').sure).toBe(true);
  });

  it('a text that two claim alike is not sure', () => {
    const twin = { ...TICKETS, manifest: { ...TICKETS.manifest, id: 'twin' } };
    const found = routed(VECTORS.tickets, 'encoder', [TICKETS, twin]);
    expect(found.verdict).toBe('specialist');
    expect(found.sure).toBe(false);
  });

  it('a text that reads open-ended is not sure even where a specialist claims it more', () => {
    // Log-odds 6 for tickets, 5 for open-ended.
    expect(routed([1, 0, 9 / 8])).toMatchObject({ verdict: 'specialist', sure: false });
  });

  it('one specialist alone needs no lead over another', () => {
    expect(routed(VECTORS.tickets, 'static', [TICKETS])).toMatchObject({
      verdict: 'specialist',
      sure: true,
    });
  });

  it('an empty fleet claims nothing', () => {
    expect(routed(VECTORS.tickets, 'static', [])).toMatchObject({
      ranked: [],
      classifications: [],
      verdict: 'out_of_scope',
      sure: false,
    });
  });
});
