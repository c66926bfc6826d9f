/** Several pages of one site share one engine, and go on when the page that runs it is gone. */
import { expect, test } from './fixture.ts';
import { answerOf, countThreads, openAnswering, ownerOf } from './engine-pages.ts';

test.setTimeout(300_000);

test('eight tabs, one engine', async ({ browser, context, site }) => {
  const pages = [];
  for (let i = 0; i < 8; i++) pages.push(await openAnswering(context, site.url));
  const labels = await Promise.all(pages.map((page) => answerOf(page)));
  expect(new Set(labels)).toEqual(new Set(['card_arrival']));
  const threads = await countThreads(browser);
  console.log(JSON.stringify(threads));
  console.log(pages.map((p) => p.workers().map((w) => w.url()).join(' ')).join('\n'));
  const owner = ownerOf(pages);
  const t = Date.now();
  await owner.close();
  const rest = pages.filter((page) => page !== owner);
  console.log(await Promise.all(rest.map((page) => answerOf(page))), Date.now() - t);
  console.log(JSON.stringify(await countThreads(browser)));
});
