/** What pages that share an engine are asked in tests, and which threads Chromium runs for them. */
import type { Browser, Page } from '@playwright/test';
import type { AuditRow } from '../../src/core/threads.ts';

export const TEXT = 'My new card still has not arrived, and it has been two weeks.';
const SPECIALIST = 'banking-tickets';

/** The label of one text, by the page's engine. */
export function answerOf(page: Page, text = TEXT): Promise<string | null> {
  return page.evaluate(
    async (request) => {
      const { output } = await window.flotilla.run(request);
      return (output as { label: string | null } | null)?.label ?? null;
    },
    { text, specialist: SPECIALIST },
  );
}

/** Ids of the answers to so many texts, all asked at once. */
export function manyAnswersOf(page: Page, n: number): Promise<string[]> {
  return page.evaluate(
    async ({ text, specialist, n: rows }) => {
      const runs = Array.from({ length: rows }, (_, i) =>
        window.flotilla.run({ text: `${text} Ticket ${i}.`, specialist }),
      );
      return (await Promise.all(runs)).map(({ id, status }) => `${status} ${id}`);
    },
    { text: TEXT, specialist: SPECIALIST, n },
  );
}

/** How many threads of each name Chromium runs, over all pages: `encoder`, `static`, `router`, … */
export async function countThreads(browser: Browser): Promise<Record<string, number>> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  const counts: Record<string, number> = {};
  for (const { type, url } of targetInfos) {
    if (!type.includes('worker')) continue;
    const name = /\/([a-z-]+)\.worker-[\w-]+\.js/i.exec(url)?.[1] ?? type;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The page that runs the engine, and the others. */
export function ownerAmong(pages: readonly Page[]): { owner: Page; others: Page[] } {
  const owners = pages.filter((page) => page.workers().some((one) => /router/.test(one.url())));
  const [owner] = owners;
  if (!owner || owners.length > 1) throw new Error(`${owners.length} pages run an engine.`);
  return { owner, others: pages.filter((page) => page !== owner) };
}

export function auditOf(page: Page): Promise<AuditRow[]> {
  return page.evaluate(() => window.flotilla.audit.export());
}

/** Requests of the answers in the audit, in order. */
export async function answeredIn(page: Page): Promise<string[]> {
  const rows = (await auditOf(page)).filter(({ kind }) => kind === 'answered');
  return rows.map(({ data }) => String(data['request']));
}
