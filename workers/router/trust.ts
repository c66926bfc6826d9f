/** Puts the parts of trust together with the browser's clock, network and storage: policy, audit, receipts, egress. */
import type { AskConsent, AuditLog, ReceiptBook, ServerTier } from '../../src/core/threads.ts';
import { ok } from '../../src/core/failure.ts';
import type { PolicyInForce } from '../../src/core/policy-file.ts';
import { createAuditLog } from './audit-store.ts';
import type { EgressParts } from './departure.ts';
import { createServerTier } from './egress.ts';
import { sha256 } from './fleet-files.ts';
import { createDailyQuota, createReceiptBook } from './receipts.ts';
import { createServerClient } from './server-client.ts';
import { createExclusive, sleep } from './thread-clock.ts';
import { createTrustStore } from './trust-db.ts';

export interface Trust {
  audit: AuditLog;
  receipts: ReceiptBook;
  server: ServerTier;
}

const sha256Hex = (text: string): Promise<string> => sha256(new TextEncoder().encode(text));

export interface TrustOptions {
  storeName?: string;
  /** Finds names before content leaves. */
  namesIn?: EgressParts['namesIn'];
}

/** `askConsent` gives null while no page listens. */
export function createTrust(
  policy: Pick<PolicyInForce, 'policy'>,
  askConsent: () => AskConsent | null,
  { storeName, namesIn = () => Promise.resolve(ok([])) }: TrustOptions = {},
): Trust {
  const store = createTrustStore(storeName);
  const now = (): number => Date.now();
  const audit = createAuditLog({
    store,
    sha256Hex,
    now,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    exclusively: createExclusive('flotilla-audit'),
  });
  const receipts = createReceiptBook(store);
  const inForce = () => policy.policy;
  const client = createServerClient({
    policy: inForce,
    random: () => Math.random(),
    sleep,
    now,
    fetch: (url, init) => fetch(url, init),
  });
  const parts = {
    policy: inForce,
    audit,
    receipts,
    quota: createDailyQuota(store, now),
    client,
    askConsent,
    namesIn,
    now,
    sha256Hex,
  };
  return {
    audit,
    receipts,
    server: createServerTier({ ...parts, newId: () => crypto.randomUUID() }),
  };
}
