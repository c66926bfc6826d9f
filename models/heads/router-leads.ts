/** How far ahead a route must be to be taken without asking the next tier: measured on held-out texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { headsFromBytes } from '../../src/core/head-file.ts';
import { belongsTo, type LinearHead } from '../../src/core/score.ts';
import { seeded, shuffled } from '../../src/core/random.ts';
import type { Corpora } from './corpora.ts';
import { FLEET_DIR } from './fleet-files.ts';

const TEXTS_PER_CORPUS = 400;
/** Routes taken at once are right at least this often. */
const SURE = 0.99;

const headOf = (id: string, name: string): LinearHead => {
  const heads = headsFromBytes(
    new Uint8Array(readFileSync(join(FLEET_DIR, id, '1.0.0/head.safetensors'))),
  );
  const head = heads.ok ? heads.value[name] : undefined;
  if (!head) throw new Error(`${id} has no ${name}`);
  return head;
};

export async function routerLeads(
  page: Page,
  { corpora, openEnded }: Corpora,
): Promise<{ static: number; encoder: number }> {
  const rows = corpora.flatMap(({ id, heldOut }) =>
    [...shuffled(heldOut.length, seeded(11)).subarray(0, TEXTS_PER_CORPUS)].map((i) => ({
      id,
      text: heldOut[i]?.text ?? '',
    })),
  );
  rows.push(
    ...openEnded.filter((_, i) => i % 20 === 0).map((text) => ({ id: 'open-ended', text })),
  );
  const leads = { static: 0, encoder: 0 };
  for (const tier of ['static', 'encoder'] as const) {
    const heads = corpora.map(({ id }) => ({ id, head: headOf(id, `${tier}.label`) }));
    heads.push({ id: 'open-ended', head: headOf('router', `${tier}.open-ended`) });
    const dims = tier === 'static' ? 256 : 384;
    const embedded = await page.evaluate(
      async ([name, all]) => [...(await window.flotilla.embed(name, all))],
      [tier, rows.map((row) => row.text)] as ['static' | 'encoder', string[]],
    );
    const vectors = Float32Array.from(embedded);
    const routed = rows.map((row, i) => {
      const ranked = heads
        .map(({ id, head }) => ({
          id,
          score: belongsTo(head, vectors.subarray(i * dims, (i + 1) * dims)),
        }))
        .sort((a, b) => b.score - a.score);
      return {
        right: ranked[0]?.id === row.id,
        lead: (ranked[0]?.score ?? 0) - (ranked[1]?.score ?? 0),
      };
    });
    leads[tier] = smallestLead(routed);
    const sure = routed.filter((r) => r.lead >= leads[tier]);
    console.log(
      `router, ${tier}: right ${(routed.filter((r) => r.right).length / routed.length).toFixed(4)} of ${routed.length}; lead ${leads[tier].toFixed(2)} taken for ${(sure.length / routed.length).toFixed(3)}`,
    );
  }
  return leads;
}

/** The smallest lead from which at least `SURE` of the routes are right. */
function smallestLead(routed: { right: boolean; lead: number }[]): number {
  const sorted = [...routed].sort((a, b) => b.lead - a.lead);
  let right = 0;
  let best = 1e9;
  sorted.forEach((route, i) => {
    right += route.right ? 1 : 0;
    if (right / (i + 1) >= SURE) best = route.lead;
  });
  return best;
}
