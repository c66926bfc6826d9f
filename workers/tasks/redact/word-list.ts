/** The list of known name words: a sorted table of 26-bit hashes with six flags each. A rare false hit does no harm. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';

export const FIRST_NAME = 1;
export const SURNAME = 2;
export const PLACE = 4;
export const COUNTRY = 8;
export const COMPANY = 16;
export const STREET = 32;
const FLAG_BITS = 6;

/** FNV-1a over UTF-16 units, then mixed; 32 bits, unsigned. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/** Finaliser of MurmurHash3: spreads every bit over all. */
export function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export interface WordList {
  /** Flags of a word in lower case; 0 where it is not known. */
  flagsOf(hash: number): number;
}

/** Entries: hash without its low six bits, the flags in their place. */
export function packWordList(flags: ReadonlyMap<string, number>): Uint32Array {
  const entries = new Map<number, number>();
  for (const [word, flag] of flags) {
    const key = hashOf(word) >>> FLAG_BITS;
    entries.set(key, (entries.get(key) ?? 0) | flag);
  }
  return Uint32Array.from(entries, ([key, flag]) => ((key << FLAG_BITS) | flag) >>> 0).sort();
}

export function readWordList(bytes: Uint8Array): Result<WordList> {
  if (bytes.length === 0 || bytes.length % 4 !== 0)
    return fail('file_corrupt', 'The list of name words is cut off.');
  const sorted = new Uint32Array(bytes.slice().buffer);
  const flags = new Map<number, number>();
  for (const entry of sorted) flags.set(entry >>> FLAG_BITS, entry & ((1 << FLAG_BITS) - 1));
  return ok({ flagsOf: (hash) => flags.get(hash >>> FLAG_BITS) ?? 0 });
}
