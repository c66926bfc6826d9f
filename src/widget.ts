/** Composition root of the iframe guest: meets the host page, answers its calls, mounts the form. Small until it is used. */
import { PROTOCOL } from './core/embed-protocol.ts';
import { FlotillaError, type Failure } from './core/failure.ts';
import type { FlotillaApp } from './core/threads.ts';
import { admit, type Admission } from './guest/admission.ts';
import { FormHost } from './guest/form-host.ts';
import { awaitHost, refuse, type Greeting } from './guest/handshake.ts';
import { PortServer } from './guest/port-server.ts';
import { showAlone, showRefusal } from './guest/statement.ts';
import './ui/tokens.css';

const APP_URL = new URL('.', location.href);
/** The name of this file holds a hash of its content. */
const BUILD = new URL(import.meta.url).pathname.split('/').at(-1) ?? '';

function start(target: HTMLElement): void {
  if (window.parent === window) {
    showAlone(target, APP_URL.href);
    return;
  }
  const stopListening = awaitHost(window, freshChallenge(), (greeting) => {
    void meet(greeting, target, stopListening);
  });
  // A frame that comes out of the browser's memory has lost its port.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
}

/** Not `randomUUID`, which a page that is not secure has not: such a page is to be told so. */
const freshChallenge = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Asks the policy, then connects or refuses. */
async function meet(
  greeting: Greeting,
  target: HTMLElement,
  stopListening: () => void,
): Promise<void> {
  const site = { origin: location.origin, policyUrl: new URL('policy.json', APP_URL).href };
  const admitted = await admit(greeting, site);
  if (admitted.ok) {
    connect(greeting, admitted.value, target);
    return;
  }
  stopListening();
  refuse(greeting.port, greeting.nonce, admitted.failure);
  showRefusal(target, { own: site.origin, host: greeting.origin, failure: admitted.failure });
}

const PART_MISSING: Failure = {
  code: 'file_missing',
  message: 'A part of the widget could not be loaded.',
};

function connect(
  { port, nonce, origin }: Greeting,
  admission: Admission,
  target: HTMLElement,
): void {
  const { rules, hidden } = admission;
  const form = new FormHost(origin, admission, (message) => server.post(message));
  const engine = new LazyEngine(admission, form);
  const server = new PortServer(port, nonce, {
    rules,
    app: () => engine.app(),
    onLook: (data) => {
      const look = admission.readLook(data);
      if (look) form.changeLook(look);
      return look !== null;
    },
    onTokens: (data) => {
      const tokens = admission.readTokens(data);
      if (tokens) engine.giveTokens(tokens);
      return tokens !== null;
    },
    onFocus: () => form.focus(),
  });
  window.addEventListener('pagehide', () => server.close());
  server.post({ kind: 'connected', nonce, protocol: PROTOCOL, build: BUILD, rules });
  if (hidden) return;
  void mountForm(target, form, () => engine.app()).catch(() =>
    showRefusal(target, { own: location.origin, host: origin, failure: PART_MISSING }),
  );
}

/** Loaded when the frame is visible; the engine starts when the form is used. */
async function mountForm(
  target: HTMLElement,
  host: FormHost,
  engine: () => Promise<FlotillaApp>,
): Promise<void> {
  const { mountWidget } = await import('./ui/widget/mount.ts');
  await mountWidget(target, { host, engine });
}

/** The engine of this connection, started by the first call or the first use of the form. */
class LazyEngine {
  readonly #admission: Admission;
  readonly #form: FormHost;
  #starting: Promise<FlotillaApp> | null = null;
  #tokens: Record<string, string>;

  constructor(admission: Admission, form: FormHost) {
    this.#admission = admission;
    this.#form = form;
    this.#tokens = admission.accessTokens;
  }

  /** A start that failed is forgotten, so that the next call tries again. */
  app(): Promise<FlotillaApp> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  giveTokens(tokens: Record<string, string>): void {
    this.#tokens = tokens;
    // A start that fails is told to the call that asked for it; the next one is given these.
    void this.#starting?.then(
      (app) => app.giveAccessTokens(tokens),
      () => undefined,
    );
  }

  /** Nothing is asked of the engine before it knows the limits of this connection. */
  async #start(): Promise<FlotillaApp> {
    const { openEngine } = await import('./bridge/widget-engine.ts');
    const app = openEngine();
    app.onConsent(this.#form.askConsent);
    app.onToolCall(this.#form.askToolCall);
    const limited = await app.limit(this.#admission.limits);
    if (!limited.ok) throw new FlotillaError(limited.failure);
    const given = await app.giveAccessTokens(this.#tokens);
    if (!given.ok) throw new FlotillaError(given.failure);
    return app;
  }
}

const target = document.getElementById('widget');
if (target) start(target);
