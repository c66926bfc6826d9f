/** What sharing one engine costs and gives: start of a page, one more page, a call, and the time until the next page takes over. */
import type { Page } from '@playwright/test';
import { answerOf, ownerAmong } from '../browser/engine-pages.ts';
import { test } from '../browser/engine-site.ts';
import { expect } from '../browser/fixture.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
const CALLS = 300;

const at = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? NaN;
const figures = (values: number[]): string =>
  `p50 ${at(values, 0.5).toFixed(1)} ms, p95 ${at(values, 0.95).toFixed(1)} ms, n = ${values.length}`;

/** Milliseconds from the start of the page's navigation to its first answer. */
async function startOf(page: Page): Promise<number> {
  await answerOf(page);
  return page.evaluate(() => performance.now());
}

/** Round trips to the engine that compute nothing. */
function roundTrips(page: Page): Promise<number[]> {
  return page.evaluate(async (n) => {
    const times: number[] = [];
    for (let i = 0; i < n; i++) {
      const from = performance.now();
      await window.flotilla.policy();
      times.push(performance.now() - from);
    }
    return times.slice(20);
  }, CALLS);
}

test('the first page, and one more page', async ({ openTab }) => {
  const [first, further]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const one = await openTab();
    first.push(await startOf(one));
    const two = await openTab();
    further.push(await startOf(two));
    await two.close();
    await one.close();
  }
  console.log(`page open → first answer, engine in this page:    ${figures(first)}`);
  console.log(`page open → first answer, engine in another page: ${figures(further)}`);
});

test('a call to the engine of another page', async ({ openTab }) => {
  const pages = [await openTab(), await openTab()];
  for (const page of pages) await answerOf(page);
  const { owner, others } = ownerAmong(pages);
  const [page] = others as [Page];
  for (const one of pages) await one.evaluate(() => window.flotilla.embed('encoder', ['ready']));
  const [own, other]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(...(await roundTrips(owner)));
    other.push(...(await roundTrips(page)));
  }
  console.log(`round trip to the engine of this page:    ${figures(own)}`);
  console.log(`round trip to the engine of another page: ${figures(other)}`);
  console.log(`p50 of sharing: ${(at(other, 0.5) - at(own, 0.5)).toFixed(2)} ms`);
});

test('the page of the engine is closed: time until another page has its next answer', async ({
  openTab,
}) => {
  const tookMs: number[] = [];
  const pages = [await openTab(), await openTab(), await openTab()];
  for (let round = 0; round < ROUNDS; round++) {
    for (const page of pages) await answerOf(page);
    await pages[0]?.evaluate(() => window.flotilla.embed('encoder', ['ready']));
    const { owner, others } = ownerAmong(pages);
    await owner.close();
    const from = performance.now();
    await Promise.all(others.map((page) => answerOf(page)));
    tookMs.push(performance.now() - from);
    pages.splice(pages.indexOf(owner), 1, await openTab());
  }
  console.log(`take-over until every other page has an answer: ${figures(tookMs)}`);
  expect(at(tookMs, 0.95)).toBeLessThan(20_000);
});
