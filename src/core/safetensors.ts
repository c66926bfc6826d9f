/**
 * Reads and writes the safetensors format: 8 bytes little-endian header length, a JSON header, raw data.
 * Strict: every tensor must lie inside the data, fit its shape, overlap nothing, and the data must be covered.
 * Source: https://github.com/huggingface/safetensors, section Format.
 */
import * as v from 'valibot';
import { fail, ok, type Result } from './failure.ts';
import { floatsToHalves, halvesToFloats } from './half-floats.ts';

export const DTYPES = ['F32', 'F16', 'U8', 'I8'] as const;
export type Dtype = (typeof DTYPES)[number];

/** `data` is row-major. F16 is read into and written from Float32Array; `dtype` says how it is stored. */
export type Tensor = { shape: number[] } & (
  | { dtype: 'F32' | 'F16'; data: Float32Array }
  | { dtype: 'U8'; data: Uint8Array }
  | { dtype: 'I8'; data: Int8Array }
);

export interface SafeTensors {
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
}

const BYTES: Record<Dtype, number> = { F32: 4, F16: 2, U8: 1, I8: 1 };
const LENGTH_BYTES = 8;
/** Far above any head or table of this project; a header that claims more is not one. */
const MAX_HEADER_BYTES = 1_000_000;

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.picklist(DTYPES),
  shape: v.array(wholeNumber),
  data_offsets: v.tuple([wholeNumber, wholeNumber]),
});
type Entry = v.InferOutput<typeof entrySchema>;
const metadataSchema = v.record(v.string(), v.string());

const corrupt = (why: string) => fail('file_corrupt', `Not a safetensors file: ${why}.`);

/** The bytes may be shared; tensors are copied out of them. */
export function readSafeTensors(bytes: Uint8Array): Result<SafeTensors> {
  if (bytes.length < LENGTH_BYTES) return corrupt(`${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || headerBytes > MAX_HEADER_BYTES)
    return corrupt('its header length is absurd');
  const dataStart = LENGTH_BYTES + headerBytes;
  if (dataStart > bytes.length) return corrupt('it ends inside its header');
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart));
  if (!header.ok) return header;
  const data = bytes.subarray(dataStart);
  const problem = layoutProblem(header.value.entries, data.length);
  if (problem !== null) return corrupt(problem);
  const tensors = new Map(
    header.value.entries.map(([name, entry]) => [name, copyTensor(entry, data)]),
  );
  return ok({ tensors, metadata: header.value.metadata });
}

function parseHeader(
  bytes: Uint8Array,
): Result<{ entries: [string, Entry][]; metadata: Record<string, string> }> {
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes));
  } catch {
    return corrupt('its header is not JSON in UTF-8');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return corrupt('its header is not an object');
  const entries: [string, Entry][] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    const parsed = v.safeParse(name === '__metadata__' ? metadataSchema : entrySchema, value);
    if (!parsed.success) return corrupt(`the entry “${name.slice(0, 80)}” is malformed`);
    if (name === '__metadata__') metadata = parsed.output as Record<string, string>;
    else entries.push([name, parsed.output as Entry]);
  }
  return ok({ entries, metadata });
}

/** Says what is wrong with the places of the tensors, or null. */
function layoutProblem(entries: readonly [string, Entry][], dataBytes: number): string | null {
  let end = 0;
  const ordered = [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  for (const [name, { dtype, shape, data_offsets: offsets }] of ordered) {
    const wanted = shape.reduce((product, size) => product * size, BYTES[dtype]);
    if (!Number.isSafeInteger(wanted) || offsets[1] - offsets[0] !== wanted)
      return `“${name}” does not fit its shape`;
    if (offsets[0] < end) return `“${name}” overlaps another tensor`;
    if (offsets[0] > end) return `there is a gap before “${name}”`;
    end = offsets[1];
    if (end > dataBytes) return `“${name}” ends after the file`;
  }
  return end === dataBytes ? null : `${dataBytes - end} bytes belong to no tensor`;
}

function copyTensor({ dtype, shape, data_offsets: [start, end] }: Entry, data: Uint8Array): Tensor {
  const { buffer } = data.slice(start, end);
  if (dtype === 'F32') return { dtype, shape, data: new Float32Array(buffer) };
  if (dtype === 'F16') return { dtype, shape, data: halvesToFloats(new Uint16Array(buffer)) };
  if (dtype === 'I8') return { dtype, shape, data: new Int8Array(buffer) };
  return { dtype, shape, data: new Uint8Array(buffer) };
}

/** Same tensors, same order, same bytes. Throws when a tensor does not fit its shape: that is a bug of the caller. */
export function writeSafeTensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const header: Record<string, unknown> =
    Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    if (size !== tensor.data.length)
      throw new Error(`${name}: ${tensor.data.length} values for shape ${tensor.shape.join(',')}`);
    const stored = tensor.dtype === 'F16' ? floatsToHalves(tensor.data) : tensor.data;
    parts.push(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
    header[name] = {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [offset, offset + stored.byteLength],
    };
    offset += stored.byteLength;
  }
  const text = JSON.stringify(header);
  const headerBytes = encodeUtf8(text);
  const padded = Math.ceil(headerBytes.length / 8) * 8;
  const out = new Uint8Array(LENGTH_BYTES + padded + offset).fill(
    0x20,
    LENGTH_BYTES,
    LENGTH_BYTES + padded,
  );
  new DataView(out.buffer).setUint32(0, padded, true);
  out.set(headerBytes, LENGTH_BYTES);
  let place = LENGTH_BYTES + padded;
  for (const part of parts) {
    out.set(part, place);
    place += part.length;
  }
  return out;
}

/** UTF-8 without the platform's TextDecoder; throws on malformed input. */
function decodeUtf8(bytes: Uint8Array): string {
  let escaped = '';
  for (const byte of bytes)
    escaped +=
      byte < 128 && byte !== 37
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`;
  return decodeURIComponent(escaped);
}

function encodeUtf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let index = 0; index < escaped.length; index++) {
    if (escaped[index] !== '%') bytes.push(escaped.charCodeAt(index));
    else {
      bytes.push(Number.parseInt(escaped.slice(index + 1, index + 3), 16));
      index += 2;
    }
  }
  return Uint8Array.from(bytes);
}
