/** Is this the origin of a page that can embed the widget? What is wrong says how to mend it. Pure. */

export type HostOrigin =
  | { ok: true; origin: string }
  /** `instead`: what was probably meant, where that can be told. */
  | { ok: false; problem: string; instead: string | null };

const wrong = (problem: string, instead: string | null = null): HostOrigin => ({
  ok: false,
  problem,
  instead,
});

const isThisMachine = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);

/** `own`: the origin of Flotilla itself. */
export function hostOriginOf(typed: string, own: string): HostOrigin {
  const text = typed.trim();
  if (text === '') return wrong('Type the origin of the page that is to embed the widget.');
  if (text.includes('*'))
    return wrong('There are no wildcards: each origin gets an entry of its own.');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return wrong('An origin begins with https:// .', meant(`https://${text}`));
  if (!URL.canParse(text))
    return wrong('This is no address. An origin looks like https://intranet.example');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return wrong(
      'Only pages of a web server can embed the widget: https, or http on this machine.',
    );
  if (url.username !== '' || url.password !== '')
    return wrong('An origin has no user name or password.', url.origin);
  if (url.protocol === 'http:' && !isThisMachine(url))
    return wrong(
      'Browsers lock encryption and storage in frames of a page over plain http. Serve it over https.',
      meant(text.replace(/^http:/i, 'https:')),
    );
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || text.endsWith('/'))
    return wrong('An origin ends after the host and port; paths do not count.', url.origin);
  if (url.origin === own)
    return wrong(
      'This is the origin of Flotilla itself: its pages embed the widget without an entry.',
    );
  return { ok: true, origin: url.origin };
}

const meant = (text: string): string | null => (URL.canParse(text) ? new URL(text).origin : null);
