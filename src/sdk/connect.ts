/** `connect`: puts the frame into the page, waits for the handshake and hands out the connection. */
import { checked } from './ask.ts';
import type { ConnectOptions, FlotillaConnection } from './contract.ts';
import { failure } from './errors.ts';
import { addressOf, createFrame, FocusReturn, grow } from './frame.ts';
import { Link, type PageMessage } from './link.ts';
import { offer } from './offer.ts';
import { lookOf, settingsOf, tokensOf } from './settings.ts';

const CONNECT_TIMEOUT_MS = 20_000;

/**
 * Puts Flotilla into a frame of this page and connects to it.
 *
 * Rejects with FlotillaError: `frame_blocked` (nothing answers at the address), `embedding_denied` (the policy does not
 * name this page), `version_mismatch`, `timed_out`, `cancelled`, `bad_request`, `policy_denied`, `policy_invalid`.
 */
export async function connect(options: ConnectOptions = {}): Promise<FlotillaConnection> {
  const { container, signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  check(options);
  const page = container?.ownerDocument ?? document;
  const address = addressOf(options, page.baseURI);
  const isKnown = address.target !== '*';
  const settings = settingsOf(options, page, isKnown);
  const frame = createFrame(page, options);
  const focus = new FocusReturn(frame);
  const onMessage = (message: PageMessage): void => hear(message, { frame, focus, options });
  const link = new Link({ frame, address, timeoutMs, guestOptions: () => settings, onMessage });
  const close = (why: string): void => {
    link.close(failure('cancelled', why));
    focus.stop();
    frame.remove();
  };
  const giveUp = (): void => close('Connecting was cancelled.');
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const connected = link.connected();
    frame.src = address.href;
    (container ?? page.body).append(frame);
    const site = await connected;
    return {
      ...offer(link.calls),
      frame,
      get rules() {
        return (link.site ?? site).rules;
      },
      get build() {
        return (link.site ?? site).build;
      },
      get ignoredMessages() {
        return link.ignoredMessages;
      },
      setLook: (look) => {
        const changed = lookOf(look);
        link.post({ kind: 'look', look: changed });
        Object.assign(settings, changed);
      },
      giveAccessTokens: (given) => {
        const accessTokens = { ...settings.accessTokens, ...tokensOf(given, isKnown) };
        link.post({ kind: 'tokens', accessTokens });
        settings.accessTokens = accessTokens;
      },
      focus: () => {
        focus.handIn();
        link.post({ kind: 'focus' });
      },
      close: () => close('The connection was closed.'),
    };
  } catch (error) {
    close('There was no connection.');
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

function check(options: ConnectOptions): void {
  const { container, signal } = checked(options);
  // What a look-up by a wrong id gives is no wish for a hidden frame.
  if (container !== undefined && !(container as Element | null)?.ownerDocument)
    throw failure('bad_request', '`container` is not an element of a page.');
  if (signal?.aborted) throw failure('cancelled', 'The signal was aborted before connecting.');
}

interface Place {
  frame: HTMLIFrameElement;
  focus: FocusReturn;
  options: ConnectOptions;
}

/** What the page's own listeners throw is theirs: they are called in a task of their own. */
function hear(message: PageMessage, { frame, focus, options }: Place): void {
  const { container, autoHeight = true, onAnswered, onCorrected } = options;
  if (message.kind === 'height') {
    if (container && autoHeight) grow(frame, message.px);
  } else if (message.kind === 'leave') focus.giveBack();
  else if (message.kind === 'answered') queueMicrotask(() => onAnswered?.(message.answer));
  else queueMicrotask(() => onCorrected?.(message.answer, message.label));
}
