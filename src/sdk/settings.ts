/** What a page hands to the frame when it connects, and changes later on. */
import type { GuestOptions, WidgetLook } from '../core/embed-protocol.ts';
import type { HostRules } from '../core/policy-schema.ts';
import type { ConnectOptions } from './contract.ts';
import { failure } from './errors.ts';

/** As the frame reads it; the `lang` of a page may be anything. */
const LANGUAGE = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

/** Throws bad_request. `isKnown`: the frame has an origin by which it is known. */
export function settingsOf(
  options: ConnectOptions,
  page: Document,
  isKnown: boolean,
): GuestOptions {
  const { container, policy, accessTokens } = options;
  const { lang } = page.documentElement;
  return {
    hidden: container === undefined,
    ...(LANGUAGE.test(lang) && { language: lang }),
    ...lookOf(options),
    // As the page wrote it: the frame reads it with the schema.
    ...(policy !== undefined && { policy: policy as HostRules }),
    ...(accessTokens !== undefined && { accessTokens: tokensOf(accessTokens, isKnown) }),
  };
}

/** Only what is looks, and was set. */
export function lookOf({
  layout,
  theme,
  language,
  task,
  specialist,
  text,
}: WidgetLook): WidgetLook {
  const look = { layout, theme, language, task, specialist, text };
  return Object.fromEntries(Object.entries(look).filter(([, value]) => value !== undefined));
}

export function tokensOf(
  accessTokens: Record<string, string>,
  isKnown: boolean,
): Record<string, string> {
  if (!isKnown)
    throw failure('bad_request', 'A sandboxed frame without an origin gets no access tokens.');
  if (!Object.values(accessTokens).every((token) => typeof token === 'string'))
    throw failure('bad_request', 'An access token is not a string.');
  return { ...accessTokens };
}
