/** The hash chain of the audit log: how a row is written for hashing, linked and verified. */
import type { AuditRow, AuditVerdict } from './threads.ts';

/**
 * [Note: What the chain can show.] Each hash covers the row and the hash before it, so an edited, deleted, inserted or
 * reordered row breaks the chain at that place. Rows cut off at the end leave the chain whole; the head record, kept in
 * another store, tells how many there were. Whoever can rewrite both stores can also compute a new chain: to prove
 * more, keep the last hash of an export somewhere else and compare.
 */
export const GENESIS_HASH = '0'.repeat(64);

/** sha-256 of the UTF-8 bytes of a text, lower-case hex. */
export type Sha256Hex = (text: string) => Promise<string>;

/** How many rows there are and the hash of the last one. */
export interface ChainHead {
  count: number;
  lastHash: string;
}

export const EMPTY_HEAD: ChainHead = { count: 0, lastHash: GENESIS_HASH };

/** One spelling per row: a JSON array, keys of `data` in code-unit order. */
export function canonicalRow(row: Omit<AuditRow, 'hash'>): string {
  const keys = Object.keys(row.data).sort();
  const data = keys.map((key) => [key, row.data[key]]);
  return JSON.stringify([row.seq, row.time, row.kind, data, row.previousHash]);
}

/** hash = SHA-256(previousHash + canonical row). */
export function hashRow(row: Omit<AuditRow, 'hash'>, sha256Hex: Sha256Hex): Promise<string> {
  return sha256Hex(row.previousHash + canonicalRow(row));
}

/** The row that follows `head`. `time` is ISO 8601, UTC. */
export async function nextRow(
  head: ChainHead,
  entry: Pick<AuditRow, 'time' | 'kind' | 'data'>,
  sha256Hex: Sha256Hex,
): Promise<AuditRow> {
  const row = {
    seq: head.count,
    time: entry.time,
    kind: entry.kind,
    data: entry.data,
    previousHash: head.lastHash,
  };
  return { ...row, hash: await hashRow(row, sha256Hex) };
}

/** Checks rows in the order given. `head` is null for an exported file, whose end cannot be checked. */
export async function verifyChain(
  rows: readonly AuditRow[],
  head: ChainHead | null,
  sha256Hex: Sha256Hex,
): Promise<AuditVerdict> {
  let previousHash = GENESIS_HASH;
  for (const [index, row] of rows.entries()) {
    const why = await whatIsWrong(row, index, previousHash, sha256Hex);
    if (why !== null) return { intact: false, rows: rows.length, brokenAt: index, why };
    previousHash = row.hash;
  }
  const why = head === null ? null : endProblem(rows.length, previousHash, head);
  return why === null
    ? { intact: true, rows: rows.length }
    : { intact: false, rows: rows.length, brokenAt: rows.length, why };
}

async function whatIsWrong(
  row: AuditRow,
  index: number,
  previousHash: string,
  sha256Hex: Sha256Hex,
): Promise<string | null> {
  if (row.seq !== index)
    return `Row ${index} is missing or out of order: row ${row.seq} stands in its place.`;
  if (row.previousHash !== previousHash) return `Row ${index} does not follow the row before it.`;
  if ((await hashRow(row, sha256Hex)) !== row.hash)
    return `Row ${index} was changed after it was written.`;
  return null;
}

function endProblem(count: number, lastHash: string, head: ChainHead): string | null {
  if (count !== head.count) return `The log has ${count} rows, but ${head.count} were written.`;
  return lastHash === head.lastHash ? null : 'The last row is not the one that was written last.';
}
