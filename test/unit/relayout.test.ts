/** Weights in the order of the WebGPU library: a small matrix by hand, and the whole model against the recipe's own. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readGguf, type GgufTensorType } from '../../workers/runtimes/gguf.ts';
import { joinShards } from '../../workers/runtimes/shard-bytes.ts';
import { readLayout, type Parameter } from '../../workers/runtimes/webllm/layout.ts';
import { writeParameter } from '../../workers/runtimes/webllm/relayout.ts';
import { tensorShards } from '../../workers/runtimes/webllm/tensor-shards.ts';

/** Pseudo-random bytes that are the same in each run. */
const noise = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (Math.imul(index + 1, 2654435761) >>> 24) & 255);

function parameterOf(
  layout: Parameter['layout'],
  type: GgufTensorType,
  [columns, rows]: [number, number],
  blockBytes: number,
  headRows = 0,
): Parameter {
  const bytes = (columns / 32) * rows * blockBytes;
  const perWord = { 'q4-words': 8, 'q4-scales': 32, 'q8-words': 4, 'q8-scales': 64, floats: 1 };
  const shape = [columns / perWord[layout], rows];
  return {
    name: 'x',
    shape,
    dtype: 'uint32',
    layout,
    bytes: 4 * (shape[0] as number) * rows,
    sources: [{ name: 'x', type, shape: [columns, rows], offset: 0, bytes, headRows }],
  };
}

function written(parameter: Parameter, file: Uint8Array<ArrayBuffer>): Uint32Array {
  const target = new Uint32Array(parameter.bytes / 4);
  // Cut at an odd place: tensors cross the borders of shards.
  writeParameter(parameter, joinShards([file.slice(0, 37), file.slice(37)]), target);
  return target;
}

const COLUMNS = 64;
const ROWS = 8;

describe('a small matrix', () => {
  test('4-bit words: 8 values of a row each, rows side by side', () => {
    const file = noise(2 * ROWS * 20);
    const words = written(parameterOf('q4-words', 'Q4_1', [COLUMNS, ROWS], 20), file);
    for (let row = 0; row < ROWS; row++)
      for (let column = 0; column < COLUMNS; column++) {
        const block = (row * 2 + Math.floor(column / 32)) * 20 + 4;
        const place = column % 32;
        const byte = file[block + (place % 16)] as number;
        const value = place < 16 ? byte & 15 : byte >> 4;
        const word = words[Math.floor(column / 8) * ROWS + row] as number;
        expect((word >>> (4 * (column % 8))) & 15).toBe(value);
      }
  });

  test('scale and least value of a 4-bit block in one word', () => {
    const file = noise(2 * ROWS * 20);
    const words = written(parameterOf('q4-scales', 'Q4_1', [COLUMNS, ROWS], 20), file);
    const view = new DataView(file.buffer);
    for (let row = 0; row < ROWS; row++)
      for (let block = 0; block < 2; block++)
        expect(words[block * ROWS + row]).toBe(view.getUint32((row * 2 + block) * 20, true));
  });

  test('rotated rows: the even rows of a head, then the odd ones', () => {
    const file = noise(2 * ROWS * 20);
    const plain = written(parameterOf('q4-words', 'Q4_1', [COLUMNS, ROWS], 20), file);
    const rotated = written(parameterOf('q4-words', 'Q4_1', [COLUMNS, ROWS], 20, 4), file);
    const order = [0, 2, 1, 3, 4, 6, 5, 7];
    for (let word = 0; word < 8; word++)
      expect(order.map((row) => plain[word * ROWS + row])).toEqual([
        ...rotated.subarray(word * ROWS, (word + 1) * ROWS),
      ]);
  });

  test.each([
    ['Q8_0', 34],
    ['Q5_0', 22],
  ] as const)('signed bytes and scales out of %s', (type, size) => {
    const file = noise(2 * ROWS * size);
    const words = written(parameterOf('q8-words', type, [COLUMNS, ROWS], size), file);
    const scales = written(parameterOf('q8-scales', type, [COLUMNS, ROWS], size), file);
    const view = new DataView(file.buffer);
    for (let row = 0; row < ROWS; row++)
      for (let column = 0; column < COLUMNS; column++) {
        const at = (row * 2 + Math.floor(column / 32)) * size;
        const place = column % 32;
        const nibbles = view.getUint8(at + (type === 'Q8_0' ? 2 : 6 + (place % 16)));
        const five =
          ((place < 16 ? nibbles & 15 : nibbles >> 4) |
            (((view.getUint32(at + 2, true) >>> place) & 1) << 4)) -
          16;
        const value = type === 'Q8_0' ? view.getInt8(at + 2 + place) : five;
        const word = words[Math.floor(column / 4) * ROWS + row] as number;
        expect((word << (24 - 8 * (column % 4))) >> 24).toBe(value);
        const pair = scales[row] as number;
        expect((pair >>> (column < 32 ? 0 : 16)) & 0xffff).toBe(view.getUint16(at, true));
      }
  });
});

const GGUF = process.env.FLOTILLA_SLM_GGUF ?? '';
const RECIPE = process.env.FLOTILLA_SLM_SHARDS ?? '';
const PARAMS = 'public/fleet/house-slm/1.0.0/params.json.gzip';

interface TensorCache {
  records: { dataPath: string; records: { name: string; byteOffset: number; nbytes: number }[] }[];
}

describe('the whole model', () => {
  test.skipIf(![GGUF, `${RECIPE}/tensor-cache.json`, PARAMS].every((path) => existsSync(path)))(
    'the same bytes as the recipe (FLOTILLA_SLM_GGUF, FLOTILLA_SLM_SHARDS)',
    () => {
      const whole = readFileSync(GGUF);
      const size = 23_000_000;
      const file = joinShards(
        Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
          Uint8Array.from(whole.subarray(index * size, (index + 1) * size)),
        ),
      );
      const gguf = readGguf(file);
      if (!gguf.ok) throw new Error(gguf.failure.message);
      const layout = readLayout(gunzipSync(readFileSync(PARAMS)), gguf.value);
      if (!layout.ok) throw new Error(layout.failure.message);
      const { list, shards } = tensorShards(layout.value, file);
      const mine = JSON.parse(new TextDecoder().decode(list)) as TensorCache;
      const theirs = JSON.parse(readFileSync(`${RECIPE}/tensor-cache.json`, 'utf8')) as TensorCache;
      const places = (cache: TensorCache) =>
        cache.records.flatMap(({ dataPath, records }) =>
          records.map((record) => ({ dataPath, ...record })),
        );
      expect(places(mine).map(({ name }) => name)).toEqual(places(theirs).map(({ name }) => name));
      const made = new Map(shards.map(({ name, bytes }) => [name, bytes()]));
      const read = new Map(
        theirs.records.map(({ dataPath }) => [dataPath, readFileSync(`${RECIPE}/${dataPath}`)]),
      );
      for (const [index, theirPlace] of places(theirs).entries()) {
        const myPlace = places(mine)[index] as typeof theirPlace;
        const cut = (bytes: Uint8Array | undefined, { byteOffset, nbytes }: typeof theirPlace) =>
          Buffer.from(bytes?.subarray(byteOffset, byteOffset + nbytes) ?? []);
        const same = cut(made.get(myPlace.dataPath), myPlace).equals(
          cut(read.get(theirPlace.dataPath), theirPlace),
        );
        expect(same, theirPlace.name).toBe(true);
      }
    },
    60_000,
  );
});
