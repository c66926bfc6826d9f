/** The audit log: every tampering is found, and tabs that write at once keep one chain. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_HEAD, nextRow, verifyChain, type ChainHead } from '../../src/core/audit-chain.ts';
import type { AuditRow } from '../../src/core/threads.ts';
import { createAuditLog } from '../../workers/router/audit-store.ts';
import { sha256 } from '../../workers/router/fleet-files.ts';
import { createDailyQuota } from '../../workers/router/receipts.ts';
import { createExclusive } from '../../workers/router/thread-clock.ts';
import { createTrustStore, storageFailure } from '../../workers/router/trust-db.ts';

const sha256Hex = (text: string) => sha256(new TextEncoder().encode(text));

async function chainOf(length: number): Promise<{ rows: AuditRow[]; head: ChainHead }> {
  const rows: AuditRow[] = [];
  let head = EMPTY_HEAD;
  for (let i = 0; i < length; i++) {
    const row = await nextRow(
      head,
      { time: new Date(i).toISOString(), kind: 'answered', data: { b: i, a: 'x' } },
      sha256Hex,
    );
    rows.push(row);
    head = { count: i + 1, lastHash: row.hash };
  }
  return { rows, head };
}

describe('a chain', () => {
  it('is intact as written, whatever the order of keys in the data', async () => {
    const { rows, head } = await chainOf(5);
    const reread = rows.map((row) => ({
      ...row,
      data: { a: row.data['a'] ?? null, b: row.data['b'] ?? null },
    }));
    expect(await verifyChain(reread, head, sha256Hex)).toEqual({ intact: true, rows: 5 });
    expect(await verifyChain([], EMPTY_HEAD, sha256Hex)).toEqual({ intact: true, rows: 0 });
  });

  it('shows any edited, deleted, reordered, repeated or cut-off row, and where', async () => {
    const { rows, head } = await chainOf(8);
    const place = fc.nat(7);
    const tampering = fc.oneof(
      fc
        .tuple(place, fc.constantFrom('seq', 'time', 'kind', 'data', 'previousHash', 'hash'))
        .map(([at, field]) => {
          const edits = {
            seq: 99,
            time: 'x',
            kind: 'denied',
            data: { a: 'y' },
            previousHash: 'f',
            hash: 'f',
          };
          return {
            at,
            rows: rows.map((row, i) => (i === at ? { ...row, [field]: edits[field] } : row)),
          };
        }),
      place.map((at) => ({ at, rows: rows.filter((_, i) => i !== at) })),
      fc
        .tuple(place, place)
        .filter(([a, b]) => a !== b)
        .map(([a, b]) => {
          const swapped = rows.map((row, i) =>
            i === a ? rows[b] : i === b ? rows[a] : row,
          ) as AuditRow[];
          return { at: Math.min(a, b), rows: swapped };
        }),
      place.map((at) => ({
        at: at + 1,
        rows: rows.flatMap((row, i) => (i === at ? [row, row] : [row])),
      })),
      place.map((at) => ({ at, rows: rows.slice(0, at) })),
    );
    await fc.assert(
      fc.asyncProperty(tampering, async ({ at, rows: changed }) => {
        expect(await verifyChain(changed, head, sha256Hex)).toMatchObject({
          intact: false,
          brokenAt: at,
        });
      }),
      { numRuns: 300 },
    );
  });
});

function logOn(store: ReturnType<typeof createTrustStore>, exclusively = createExclusive('test')) {
  return createAuditLog({
    store,
    sha256Hex,
    now: () => 1_700_000_000_000,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    exclusively,
  });
}

describe('the store', () => {
  it('keeps one chain when four tabs without locks append at once', async () => {
    const tabs = Array.from({ length: 4 }, () =>
      logOn(createTrustStore('four-tabs'), (run) => run()),
    );
    const all = await Promise.all(
      tabs.flatMap((tab, t) =>
        Array.from({ length: 12 }, (_, i) => tab.append('answered', { t, i })),
      ),
    );
    expect(all.every((row) => row.ok)).toBe(true);
    expect(new Set(all.map((row) => row.ok && row.value.seq)).size).toBe(48);
    expect(await tabs[0]?.verify()).toEqual({ ok: true, value: { intact: true, rows: 48 } });
  });

  it('notices rows that were cut off at the end, edited or deleted in the database', async () => {
    const store = createTrustStore('tampered');
    const log = logOn(store);
    for (let i = 0; i < 4; i++) await log.append('answered', { i });
    await store.with((db) => db.delete('rows', 3));
    expect(await log.verify()).toMatchObject({
      value: { intact: false, brokenAt: 3, why: expect.stringContaining('4 were written') },
    });
    await store.with((db) => db.delete('rows', 1));
    expect(await log.verify()).toMatchObject({ value: { intact: false, brokenAt: 1 } });
    await store.with((db) => db.clear('rows'));
    expect(await log.verify()).toMatchObject({ value: { intact: false, brokenAt: 0 } });
  });

  it('gives one digest per text in one browser and another in the next', async () => {
    const here = [logOn(createTrustStore('salt-a')), logOn(createTrustStore('salt-a'))];
    const [one, two] = await Promise.all(here.map((log) => log.digest('yes')));
    expect(one).toEqual(two);
    expect(await logOn(createTrustStore('salt-b')).digest('yes')).not.toEqual(one);
    expect(one).not.toEqual({ ok: true, value: await sha256Hex('yes') });
  });

  it('says when the storage is full or broken', async () => {
    expect(storageFailure(new DOMException('', 'QuotaExceededError'))).toMatchObject({
      failure: { code: 'storage_full' },
    });
    const broken = createTrustStore('broken');
    expect(await broken.with(() => Promise.reject(new Error('no')))).toMatchObject({
      failure: { code: 'storage_failed' },
    });
  });
});

describe('the daily count', () => {
  it('stops at the number, across tabs, and starts again on the next UTC day', async () => {
    let now = Date.UTC(2026, 0, 1, 23, 59);
    const openTab = () => createDailyQuota(createTrustStore('quota'), () => now);
    const [first, second] = [openTab(), openTab()];
    const spent = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? first : second).spend('a', 5)),
    );
    expect(spent.filter((one) => one.ok)).toHaveLength(5);
    expect(spent.find((one) => !one.ok)).toMatchObject({ failure: { code: 'quota_spent' } });
    expect(await first.spend('b', 5)).toMatchObject({ ok: true });
    now += 60_000;
    expect(await first.spend('a', 5)).toMatchObject({ ok: true });
  });
});
