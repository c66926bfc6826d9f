/** Parameters in shards, as WebLLM asks for them: a list (tensor-cache.json) at once, the bytes one shard at a time. */
import type { ShardBytes } from '../shard-bytes.ts';
import type { Parameter } from './layout.ts';
import { writeParameter } from './relayout.ts';

/** A larger parameter has a shard of its own. */
const SHARD_BYTES = 16 * 1024 * 1024;

export interface TensorShard {
  /** Name that the list gives it. */
  name: string;
  /** Makes the bytes anew at each call. */
  bytes: () => Uint8Array<ArrayBuffer>;
}

export interface TensorShards {
  /** tensor-cache.json. */
  list: Uint8Array<ArrayBuffer>;
  shards: TensorShard[];
}

export function tensorShards(parameters: readonly Parameter[], file: ShardBytes): TensorShards {
  const groups = grouped(parameters);
  const records = groups.map((group, index) => ({
    dataPath: shardName(index),
    format: 'raw-shard',
    nbytes: sizeOf(group),
    records: recordsOf(group),
  }));
  const list = {
    metadata: { ParamSize: parameters.length, ParamBytes: sizeOf(parameters) },
    records,
  };
  return {
    list: new TextEncoder().encode(JSON.stringify(list)),
    shards: groups.map((group, index) => ({
      name: shardName(index),
      bytes: () => {
        const words = new Uint32Array(sizeOf(group) / 4);
        let start = 0;
        for (const parameter of group) {
          const end = start + parameter.bytes / 4;
          writeParameter(parameter, file, words.subarray(start, end));
          start = end;
        }
        return new Uint8Array(words.buffer);
      },
    })),
  };
}

const shardName = (index: number): string => `params_shard_${index}.bin`;

const sizeOf = (parameters: readonly Parameter[]): number =>
  parameters.reduce((sum, { bytes }) => sum + bytes, 0);

function grouped(parameters: readonly Parameter[]): Parameter[][] {
  const groups: Parameter[][] = [];
  let size = Infinity;
  for (const parameter of parameters) {
    if (size + parameter.bytes > SHARD_BYTES) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(parameter);
    size += parameter.bytes;
  }
  return groups;
}

function recordsOf(group: readonly Parameter[]): object[] {
  let byteOffset = 0;
  return group.map(({ name, shape, dtype, bytes: nbytes }) => {
    const record = { name, shape, dtype, format: 'raw', nbytes, byteOffset };
    byteOffset += nbytes;
    return record;
  });
}
