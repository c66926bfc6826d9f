/** The tensor format: what is written is read again, and whatever is malformed is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floatsToHalves, halvesToFloats } from '../../src/core/half-floats.ts';
import { readSafeTensors, writeSafeTensors, type Tensor } from '../../src/core/safetensors.ts';

const tensors = new Map<string, Tensor>([
  ['weights', { dtype: 'F16', shape: [2, 2], data: Float32Array.of(1, -0.5, 0.099975586, 65504) }],
  ['bias', { dtype: 'F32', shape: [2], data: Float32Array.of(0.1, -3e30) }],
  ['levels', { dtype: 'I8', shape: [1, 3], data: Int8Array.of(-128, 0, 127) }],
  ['packed', { dtype: 'U8', shape: [0], data: new Uint8Array(0) }],
]);

/** A file with this header over `dataBytes` zeros. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, 8);
  return file;
}

test('tensors and metadata come back as they were written', () => {
  const read = readSafeTensors(writeSafeTensors(tensors, { title: 'Größe “ok” 😀' }));
  expect(read).toEqual({ ok: true, value: { tensors, metadata: { title: 'Größe “ok” 😀' } } });
});

test('a file that starts at an odd address is read', () => {
  const bytes = writeSafeTensors(tensors);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(readSafeTensors(shifted.subarray(3))).toEqual(readSafeTensors(bytes));
});

describe('refused', () => {
  const f32 = (start: number, end: number, shape = [(end - start) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [start, end],
  });
  const cases: [string, Uint8Array][] = [
    ['empty', new Uint8Array(0)],
    ['shorter than its header', fileOf({ a: f32(0, 4) }, 4).subarray(0, 20)],
    ['absurd header length', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 1)],
    ['not JSON', fileOf('{"a":', 0)],
    ['not an object', fileOf('[]', 0)],
    ['unknown dtype', fileOf({ a: { ...f32(0, 8), dtype: 'F64' } }, 8)],
    ['negative offset', fileOf({ a: f32(-4, 4) }, 8)],
    ['end before start', fileOf({ a: f32(8, 4, [1]) }, 8)],
    ['wrong size', fileOf({ a: f32(0, 8, [3]) }, 8)],
    ['shape beyond whole numbers', fileOf({ a: f32(0, 8, [2 ** 40, 2 ** 40]) }, 8)],
    ['overlap', fileOf({ a: f32(0, 8), b: f32(4, 12) }, 12)],
    ['gap', fileOf({ a: f32(0, 4), b: f32(8, 12) }, 12)],
    ['past the end', fileOf({ a: f32(0, 16) }, 8)],
    ['left-over bytes', fileOf({ a: f32(0, 4) }, 8)],
    ['extra key', fileOf({ a: { ...f32(0, 4), x: 1 } }, 4)],
    ['metadata that is not text', fileOf({ __metadata__: { a: 1 } }, 0)],
  ];
  test.each(cases)('%s', (_, bytes) => {
    expect(readSafeTensors(bytes)).toMatchObject({ ok: false, failure: { code: 'file_corrupt' } });
  });

  test('any damage to the header is refused or changes nothing that is used; nothing throws', () => {
    const bytes = writeSafeTensors(tensors);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (index, value) => {
        const damaged = bytes.slice();
        damaged[index] = value;
        expect(typeof readSafeTensors(damaged).ok).toBe('boolean');
        expect(readSafeTensors(bytes.subarray(0, index)).ok).toBe(false);
      }),
    );
  });
});

test('half floats: all 65,536 survive the round trip, and rounding is to even', () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, index) => index).filter(
    (half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0,
  );
  expect(floatsToHalves(halvesToFloats(halves))).toEqual(halves);
  const values = Float32Array.of(
    1 + 1 / 2048,
    1 + 3 / 2048,
    65_519,
    65_520,
    2 ** -25,
    2 ** -24 * 1.5,
    NaN,
  );
  expect([...halvesToFloats(floatsToHalves(values))]).toEqual([
    1,
    1 + 1 / 512,
    65_504,
    Infinity,
    0,
    2 ** -23,
    NaN,
  ]);
});
