/** Puts the parts of trust together with the browser's clock, network and storage: audit, receipts, egress. */
import type { AuditLog, ReceiptBook, ServerTier } from '../../src/core/threads.ts';
import { ok } from '../../src/core/failure.ts';
import { ensureStorage } from '../../src/platform/browser-storage.ts';
import { createAppendAgain } from './asked-again.ts';
import { createAuditLog } from './audit-store.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Asker, EgressParts } from './departure.ts';
import { createServerTier } from './egress.ts';
import { sha256 } from './fleet-files.ts';
import { createDailyQuota, createReceiptBook } from './receipts.ts';
import { createServerClient, type ClientParts } from './server-client.ts';
import { createExclusive, sleep } from './thread-clock.ts';
import { createTrustStore } from './trust-db.ts';

export interface Trust {
  audit: AuditLog;
  /** For a call that another engine was asked before. */
  appendAgain: AuditLog['append'];
  receipts: ReceiptBook;
  /** The way out for one connection. Daily counts, circuit breakers, audit and receipts are shared by all. */
  serverFor(asker: TrustAsker): ServerTier;
}

export type TrustAsker = Asker & Pick<ClientParts, 'accessToken'>;

const sha256Hex = (text: string): Promise<string> => sha256(new TextEncoder().encode(text));

export interface TrustOptions {
  storeName?: string;
  /** Finds names before content leaves. */
  namesIn?: EgressParts['namesIn'];
  storageKind?: EgressParts['storageKind'];
}

export function createTrust({
  storeName,
  namesIn = () => Promise.resolve(ok([])),
  storageKind = ensureStorage,
}: TrustOptions = {}): Trust {
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
  const network = {
    random: () => Math.random(),
    sleep,
    now,
    fetch: (url: RequestInfo | URL, init?: RequestInit) => fetch(url, init),
    breakers: new Map<string, CircuitBreaker>(),
  };
  const shared = {
    audit,
    receipts,
    storageKind,
    quota: createDailyQuota(store, now),
    namesIn,
    now,
    sha256Hex,
    newId: () => crypto.randomUUID(),
  };
  return {
    audit,
    appendAgain: createAppendAgain(store, audit),
    receipts,
    serverFor: (asker) =>
      createServerTier({
        ...shared,
        ...asker,
        client: createServerClient({ ...network, ...asker }),
      }),
  };
}
