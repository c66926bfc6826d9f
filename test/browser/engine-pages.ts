/** Pages of one site that share an engine: opening them, and counting the threads that Chromium runs for them. */
import type { Browser, BrowserContext, Page } from '@playwright/test';

export const TEXT = 'My new card still has not arrived, and it has been two weeks.';
const ENGINE_MS = 120_000;

/** Opens a page and waits until its engine, wherever it is, has answered once. */
export async function openAnswering(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await answerOf(page);
  return page;
}

/** The label of one text, by the page's engine. */
export async function answerOf(page: Page, text = TEXT): Promise<string | null> {
  await page.waitForFunction(() => 'flotilla' in window, null, { timeout: ENGINE_MS });
  return page.evaluate(async (asked) => {
    const { output } = await window.flotilla.run({ text: asked, specialist: 'banking-tickets' });
    return (output as { label: string | null } | null)?.label ?? null;
  }, text);
}

/** How many threads of each name Chromium runs, over all pages: `encoder`, `static`, `router`, … */
export async function countThreads(browser: Browser): Promise<Record<string, number>> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  const counts: Record<string, number> = {};
  for (const { type, url } of targetInfos) {
    if (!type.includes('worker')) continue;
    const name = /\/([a-z-]+)(?:\.worker)?-[\w-]+\.js/i.exec(url)?.[1] ?? type;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The page whose router thread is the engine: the only one with a thread of that name. */
export function ownerOf(pages: readonly Page[]): Page {
  const owner = pages.find((page) => page.workers().some((one) => /router/.test(one.url())));
  if (!owner) throw new Error('No page runs the engine.');
  return owner;
}
