/** The audit log in IndexedDB. One chain for all tabs: appends take turns, and a lost race is run again. */
import { EMPTY_HEAD, nextRow, verifyChain, type Sha256Hex } from '../../src/core/audit-chain.ts';
import { fail, ok } from '../../src/core/failure.ts';
import type { AuditLog, AuditRow } from '../../src/core/threads.ts';
import type { TrustDb, TrustStore } from './trust-db.ts';

export interface AuditParts {
  store: TrustStore;
  sha256Hex: Sha256Hex;
  /** Milliseconds since the epoch. */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
  /** Runs one function at a time across tabs. Losing it costs speed, not safety. */
  exclusively: <T>(run: () => Promise<T>) => Promise<T>;
}

/** Other tabs that append at the same moment, at most, when the browser has no locks. */
const MAX_RACES = 64;

/**
 * [Note: Two tabs, one chain.] The hash is computed outside the transaction, because IndexedDB ends a transaction that
 * waits for anything else. So the head is read again inside the writing transaction: if another tab was faster,
 * nothing is written and the row is computed anew. Web Locks make that rare.
 */
export function createAuditLog(parts: AuditParts): AuditLog {
  const { store, sha256Hex } = parts;

  async function appendOnce(
    db: TrustDb,
    kind: AuditRow['kind'],
    data: AuditRow['data'],
  ): Promise<AuditRow | null> {
    const head = (await db.get('head', 'head')) ?? EMPTY_HEAD;
    const row = await nextRow(
      head,
      { time: new Date(parts.now()).toISOString(), kind, data },
      sha256Hex,
    );
    const transaction = db.transaction(['rows', 'head'], 'readwrite', { durability: 'strict' });
    const current = (await transaction.objectStore('head').get('head')) ?? EMPTY_HEAD;
    if (current.lastHash !== head.lastHash || current.count !== head.count) {
      await transaction.done;
      return null;
    }
    await Promise.all([
      transaction.objectStore('rows').add(row),
      transaction.objectStore('head').put({ count: row.seq + 1, lastHash: row.hash }, 'head'),
      transaction.done,
    ]);
    return row;
  }

  return {
    async append(kind, data) {
      const row = await store.with((db) =>
        parts.exclusively(async () => {
          for (let race = 0; race < MAX_RACES; race++) {
            const written = await appendOnce(db, kind, data);
            if (written) return written;
          }
          return null;
        }),
      );
      if (!row.ok) return row;
      return row.value
        ? ok(row.value)
        : fail('storage_failed', 'Too many tabs write to the audit log at once.');
    },
    export: () => store.with((db) => db.getAll('rows')),
    async verify() {
      const read = await store.with(async (db) => {
        const transaction = db.transaction(['rows', 'head']);
        const [rows, head] = await Promise.all([
          transaction.objectStore('rows').getAll(),
          transaction.objectStore('head').get('head'),
        ]);
        return { rows, head: head ?? EMPTY_HEAD };
      });
      return read.ok ? ok(await verifyChain(read.value.rows, read.value.head, sha256Hex)) : read;
    },
    async digest(text) {
      const salt = await store.with((db) => saltOf(db, parts.randomBytes));
      return salt.ok ? ok(await sha256Hex(`${hex(salt.value)} ${text}`)) : salt;
    },
  };
}

/**
 * [Note: Salted digests.] Short texts can be guessed: whoever holds an exported log could hash "yes" and compare. So a
 * random salt, made once per browser and never exported, is hashed in front of the text.
 */
async function saltOf(
  db: TrustDb,
  randomBytes: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const known = await db.get('secrets', 'salt');
  if (known) return known;
  const fresh = randomBytes(32);
  const transaction = db.transaction('secrets', 'readwrite');
  const winner = (await transaction.store.get('salt')) ?? fresh;
  await Promise.all([transaction.store.put(winner, 'salt'), transaction.done]);
  return winner;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
