/** What the embed tests do on a host page: embed the widget, call it, read what it says. */
import type { Page } from '@playwright/test';
import type { Answer, ClassifyOutput } from '../../src/core/answer.ts';
import type { GuestOptions, ToHost, WireFailure } from '../../src/core/embed-protocol.ts';
import type { Opening } from './embed-host.ts';

/** A ticket that the shipped fleet answers with `card_arrival`. */
export const TEXT = 'my new card has not arrived yet';

export const widgetOf = (site: { url: string }): string => new URL('widget.html', site.url).href;
export const labelOf = ({ output }: Answer): string | null | undefined =>
  (output as ClassifyOutput | null)?.label;

/** Opens a host page and embeds the widget in it; resolves to its first word, null if it says none. */
export async function embed(
  page: Page,
  host: string,
  src: string,
  options: GuestOptions = { hidden: true },
  how: Opening = {},
): Promise<ToHost | null> {
  await page.goto(`${host}/portal`);
  return open(page, src, options, how);
}

/** Embeds the widget in the host page that is open. */
export const open = (
  page: Page,
  src: string,
  options: GuestOptions = { hidden: true },
  how: Opening = {},
): Promise<ToHost | null> =>
  page.evaluate(
    async (given) => (await window.host.open(given.src, given.options, given.how)).hello,
    { src, options, how },
  );

/** One call of the widget that was embedded last. */
export const call = <T>(page: Page, name: string, args: unknown[] = []) =>
  page.evaluate(([called, given]) => window.host.last.call(called, given), [
    name,
    args,
  ] as const) as Promise<{
    value: T;
    failure?: WireFailure;
  }>;

export const codeOf = async (page: Page, name: string, args: unknown[] = []) =>
  (await call(page, name, args)).failure?.code;
