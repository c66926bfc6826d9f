/** The chat's page while the shipped model writes into a long conversation: tasks of its main thread, and how typing feels. */
import type { Page } from '@playwright/test';
import { longConversation, seed } from '../browser/conversation.ts';
import { expect, test } from '../browser/fixture.ts';

const TURNS = 400;

test('the page while the model writes', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('#/chat');
  await page.evaluate(async () => {
    await window.flotilla.models.download('house-slm');
    await window.flotilla.models.load('house-slm');
  });
  await seed(page, 'long', longConversation(TURNS));
  await page.goto('#/chat/long');
  const field = page.getByRole('textbox', { name: 'Your message' });
  await field.fill('Write a long story about a lighthouse and a ship.');
  await field.press('Enter');
  const last = page.getByRole('article', { name: 'Answer' }).last();
  await expect(last.locator('.markdown')).not.toBeEmpty({ timeout: 120_000 });
  const figures = await whileWriting(page, async () => {
    await field.pressSequentially('typing while it writes ', { delay: 60 });
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await field.pressSequentially('and some more', { delay: 60 });
  });
  await expect(page.getByRole('button', { name: 'Stop' }), 'it still writes').toBeVisible();
  console.log(
    `page while decoding, ${TURNS} messages before: longest task ${figures.cpuMs.toFixed(0)} ms of its own time ` +
      `(${figures.wallMs.toFixed(0)} ms with waiting), tasks > 50 ms: ${figures.longCpu} (${figures.longWall} with waiting), ` +
      `INP p98 ${figures.inpMs} ms of ${figures.interactions} interactions`,
  );
});

interface TaskFigures {
  cpuMs: number;
  wallMs: number;
  longCpu: number;
  longWall: number;
  inpMs: number;
  interactions: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/**
 * Tasks of the page's main thread while `work` runs, by the time that the thread itself was at work (on a machine with
 * other things to do, waiting for a processor would count as well), and the interactions of the person.
 */
async function whileWriting(page: Page, work: () => Promise<void>): Promise<TaskFigures> {
  await page.evaluate(() => {
    const heard: number[] = [];
    Object.assign(window, { interactions: heard });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
        if (entry.interactionId > 0) heard.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', '__metadata'] },
  });
  await work();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  const heard = await page.evaluate(
    () => (window as unknown as { interactions: number[] }).interactions,
  );
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events.filter(
    ({ name, pid, tid, tdur }) =>
      /RunTask$/.test(name) && tdur !== undefined && main.has(`${pid}/${tid}`),
  );
  expect(tasks.length, 'tasks in the trace').toBeGreaterThan(50);
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const wall = tasks.map(({ dur = 0 }) => dur / 1000);
  const sorted = heard.sort((a, b) => a - b);
  return {
    cpuMs: Math.max(...cpu),
    wallMs: Math.max(...wall),
    longCpu: cpu.filter((ms) => ms > 50).length,
    longWall: wall.filter((ms) => ms > 50).length,
    inpMs: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.98))] ?? 0,
    interactions: sorted.length,
  };
}
