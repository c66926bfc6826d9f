/** `npm run evaluate`: figures of the shipped fleet on held-out rows, through the shipped code in real Chromium. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadCorpora, hasData } from '../../models/heads/corpora.ts';
import { outOfScopeOf } from '../../models/heads/out-of-scope.ts';
import { DESCRIPTIONS } from '../../models/heads/specialists.ts';
import { wilson } from '../../src/core/binomial.ts';
import { expect, test } from '../browser/fixture.ts';
import { measureHalf, spread, type HalfFigures } from './figures.ts';
import { embedOn, shipped } from '../../models/heads/held-out.ts';

const HALVES = Number(process.env['EVALUATE_HALVES'] ?? 40);
const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};

test.skip(!hasData(), 'the data folder is not here (set FLOTILLA_DATA)');

test('specialists on held-out rows', async ({ page }) => {
  const all = loadCorpora();
  await page.goto('/');
  await page.evaluate(() => window.flotilla.embed('encoder', ['warm up']));
  for (const { id, heldOut } of all.corpora) {
    const specialist = shipped(id);
    const { labels } = specialist.manifest;
    const outside = outOfScopeOf(id, all);
    const known = Int32Array.from(heldOut, (row) => labels.indexOf(row.label));
    const inside = await embedOn(
      page,
      heldOut.map((row) => row.text),
      known,
    );
    const out = await embedOn(page, outside, new Int32Array(outside.length).fill(-1));
    const share = DESCRIPTIONS[id]?.outOfScopeShare ?? 0.1;
    const halves = Array.from({ length: HALVES }, (_, i) =>
      measureHalf(specialist, inside, out, share, i + 1),
    );
    report(id, heldOut.length, outside.length, share, halves);
    expect(halves[0]?.accuracy).toBeGreaterThan(0);
  }
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/evaluate.md', `${lines.join('\n')}\n`);
});

function report(
  id: string,
  n: number,
  outside: number,
  share: number,
  halves: HalfFigures[],
): void {
  const all = (pick: (h: HalfFigures) => number, percent = true): string =>
    spread(halves.map(pick), percent);
  const accuracy = halves.reduce((sum, h) => sum + h.accuracy, 0) / halves.length;
  const [low, high] = wilson(Math.round(accuracy * n), n);
  say(`\n### ${id} (${n} held-out rows, ${outside} out of scope, assumed share ${share * 100} %)`);
  say('| figure | value, % unless said; mean (5th–95th percentile of random halves) |\n|---|---|');
  say(
    `| accuracy, all held-out rows | ${(accuracy * 100).toFixed(1)} (95 % interval ${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}) |`,
  );
  say(`| accuracy of the static tier alone | ${all((h) => h.staticAccuracy)} |`);
  say(
    `| ECE in the assumed mix, equal mass / equal width | ${all((h) => h.ece, false)} / ${all((h) => h.eceEqualWidth, false)} |`,
  );
  say(`| AURC, in scope | ${all((h) => h.aurc, false)} |`);
  say(
    `| out-of-scope AUROC / recall where 95 % of in-scope is kept | ${all((h) => h.auroc, false)} / ${all((h) => h.oosRecall)} |`,
  );
  for (const risk of [0.01, 0.02, 0.05]) {
    const certified = halves.flatMap((h) => h.certified[risk] ?? []);
    const broken = certified.filter((c) => c.error > risk).length;
    say(
      `| coverage at ${risk * 100} % observed risk, in scope | ${all((h) => h.coverageAtRisk[risk] ?? NaN)} |`,
    );
    say(
      `| certified ≤ ${risk * 100} % (95 % sure): accepted / error in the mix | ${spread(certified.map((c) => c.coverage))} / ${spread(certified.map((c) => c.error))}; given in ${certified.length} of ${halves.length} halves, above the promise in ${broken} |`,
    );
  }
  say(
    `| settled by the static tier at ≤ 5 % / its precision, in scope | ${all((h) => h.settledByStatic)} / ${all((h) => h.settledPrecision)} |`,
  );
}

test('router on held-out texts', async ({ page }) => {
  const all = loadCorpora();
  await page.goto('/');
  const rows = all.corpora.flatMap(({ id, heldOut }) =>
    heldOut.slice(0, 300).map(({ text }) => ({ id, text })),
  );
  rows.push(
    ...all.openEnded.filter((_, i) => i % 20 === 0).map((text) => ({ id: 'open_ended', text })),
  );
  const routed = await page.evaluate(
    async (texts) => {
      const out: { first: string; reason: string; tier: string; status: string }[] = [];
      for await (const { decision, status } of window.flotilla.runBatch(
        texts.map((text) => ({ text })),
      )) {
        out.push({
          first: decision.classifications[0]?.label ?? '',
          reason: decision.reason,
          tier: decision.tier,
          status,
        });
      }
      return out;
    },
    rows.map((row) => row.text),
  );
  const right = routed.map((r, i) =>
    rows[i]?.id === 'open_ended'
      ? r.reason === 'open_ended'
      : r.first === rows[i]?.id && r.reason !== 'open_ended',
  );
  say('\n### Router (untyped requests, whole cascade)');
  say('| texts of | n | routed there | accepted without a person |\n|---|---|---|---|');
  for (const id of [...all.corpora.map((c) => c.id), 'open_ended']) {
    const these = rows.flatMap((row, i) => (row.id === id ? [i] : []));
    const hits = these.filter((i) => right[i]).length;
    const [low, high] = wilson(hits, these.length);
    const accepted = these.filter((i) => routed[i]?.status === 'accepted').length;
    say(
      `| ${id} | ${these.length} | ${((hits / these.length) * 100).toFixed(1)} % (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}) | ${((accepted / these.length) * 100).toFixed(1)} % |`,
    );
  }
  say(
    `| all | ${rows.length} | ${((right.filter(Boolean).length / rows.length) * 100).toFixed(1)} % | |`,
  );
  writeFileSync('test-results/evaluate.md', `${lines.join('\n')}\n`);
  expect(routed.length).toBe(rows.length);
});
