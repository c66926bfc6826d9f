/** Reading GGUF heads: what is in them, what is refused, and shards read across their borders. */
import { describe, expect, it } from 'vitest';
import { numberOf, readGguf } from '../../workers/runtimes/gguf.ts';
import { joinShards } from '../../workers/runtimes/shard-bytes.ts';

const text = new TextEncoder();

function u32(value: number): number[] {
  return [...new Uint8Array(new Uint32Array([value]).buffer)];
}
function u64(value: number): number[] {
  return [...new Uint8Array(new BigUint64Array([BigInt(value)]).buffer)];
}
function string(value: string): number[] {
  const bytes = [...text.encode(value)];
  return [...u64(bytes.length), ...bytes];
}

/** A whole GGUF file with one Q4_1 tensor of 64 × 2 and one F32 tensor of 4. */
function tinyFile(options: { magic?: string; version?: number; type?: number } = {}): number[] {
  const head = [
    ...text.encode(options.magic ?? 'GGUF'),
    ...u32(options.version ?? 3),
    ...u64(2),
    ...u64(4),
    ...[...string('general.architecture'), ...u32(8), ...string('llama')],
    ...[...string('llama.block_count'), ...u32(4), ...u32(30)],
    ...[...string('tokens'), ...u32(9), ...u32(8), ...u64(2), ...string('a'), ...string('bc')],
    ...[...string('big'), ...u32(10), ...u64(2 ** 40)],
    ...[...string('w'), ...u32(2), ...u64(64), ...u64(2), ...u32(options.type ?? 3), ...u64(0)],
    ...[...string('n'), ...u32(1), ...u64(4), ...u32(0), ...u64(96)],
  ];
  while (head.length % 32 !== 0) head.push(0);
  return [...head, ...Array.from({ length: 96 + 16 }, (_, index) => index)];
}

function cut(bytes: readonly number[], ...at: number[]) {
  const borders = [0, ...at, bytes.length];
  return joinShards(
    borders.slice(1).map((end, index) => new Uint8Array(bytes.slice(borders[index], end))),
  );
}

describe('readGguf', () => {
  it('finds metadata and tensors, wherever the shards are cut', () => {
    const bytes = tinyFile();
    for (const at of [[], [5], [40, 41], [bytes.length - 20]]) {
      const file = cut(bytes, ...at);
      const read = readGguf(file);
      if (!read.ok) throw new Error(read.failure.message);
      const { metadata, tensors } = read.value;
      expect(metadata.get('general.architecture')).toBe('llama');
      expect(metadata.get('tokens')).toEqual({ list: 2 });
      expect(numberOf(metadata, 'llama.block_count')).toBe(30);
      expect(numberOf(metadata, 'big')).toBe(2 ** 40);
      expect(numberOf(metadata, 'general.architecture')).toBeNull();
      const w = tensors.get('w');
      expect(w).toMatchObject({ type: 'Q4_1', shape: [64, 2], bytes: 80 });
      const n = tensors.get('n');
      expect(n).toMatchObject({ type: 'F32', shape: [4], bytes: 16, offset: bytes.length - 16 });
      expect([...file.read(n?.offset ?? 0, 3)]).toEqual([96, 97, 98]);
    }
  });

  it.each([
    ['a wrong magic', tinyFile({ magic: 'GGML' })],
    ['an unknown version', tinyFile({ version: 7 })],
    ['an unknown tensor type', tinyFile({ type: 99 })],
    ['a file that ends in its head', tinyFile().slice(0, 60)],
    ['a file that ends in its tensors', tinyFile().slice(0, -1)],
    ['an empty file', []],
  ])('refuses %s', (_what, bytes) => {
    expect(readGguf(cut(bytes))).toMatchObject({ ok: false, failure: { code: 'file_corrupt' } });
  });
});

describe('joinShards', () => {
  it('reads across borders and refuses to read past the end', () => {
    const file = cut([0, 1, 2, 3, 4, 5, 6], 2, 3);
    expect(file.length).toBe(7);
    expect([...file.read(1, 4)]).toEqual([1, 2, 3, 4]);
    expect([...file.read(3, 4)]).toEqual([3, 4, 5, 6]);
    expect(() => file.read(5, 3)).toThrow(RangeError);
  });
});
