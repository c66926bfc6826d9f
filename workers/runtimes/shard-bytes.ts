/** One file that lies in memory as several shards: read across their borders without joining them into another copy. */

export interface ShardBytes {
  readonly length: number;
  /** The bytes from `offset`; a view where they lie in one shard, a copy where they cross a border. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  /** Copies `target.length` bytes from `offset` into `target`. */
  copy(offset: number, target: Uint8Array): void;
}

/** Reading past the end is a bug of the caller and throws a RangeError: compare with `length` first. */
export function joinShards(shards: readonly Uint8Array<ArrayBuffer>[]): ShardBytes {
  const starts: number[] = [];
  let total = 0;
  for (const shard of shards) {
    starts.push(total);
    total += shard.length;
  }
  const shardAt = (offset: number) => {
    let index = starts.length - 1;
    while (index > 0 && (starts[index] as number) > offset) index--;
    return index;
  };

  const copy = (offset: number, target: Uint8Array) => {
    if (offset < 0 || offset + target.length > total)
      throw new RangeError(`${offset} + ${target.length} is past the end at ${total}`);
    let done = 0;
    for (let index = shardAt(offset); done < target.length; index++) {
      const shard = shards[index] as Uint8Array;
      const from = offset + done - (starts[index] as number);
      const part = shard.subarray(from, from + target.length - done);
      target.set(part, done);
      done += part.length;
    }
  };

  return {
    length: total,
    copy,
    read: (offset, length) => {
      const index = shardAt(offset);
      const shard = shards[index];
      const from = offset - (starts[index] ?? 0);
      if (shard && from >= 0 && from + length <= shard.length)
        return shard.subarray(from, from + length);
      const bytes = new Uint8Array(length);
      copy(offset, bytes);
      return bytes;
    },
  };
}
