/** How far ahead a route must be to be taken without asking the next tier: measured on held-out texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { headsFromBytes } from '../../src/core/head-file.ts';
import { route } from '../../src/core/route.ts';
import type { LoadedSpecialist, RouterHead } from '../../src/core/specialist.ts';
import { run } from '../../workers/tasks/classify/run.ts';
import type { Corpora } from './corpora.ts';
import { FLEET_DIR } from './fleet-files.ts';
import { embedOn, shipped } from './held-out.ts';
import { sample } from './out-of-scope.ts';

const TEXTS_PER_CORPUS = 400;
/** Routes taken at once are right at least this often. */
const SURE = 0.98;

/** The router's open-ended rows as they are stored. */
function openEndedRows(): RouterHead['openEnded'] {
  const file = join(FLEET_DIR, 'router/1.0.0/head.safetensors');
  const heads = headsFromBytes(new Uint8Array(readFileSync(file)));
  const onStatic = heads.ok ? heads.value['static.open-ended'] : undefined;
  const onEncoder = heads.ok ? heads.value['encoder.open-ended'] : undefined;
  if (!onStatic || !onEncoder) throw new Error('the router has no open-ended rows');
  return { static: onStatic.belongs, encoder: onEncoder.belongs };
}

/** Routes held-out texts with the app's own router and prints how often it is right. */
export async function routerLeads(
  page: Page,
  { corpora, openEnded }: Corpora,
): Promise<RouterHead['sureLead']> {
  const rows = corpora.flatMap(({ id, heldOut }) =>
    sample(heldOut, TEXTS_PER_CORPUS, 11).map(({ text }) => ({ id, text })),
  );
  rows.push(
    ...openEnded.filter((_, i) => i % 20 === 0).map((text) => ({ id: 'open-ended', text })),
  );
  const texts = rows.map((row) => row.text);
  const vectors = await embedOn(page, texts, new Int32Array(texts.length).fill(-1));
  const specialists = corpora.map(({ id }): LoadedSpecialist => {
    const { manifest, heads } = shipped(id);
    return { manifest, heads, facetHeads: [], origin: 'shipped', sizeBytes: 0 };
  });
  const router = { openEnded: openEndedRows(), sureLead: { static: 0, encoder: 0 } };
  for (const tier of ['static', 'encoder'] as const) {
    const routed = rows.map(({ id }, i) => {
      const embeddings = {
        static: { vector: rowOf(vectors.static, i, rows.length), cut: false },
        encoder: { vector: rowOf(vectors.encoder, i, rows.length), cut: false },
      };
      const confidenceOf = (specialist: LoadedSpecialist): number =>
        run(tier, specialist, embeddings).confidence;
      const found = route(tier, embeddings[tier].vector, specialists, router, confidenceOf);
      const first =
        found.verdict === 'open_ended' ? 'open-ended' : found.ranked[0]?.specialist.manifest.id;
      return { right: first === id, lead: found.verdict === 'specialist' ? found.lead : -Infinity };
    });
    router.sureLead[tier] = smallestLead(routed.filter((r) => r.lead > -Infinity));
    const sure = routed.filter((r) => r.lead >= router.sureLead[tier]).length / routed.length;
    const right = routed.filter((r) => r.right).length / routed.length;
    console.log(
      `router, ${tier}: right ${right.toFixed(4)} of ${routed.length}; lead ${router.sureLead[tier].toFixed(2)} taken for ${sure.toFixed(3)}`,
    );
  }
  return router.sureLead;
}

const rowOf = (all: Float32Array, i: number, rows: number): Float32Array => {
  const dims = all.length / rows;
  return all.subarray(i * dims, (i + 1) * dims);
};

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
