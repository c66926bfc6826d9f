/** Receipts of what left, and the daily count of requests per server, in IndexedDB. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { ReceiptBook } from '../../src/core/threads.ts';
import type { TrustStore } from './trust-db.ts';

export function createReceiptBook(store: TrustStore): ReceiptBook {
  return {
    async put(receipt) {
      const put = await store.with((db) => db.put('receipts', receipt));
      return put.ok ? ok(null) : put;
    },
    async list() {
      const all = await store.with((db) => db.getAllFromIndex('receipts', 'time'));
      return all.ok ? ok(all.value.reverse()) : all;
    },
  };
}

export interface DailyQuota {
  /** Counts one request. Fails with quota_spent when the day's number is reached, and then counts nothing. */
  spend(serverId: string, maxPerDay: number): Promise<Result<null>>;
}

/** Days are UTC. One transaction reads and writes, so tabs cannot count the same request twice or not at all. */
export function createDailyQuota(store: TrustStore, now: () => number): DailyQuota {
  return {
    async spend(serverId, maxPerDay) {
      const key = `${serverId}|${new Date(now()).toISOString().slice(0, 10)}`;
      const isSpent = await store.with(async (db) => {
        const transaction = db.transaction('counts', 'readwrite', { durability: 'strict' });
        const count = (await transaction.store.get(key)) ?? 0;
        const put = count < maxPerDay ? transaction.store.put(count + 1, key) : null;
        await Promise.all([put, transaction.done]);
        return count >= maxPerDay;
      });
      if (!isSpent.ok) return isSpent;
      return isSpent.value
        ? fail('quota_spent', `${serverId} was asked ${maxPerDay} times today.`)
        : ok(null);
    },
  };
}
