/** Speed of the whole app: cold page to first accepted answer, training in the tab, rows per second in a batch. */
import { hasData, loadCorpora } from '../../models/heads/corpora.ts';
import { expect, test } from '../browser/fixture.ts';

/** First the example of the first visit. */
const TICKETS = [
  'My new card still has not arrived, and it has been two weeks. Can you find out where it is?',
  'Could you book a table for four at an Italian place tonight at seven?',
  'what is the exchange rate from dollars to yen',
];
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);

const middle = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const worst = (values: number[]): number => Math.max(...values);

/** Milliseconds from the start of the navigation to the first accepted answer, and who gave it. */
const FIRST_ANSWER = async (texts: string[]) => {
  for (const text of texts) {
    const answer = await window.flotilla.run({ text });
    if (answer.status === 'accepted')
      return { ms: performance.now(), tier: answer.decision.tier, asked: text };
  }
  return { ms: NaN, tier: 'none', asked: '' };
};

test('cold page to first accepted answer', async ({ browser, site }) => {
  const cold: { ms: number; bytes: number; tier: string }[] = [];
  const cached: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    let bytes = 0;
    const session = await context.newCDPSession(page);
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    page.on(
      'requestfinished',
      (request) =>
        void request
          .sizes()
          .then((s) => (bytes += s.responseBodySize + s.responseHeadersSize))
          .catch(() => undefined),
    );
    await page.goto(site.url, { waitUntil: 'commit' });
    await page.waitForFunction(() => 'flotilla' in window);
    const first = await page.evaluate(FIRST_ANSWER, TICKETS);
    cold.push({ ms: first.ms, bytes, tier: first.tier });
    await page.evaluate(() => window.flotilla.embed('encoder', ['ready']));
    // Until then the shell still fetches the rest of the fleet beside whatever is asked.
    await page
      .getByText('Flotilla now works without a network')
      .last()
      .waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
    await page.goto(site.url, { waitUntil: 'commit' });
    await page.waitForFunction(() => 'flotilla' in window);
    cached.push((await page.evaluate(FIRST_ANSWER, TICKETS)).ms);
    await context.close();
  }
  console.log(
    `cold page to first accepted answer: median ${middle(cold.map((c) => c.ms)).toFixed(0)} ms, worst ${worst(cold.map((c) => c.ms)).toFixed(0)} ms of ${ROUNDS}; ${(middle(cold.map((c) => c.bytes)) / 1e6).toFixed(2)} MB until then; tier ${cold[0]?.tier ?? ''}`,
  );
  console.log(
    `second visit: median ${middle(cached).toFixed(0)} ms, worst ${worst(cached).toFixed(0)} ms of ${ROUNDS}`,
  );
  expect(cold.length).toBe(ROUNDS);
});

test('train 3,000 rows in the tab, and again', async ({ page }) => {
  test.skip(!hasData(), 'the data folder is not here (set FLOTILLA_DATA)');
  await page.goto('/');
  await page.evaluate(() => window.flotilla.embed('encoder', ['ready']));
  const rows =
    loadCorpora()
      .corpora.find((c) => c.id === 'home-commands')
      ?.train.filter((_, i) => i % 3 === 0)
      .slice(0, 3000) ?? [];
  const times: number[] = [];
  for (let round = 0; round < 2; round++) {
    const { ms, card } = await page.evaluate(async (given) => {
      const from = performance.now();
      const trained = await window.flotilla.train({
        id: 'bench-rows',
        title: 'Bench',
        task: 'classify',
        rows: given,
        maxError: 0.05,
      });
      return { ms: performance.now() - from, card: trained };
    }, rows);
    times.push(ms);
    const { accuracy, n } = card.evaluation;
    console.log(
      `train ${rows.length} rows, ${card.labels.length} labels, round ${round + 1}: ${(ms / 1000).toFixed(1)} s; accuracy ${(accuracy * 100).toFixed(1)} % of ${n}; ${card.certificate ? `accepts ${(card.certificate.coverage * 100).toFixed(0)} % at ≤ 5 %` : card.noCertificateReason}`,
    );
  }
  expect(times.length).toBe(2);
});

test('rows per second in a batch, and long tasks of the page', async ({ page }) => {
  test.skip(!hasData(), 'the data folder is not here (set FLOTILLA_DATA)');
  await page.goto('/');
  await page.evaluate(() => window.flotilla.embed('encoder', ['ready']));
  const texts =
    loadCorpora()
      .corpora.find((c) => c.id === 'assistant-requests')
      ?.heldOut.map((row) => row.text) ?? [];
  const result = await page.evaluate(async (given) => {
    const long: number[] = [];
    new PerformanceObserver((list) =>
      list.getEntries().forEach((entry) => long.push(entry.duration)),
    ).observe({ entryTypes: ['longtask'] });
    const from = performance.now();
    let rows = 0;
    let settled = 0;
    for await (const { decision } of window.flotilla.runBatch(
      given.map((text) => ({ text, specialist: 'assistant-requests' })),
    )) {
      rows++;
      if (decision.tier === 'static') settled++;
    }
    return { perSecond: rows / ((performance.now() - from) / 1000), rows, settled, long };
  }, texts);
  console.log(
    `batch of ${result.rows} rows: ${result.perSecond.toFixed(0)} rows/s; ${((result.settled / result.rows) * 100).toFixed(1)} % settled by the static tier; page tasks > 50 ms: ${result.long.length}${result.long.length ? `, worst ${Math.max(...result.long).toFixed(0)} ms` : ''}`,
  );
  expect(result.rows).toBe(texts.length);
});
