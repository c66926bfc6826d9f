/** The frame itself: its address, its attributes, its height, and the focus that goes in and comes back. */
import type { ConnectOptions } from './contract.ts';
import { failure } from './errors.ts';

/** Highest that a frame grows by itself, CSS px. */
export const MAX_HEIGHT_PX = 4000;
/** Until the content says how high it is, so that the page jumps little. */
const FIRST_HEIGHT_PX = { compact: 56, card: 280, full: 640 };

/** In sight of the browser, which slows down frames that are not displayed, and of nobody else. */
const UNSEEN = {
  position: 'fixed',
  top: '0',
  left: '0',
  width: '1px',
  height: '1px',
  opacity: '0',
  pointerEvents: 'none',
};

/** Where the widget is, and the origin that its messages must come from. Throws bad_request. */
export interface Address {
  href: string;
  /** What `postMessage` is told. */
  target: string;
  /** What `event.origin` must be. */
  origin: string;
}

export function addressOf({ src, sandbox }: ConnectOptions, baseUri: string): Address {
  const besideThisFile = import.meta.url;
  const url = src === undefined ? parsed('widget.html', besideThisFile) : parsed(src, baseUri);
  if (!url || !/^https?:$/.test(url.protocol))
    throw failure('bad_request', '`src` is not the http(s) address of a widget.html.');
  const tokens = sandbox?.split(/\s+/);
  if (tokens && !tokens.includes('allow-scripts'))
    throw failure('bad_request', '`sandbox` lacks allow-scripts, without which nothing runs.');
  // A frame without an origin can be addressed by the wildcard only; it is known by being this frame.
  return tokens && !tokens.includes('allow-same-origin')
    ? { href: url.href, target: '*', origin: 'null' }
    : { href: url.href, target: url.origin, origin: url.origin };
}

function parsed(address: string, base: string): URL | null {
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
}

/** Not yet in the page: whoever listens must be there before the frame loads. */
export function createFrame(
  page: Document,
  { container, title, sandbox, layout = 'card' }: ConnectOptions,
): HTMLIFrameElement {
  const frame = page.createElement('iframe');
  frame.title = title ?? 'Flotilla';
  frame.allow = 'clipboard-write; cross-origin-isolated';
  frame.loading = 'eager';
  // The address of the host page may say what a person is working on; nobody needs to know it.
  frame.referrerPolicy = 'no-referrer';
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox);
  frame.style.border = '0';
  if (container) {
    Object.assign(frame.style, { display: 'block', width: '100%' });
    frame.style.height = `${FIRST_HEIGHT_PX[layout]}px`;
  } else {
    frame.setAttribute('aria-hidden', 'true');
    frame.tabIndex = -1;
    Object.assign(frame.style, UNSEEN);
  }
  return frame;
}

export function grow(frame: HTMLIFrameElement, px: number): void {
  const height = Math.min(Math.max(Math.ceil(px), 0), MAX_HEIGHT_PX);
  frame.style.height = `${height}px`;
}

/** Hands the focus into the frame, and back to where it was before. */
export class FocusReturn {
  readonly #frame: HTMLIFrameElement;
  #before: Element | null = null;

  constructor(frame: HTMLIFrameElement) {
    this.#frame = frame;
    frame.ownerDocument.addEventListener('focusin', this.#remember);
  }

  readonly #remember = ({ target }: Event): void => {
    if (target !== this.#frame) this.#before = target as Element;
  };

  handIn(): void {
    if (!this.#hasFocus()) this.#before = this.#frame.ownerDocument.activeElement;
    this.#frame.focus();
  }

  /** Only out of the frame: what has the focus elsewhere keeps it. */
  giveBack(): void {
    if (!this.#hasFocus()) return;
    this.#frame.blur();
    if (this.#before?.isConnected) (this.#before as HTMLElement).focus();
  }

  stop(): void {
    this.#frame.ownerDocument.removeEventListener('focusin', this.#remember);
  }

  #hasFocus(): boolean {
    const root = this.#frame.getRootNode() as Document | ShadowRoot;
    return root.activeElement === this.#frame;
  }
}
