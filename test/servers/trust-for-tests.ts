/** The real trust layer on an in-memory IndexedDB, for tests in Node. */
import 'fake-indexeddb/auto';
import { parsePolicy, type Policy } from '../../src/core/policy-file.ts';
import type { AskConsent, AuditRow, Receipt, ServerCall } from '../../src/core/threads.ts';
import {
  createTrust,
  type Trust,
  type TrustAsker,
  type TrustOptions,
} from '../../workers/router/trust.ts';

export const LABELS = ['card_arrival', 'lost_or_stolen_card', 'exchange_rate'];

/** A policy with one server in an allowed region that sends without asking; parts can be overridden. */
export function policyFor(baseUrl: string, change: object = {}, server: object = {}): Policy {
  const parsed = parsePolicy(
    JSON.stringify({
      version: 1,
      defaults: {
        tiers: ['rules', 'static', 'encoder', 'slm', 'server', 'person'],
        egress: 'masked',
        consent: 'auto',
      },
      servers: [{ id: 'onprem', base_url: baseUrl, model: 'test', region: 'eu', ...server }],
      regions: ['eu'],
      ...change,
    }),
  );
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

let stores = 0;

/** A connection without a person, without access tokens and without a page to tell. */
export const asker = (policy: Policy): TrustAsker => ({
  policy: () => policy,
  askConsent: () => null,
  accessToken: () => null,
  beforeLeaving: () => Promise.resolve(),
});

/** A trust layer with a store of its own, and ways to read what it recorded. */
export function trustFor(
  policy: Policy,
  ask: AskConsent | null = null,
  options: Pick<TrustOptions, 'namesIn' | 'storageKind'> = {},
) {
  const trust = createTrust({ ...options, storeName: `trust-${stores++}` });
  const server = trust.serverFor({ ...asker(policy), askConsent: () => ask });
  return { ...trust, server, rows: () => rowsOf(trust), receiptList: () => receiptsOf(trust) };
}

async function rowsOf(trust: Trust): Promise<AuditRow[]> {
  const rows = await trust.audit.export();
  if (!rows.ok) throw new Error(rows.failure.message);
  return rows.value;
}

async function receiptsOf(trust: Trust): Promise<Receipt[]> {
  const all = await trust.receipts.list();
  if (!all.ok) throw new Error(all.failure.message);
  return all.value;
}

export function callFor(text: string, change: Partial<ServerCall> = {}): ServerCall {
  return {
    requestId: 'request-1',
    task: 'classify',
    text,
    labels: LABELS,
    specialist: 'banking-tickets@1',
    deadlineAt: Date.now() + 30_000,
    ...change,
  };
}
