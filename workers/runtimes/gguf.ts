/**
 * Reads the head of a GGUF file: metadata and where each tensor lies. Versions 2 and 3, little-endian.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { ShardBytes } from './shard-bytes.ts';

/** Block formats that this project reads: elements and bytes of one block, by ggml's type number. */
const TENSOR_TYPES = {
  0: { name: 'F32', elements: 1, bytes: 4 },
  1: { name: 'F16', elements: 1, bytes: 2 },
  2: { name: 'Q4_0', elements: 32, bytes: 18 },
  3: { name: 'Q4_1', elements: 32, bytes: 20 },
  6: { name: 'Q5_0', elements: 32, bytes: 22 },
  7: { name: 'Q5_1', elements: 32, bytes: 24 },
  8: { name: 'Q8_0', elements: 32, bytes: 34 },
} as const;

type TensorTypeEntry = (typeof TENSOR_TYPES)[keyof typeof TENSOR_TYPES];
export type GgufTensorType = TensorTypeEntry['name'];

export interface GgufTensor {
  name: string;
  type: GgufTensorType;
  /** As the file has it: the contiguous dimension first. A linear layer is [inputs, outputs]. */
  shape: number[];
  /** From the start of the file. */
  offset: number;
  /** Length in bytes. */
  bytes: number;
}

/** Lists (the vocabulary, the merges) are not read: only their length is kept. */
export type GgufValue = number | bigint | boolean | string | { list: number };

export interface Gguf {
  version: number;
  metadata: ReadonlyMap<string, GgufValue>;
  tensors: ReadonlyMap<string, GgufTensor>;
}

/** Longest head that is accepted; SmolLM2's, with its vocabulary, has 1.7 MB. */
const MAX_HEAD_BYTES = 64 * 1024 * 1024;
const MAX_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;

/** Fails with `file_corrupt` for anything but a whole GGUF file of known tensor types. */
export function readGguf(file: ShardBytes): Result<Gguf> {
  try {
    return ok(readHead(file));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return fail('file_corrupt', `The weights are not a readable GGUF file: ${cause.message}.`);
  }
}

function readHead(file: ShardBytes): Gguf {
  const cursor = new Cursor(file.read(0, Math.min(file.length, MAX_HEAD_BYTES)));
  if (cursor.u32() !== 0x46554747) throw new RangeError('its first bytes are not "GGUF"');
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new RangeError(`version ${version} is not known`);
  const tensorCount = cursor.count();
  const valueCount = cursor.count();

  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < valueCount; index++)
    metadata.set(cursor.string(), readValue(cursor, cursor.u32()));

  const listed: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index++) listed.push(readTensor(cursor));
  const alignment = numberOf(metadata, 'general.alignment') ?? DEFAULT_ALIGNMENT;
  const start = Math.ceil(cursor.offset / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const tensor of listed) {
    const offset = start + tensor.offset;
    if (offset + tensor.bytes > file.length)
      throw new RangeError(`${tensor.name} lies past the end at ${file.length} bytes`);
    tensors.set(tensor.name, { ...tensor, offset });
  }
  return { version, metadata, tensors };
}

/** A number of the metadata, e.g. `llama.block_count`; null where it is missing or not a number. */
export function numberOf(metadata: Gguf['metadata'], key: string): number | null {
  const value = metadata.get(key);
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : null;
}

function readTensor(cursor: Cursor): GgufTensor {
  const name = cursor.string();
  const dimensions = cursor.u32();
  if (dimensions > MAX_DIMENSIONS) throw new RangeError(`${name} has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => cursor.count());
  const code = cursor.u32();
  const offset = cursor.count();
  const type = (TENSOR_TYPES as Record<number, TensorTypeEntry | undefined>)[code];
  if (!type) throw new RangeError(`${name} has the unknown tensor type ${code}`);
  const elements = shape.reduce((product, size) => product * size, 1);
  if ((shape[0] ?? 1) % type.elements !== 0)
    throw new RangeError(`${name} has rows that are not whole blocks of ${type.name}`);
  return { name, type: type.name, shape, offset, bytes: (elements / type.elements) * type.bytes };
}

const STRING = 8;
const LIST = 9;
/** Bytes of a value of fixed length, by GGUF's type number. */
const FIXED_BYTES: readonly (number | undefined)[] = [
  1,
  1,
  2,
  2,
  4,
  4,
  4,
  1,
  undefined,
  undefined,
  8,
  8,
  8,
];

function readValue(cursor: Cursor, type: number): GgufValue {
  if (type === STRING) return cursor.string();
  if (type === LIST) return skipList(cursor);
  const bytes = FIXED_BYTES[type];
  if (bytes === undefined) throw new RangeError(`value type ${type} is not known`);
  return fixedValue(cursor.take(bytes), type);
}

function fixedValue(view: DataView, type: number): GgufValue {
  switch (type) {
    case 0:
      return view.getUint8(0);
    case 1:
      return view.getInt8(0);
    case 2:
      return view.getUint16(0, true);
    case 3:
      return view.getInt16(0, true);
    case 4:
      return view.getUint32(0, true);
    case 5:
      return view.getInt32(0, true);
    case 6:
      return view.getFloat32(0, true);
    case 7:
      return view.getUint8(0) !== 0;
    case 10:
      return view.getBigUint64(0, true);
    case 11:
      return view.getBigInt64(0, true);
    default:
      return view.getFloat64(0, true);
  }
}

function skipList(cursor: Cursor): GgufValue {
  const type = cursor.u32();
  const length = cursor.count();
  const bytes = FIXED_BYTES[type];
  if (bytes !== undefined) cursor.take(bytes * length);
  else if (type === STRING)
    for (let index = 0; index < length; index++) cursor.take(cursor.count());
  else throw new RangeError(`lists of value type ${type} are not known`);
  return { list: length };
}

/** Reads little-endian values one after another; past the end it throws a RangeError. */
class Cursor {
  offset = 0;
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  take(length: number): DataView {
    if (this.offset + length > this.bytes.length) throw new RangeError('it ends in its head');
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.offset, length);
    this.offset += length;
    return view;
  }

  u32(): number {
    return this.take(4).getUint32(0, true);
  }

  /** A 64-bit count or offset as a number. */
  count(): number {
    const value = this.take(8).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('it names an absurd size');
    return Number(value);
  }

  string(): string {
    const view = this.take(this.count());
    return new TextDecoder().decode(
      new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength),
    );
  }
}
