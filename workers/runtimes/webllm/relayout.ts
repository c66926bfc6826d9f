/**
 * GGUF blocks in the order that a model library reads: nothing is rounded, nothing is lost.
 *
 * A buffer is input-major: neighbouring words belong to neighbouring output rows, so that the threads of a group read
 * neighbouring memory. Blocks of 32 values: https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h
 */
import type { ShardBytes } from '../shard-bytes.ts';
import type { Parameter, SourceTensor } from './layout.ts';

const BLOCK = 32;

/** Writes one buffer; `target` has `parameter.bytes` bytes. */
export function writeParameter(parameter: Parameter, file: ShardBytes, target: Uint32Array): void {
  if (parameter.layout === 'floats') {
    const [source] = parameter.sources;
    if (source) file.copy(source.offset, bytesOf(target));
    return;
  }
  const rows = parameter.shape[1] as number;
  const write = {
    'q4-words': writeNibbles,
    'q4-scales': writeNibbleScales,
    'q8-words': writeBytes,
    'q8-scales': writeByteScales,
  }[parameter.layout];
  let first = 0;
  for (const source of parameter.sources) {
    write(source, file, (index, row) => index * rows + first + row, target);
    first += source.shape[1] as number;
  }
}

/** Place of the `index`-th word of an output row. */
type PlaceOf = (index: number, row: number) => number;

const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** GGUF row of a row of the library: within a rotated head, first the even rows, then the odd ones. */
function sourceRow(row: number, headRows: number): number {
  if (headRows === 0) return row;
  const inHead = row % headRows;
  const half = headRows / 2;
  return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
}

/** Of a Q4_1 block: a word with the scale (low half) and the least value (high half), four words of nibbles. */
const NIBBLE_BLOCK_WORDS = 5;

function wordsOf({ offset, bytes }: SourceTensor, file: ShardBytes): Uint32Array {
  const view = file.read(offset, bytes);
  const aligned = view.byteOffset % 4 === 0 ? view : view.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, bytes / 4);
}

function writeNibbleScales(
  source: SourceTensor,
  file: ShardBytes,
  placeOf: PlaceOf,
  target: Uint32Array,
): void {
  const words = wordsOf(source, file);
  const blocks = (source.shape[0] as number) / BLOCK;
  const rows = source.shape[1] as number;
  for (let row = 0; row < rows; row++) {
    const start = sourceRow(row, source.headRows) * blocks * NIBBLE_BLOCK_WORDS;
    for (let block = 0; block < blocks; block++)
      target[placeOf(block, row)] = words[start + block * NIBBLE_BLOCK_WORDS] as number;
  }
}

/** Byte j of a block holds value j (low nibble) and value j + 16; a word of the library holds 8 values in order. */
function writeNibbles(
  source: SourceTensor,
  file: ShardBytes,
  placeOf: PlaceOf,
  target: Uint32Array,
): void {
  const words = wordsOf(source, file);
  const blocks = (source.shape[0] as number) / BLOCK;
  const rows = source.shape[1] as number;
  for (let row = 0; row < rows; row++) {
    const start = sourceRow(row, source.headRows) * blocks * NIBBLE_BLOCK_WORDS;
    for (let block = 0; block < blocks; block++) {
      const at = start + block * NIBBLE_BLOCK_WORDS;
      const a = words[at + 1] as number;
      const b = words[at + 2] as number;
      const c = words[at + 3] as number;
      const d = words[at + 4] as number;
      target[placeOf(4 * block, row)] = lowNibbles(a) | (lowNibbles(b) << 16);
      target[placeOf(4 * block + 1, row)] = lowNibbles(c) | (lowNibbles(d) << 16);
      target[placeOf(4 * block + 2, row)] = lowNibbles(a >>> 4) | (lowNibbles(b >>> 4) << 16);
      target[placeOf(4 * block + 3, row)] = lowNibbles(c >>> 4) | (lowNibbles(d >>> 4) << 16);
    }
  }
}

/** The low nibbles of four bytes, side by side in the low half. */
function lowNibbles(word: number): number {
  const apart = word & 0x0f0f0f0f;
  const pairs = (apart | (apart >>> 4)) & 0x00ff00ff;
  return (pairs | (pairs >>> 8)) & 0xffff;
}

/** Bytes of a block of the embedding; its scale comes first, as a half float. */
const blockBytes = ({ type }: SourceTensor): number => (type === 'Q8_0' ? 34 : 22);

function writeByteScales(
  source: SourceTensor,
  file: ShardBytes,
  placeOf: PlaceOf,
  target: Uint32Array,
): void {
  const view = file.read(source.offset, source.bytes);
  const size = blockBytes(source);
  const blocks = (source.shape[0] as number) / BLOCK;
  const rows = source.shape[1] as number;
  for (let row = 0; row < rows; row++) {
    for (let pair = 0; pair < blocks / 2; pair++) {
      const at = (row * blocks + 2 * pair) * size;
      const next = at + size;
      target[placeOf(pair, row)] =
        (view[at] as number) |
        ((view[at + 1] as number) << 8) |
        ((view[next] as number) << 16) |
        ((view[next + 1] as number) << 24);
    }
  }
}

/** Four signed bytes a word, the first in the low byte. Q5_0's value is scale · (q − 16), so its q − 16 is one of them. */
function writeBytes(
  source: SourceTensor,
  file: ShardBytes,
  placeOf: PlaceOf,
  target: Uint32Array,
): void {
  const view = file.read(source.offset, source.bytes);
  const size = blockBytes(source);
  const blocks = (source.shape[0] as number) / BLOCK;
  const rows = source.shape[1] as number;
  const values = new Uint8Array(BLOCK);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const at = (row * blocks + block) * size;
      if (source.type === 'Q8_0') values.set(view.subarray(at + 2, at + 2 + BLOCK));
      else readFiveBits(view, at, values);
      for (let word = 0; word < BLOCK / 4; word++)
        target[placeOf((BLOCK / 4) * block + word, row)] =
          (values[4 * word] as number) |
          ((values[4 * word + 1] as number) << 8) |
          ((values[4 * word + 2] as number) << 16) |
          ((values[4 * word + 3] as number) << 24);
    }
  }
}

/** Q5_0: scale, 32 high bits, 16 bytes of nibbles as in Q4_1. */
function readFiveBits(view: Uint8Array, at: number, values: Uint8Array): void {
  const high =
    (view[at + 2] as number) |
    ((view[at + 3] as number) << 8) |
    ((view[at + 4] as number) << 16) |
    ((view[at + 5] as number) << 24);
  for (let index = 0; index < BLOCK / 2; index++) {
    const nibbles = view[at + 6 + index] as number;
    values[index] = ((nibbles & 15) | (((high >>> index) & 1) << 4)) - 16;
    values[index + 16] = ((nibbles >>> 4) | (((high >>> (index + 16)) & 1) << 4)) - 16;
  }
}
