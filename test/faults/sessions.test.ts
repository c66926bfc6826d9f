/** Connections to one engine do not see each other's limits, questions and access tokens, and end without a trace. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SessionLimits } from '../../src/core/door.ts';
import { ok } from '../../src/core/failure.ts';
import { policyInForce, type Policy } from '../../src/core/policy-file.ts';
import type { ServerOutcome } from '../../src/core/threads.ts';
import type { Engine } from '../../workers/router/engine.ts';
import { Session } from '../../workers/router/session.ts';
import { createTrust } from '../../workers/router/trust.ts';
import { completion, json, startHostile, status, type HostileServer } from '../servers/hostile.ts';
import { callFor, policyFor } from '../servers/trust-for-tests.ts';

const TEXT = 'My card was stolen, write to anna@mail.example.';
const GOOD = json(completion({ label: 'card_arrival', evidence: '' }));
const TOKEN = 'secret-0123456789';
const ASKING = {
  defaults: {
    tiers: ['rules', 'static', 'encoder', 'server', 'person'],
    egress: 'masked',
    consent: 'ask',
  },
};

let server: HostileServer;
const headers: (string | undefined)[] = [];
let answer = GOOD;
beforeAll(async () => {
  server = await startHostile();
  server.behave((response, request, count) => {
    headers.push(request.headers.authorization);
    answer(response, request, count);
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  headers.length = 0;
  server.bodies.length = 0;
  answer = GOOD;
});

let stores = 0;

/** The part of an engine that a session's calls to a server need, with the real trust layer. */
function engineWith(policy: Policy) {
  const trust = createTrust({ storeName: `sessions-${stores++}` });
  const engine = { policy: { ...policyInForce(null), policy }, trust } as unknown as Engine;
  return {
    trust,
    open: (isHome = false) => new Session(() => Promise.resolve(ok(engine)), isHome),
  };
}

/** Sends one text to the server on behalf of the session. */
async function send(session: Session, call = 'call', text = TEXT): Promise<ServerOutcome> {
  const sent = await session.cancellable(call, async (_engine, caller, signal) =>
    ok(await caller.server.classify({ ...callFor(text), signal })),
  );
  if (!sent.ok) throw new Error(sent.failure.message);
  return sent.value;
}

const codeOf = ({ result }: ServerOutcome): string | null =>
  result.ok ? null : result.failure.code;

describe('limits', () => {
  it('of one connection do not touch another', async () => {
    const { open } = engineWith(policyFor(server.baseUrl));
    const [tight, free] = [open(), open()];
    expect(tight.limit({ policy: { mode: 'only_on_device' } } as SessionLimits).ok).toBe(true);
    expect(codeOf(await send(tight))).toBe('policy_denied');
    expect(codeOf(await send(free))).toBeNull();
    expect(server.bodies).toHaveLength(1);
  });

  it('hold for a call that is under way: the policy is read again at the socket', async () => {
    const { open } = engineWith(policyFor(server.baseUrl, ASKING));
    const session = open();
    session.askConsent = () => {
      session.limit({ policy: { mode: 'only_on_device' } } as SessionLimits);
      return Promise.resolve(true);
    };
    expect(codeOf(await send(session))).toBe('policy_denied');
    expect(server.bodies).toEqual([]);
  });

  it('that cannot be read are refused', () => {
    const { open } = engineWith(policyFor(server.baseUrl));
    const bad = { policy: { servers: 7 } } as unknown as SessionLimits;
    expect(open().limit(bad)).toMatchObject({ failure: { code: 'policy_invalid' } });
  });
});

describe('a question to the person', () => {
  it('goes to the connection whose call it is, and to no other', async () => {
    const { open } = engineWith(policyFor(server.baseUrl, ASKING));
    const [mine, other] = [open(), open()];
    const asked: string[] = [];
    mine.askConsent = () => Promise.resolve(asked.push('mine') > 0);
    other.askConsent = () => Promise.resolve(asked.push('other') > 0);
    expect(codeOf(await send(mine))).toBeNull();
    expect(asked).toEqual(['mine']);
    other.askConsent = null;
    expect(codeOf(await send(other))).toBe('consent_denied');
    expect(asked).toEqual(['mine']);
  });

  it('is answered no when its page goes away', async () => {
    const { open, trust } = engineWith(policyFor(server.baseUrl, ASKING));
    const session = open();
    const asked = new Promise<void>((resolve) => {
      session.askConsent = () => (resolve(), new Promise(() => undefined));
    });
    const sending = send(session);
    await asked;
    session.close();
    expect(codeOf(await sending)).toBe('cancelled');
    expect(server.bodies).toEqual([]);
    const rows = await trust.audit.export();
    expect(rows.ok && rows.value.map(({ kind }) => kind)).toEqual(['denied']);
  });
});

describe('what may leave is told to the page first', () => {
  it('and waits until the page knows', async () => {
    const { open } = engineWith(policyFor(server.baseUrl));
    const session = open();
    let tell = (): void => undefined;
    const told = new Promise<string>((resolve) => {
      session.onLeaving = (call) => (resolve(call), new Promise((known) => (tell = known)));
    });
    const sending = send(session, 'call-7');
    expect(await told).toBe('call-7');
    expect(server.bodies).toEqual([]);
    tell();
    expect(codeOf(await sending)).toBeNull();
    expect(server.bodies).toHaveLength(1);
  });

  it('and nothing leaves when the page goes away instead', async () => {
    const { open } = engineWith(policyFor(server.baseUrl));
    const session = open();
    const told = new Promise<void>((resolve) => {
      session.onLeaving = () => (resolve(), new Promise(() => undefined));
    });
    const sending = send(session);
    await told;
    session.close();
    expect(codeOf(await sending)).toBe('cancelled');
    expect(server.bodies).toEqual([]);
  });
});

describe('an access token', () => {
  it('is sent to its server, for its connection only, and is written nowhere', async () => {
    const elsewhere = await startHostile();
    const others: (string | undefined)[] = [];
    elsewhere.behave((response, request, count) => {
      others.push(request.headers.authorization);
      GOOD(response, request, count);
    });
    const both = policyFor(server.baseUrl, {
      servers: [
        { id: 'onprem', base_url: server.baseUrl, model: 'test', region: 'eu', allowed_fails: 1 },
        { id: 'second', base_url: elsewhere.baseUrl, model: 'test', region: 'eu' },
      ],
    });
    const { open, trust } = engineWith(both);
    const [mine, other] = [open(), open()];
    expect(await mine.giveAccessTokens({ onprem: TOKEN })).toEqual(ok(null));
    await send(mine);
    await send(other);
    expect(headers).toEqual([`Bearer ${TOKEN}`, undefined]);

    answer = status(500);
    const failed = await send(mine); // the first server rests now; the second one gets no token of the first
    await send(mine);
    expect(others).toEqual([undefined]);
    await elsewhere.stop();

    const written = JSON.stringify([
      await trust.audit.export(),
      await trust.receipts.list(),
      failed,
      server.bodies,
    ]);
    expect(written).not.toContain(TOKEN);
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await startHostile();
    answer = status(307, { location: `${elsewhere.baseUrl}/chat/completions` });
    const session = engineWith(policyFor(server.baseUrl)).open();
    await session.giveAccessTokens({ onprem: TOKEN });
    expect(codeOf(await send(session))).toBe('server_unreachable');
    expect(elsewhere.connections()).toBe(0);
    await elsewhere.stop();
  });

  it('is replaced by the next one, and forgotten when the connection ends', async () => {
    const session = engineWith(policyFor(server.baseUrl)).open();
    await session.giveAccessTokens({ onprem: TOKEN });
    await session.giveAccessTokens({ onprem: 'fresh' });
    await send(session);
    await session.giveAccessTokens({});
    await send(session);
    expect(headers).toEqual(['Bearer fresh', undefined]);
  });

  it.each([
    ['no object', 'onprem'],
    ['a number', { onprem: 7 }],
    ['an empty one', { onprem: '' }],
    ['a line break', { onprem: 'a\r\nx-other: b' }],
    ['letters outside ASCII', { onprem: 'é' }],
    ['more than 8 KB', { onprem: 'x'.repeat(8193) }],
    ['a server that the policy does not name', { elsewhere: TOKEN }],
    ['an id that is none', { 'http://x.example': TOKEN }],
  ])('%s is refused without being repeated', async (_, given) => {
    const session = engineWith(policyFor(server.baseUrl)).open();
    const refused = await session.giveAccessTokens(given);
    expect(refused).toMatchObject({ failure: { code: 'bad_request' } });
    expect(JSON.stringify(refused)).not.toContain(TOKEN);
  });
});

describe('a connection that ends', () => {
  it('cancels what it has under way and takes nothing new; others go on', async () => {
    const { open } = engineWith(policyFor(server.baseUrl, {}, { timeout_ms: 20_000 }));
    const [gone, stays] = [open(), open()];
    let arrived = (): void => undefined;
    const reached = new Promise<void>((resolve) => (arrived = resolve));
    answer = () => arrived();
    const sending = send(gone);
    await reached;
    let stopped = 0;
    gone.onClose(() => (stopped += 1));
    gone.close();
    expect(codeOf(await sending)).toBe('cancelled');
    expect(stopped).toBe(1);
    await expect(send(gone)).rejects.toThrow('gone');
    answer = GOOD;
    expect(codeOf(await send(stays))).toBeNull();
  });

  it('shares the circuit breakers: a server that failed for one rests for all', async () => {
    const { open } = engineWith(policyFor(server.baseUrl, {}, { allowed_fails: 1 }));
    answer = status(500);
    expect(codeOf(await send(open()))).toBe('server_error');
    expect(codeOf(await send(open()))).toBe('circuit_open');
  });
});
