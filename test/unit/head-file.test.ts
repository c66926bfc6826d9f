/** Heads on disk: what is read back answers like what was stored, stored again it is the same, broken files are told. */
import { describe, expect, it } from 'vitest';
import { headsFromBytes, headsToBytes, type Heads } from '../../src/core/head-file.ts';
import { seeded } from '../../src/core/random.ts';
import { readSafeTensors, writeSafeTensors, type Tensor } from '../../src/core/safetensors.ts';
import { logitsOf, similarityTo, type LinearHead } from '../../src/core/score.ts';
import { normals } from './doubles/clusters.ts';

const normal = normals(seeded(8));
const some = (n: number) => Float32Array.from({ length: n }, normal);
const head = (classes: number, dims: number): LinearHead => ({
  dims,
  classes,
  weight: some(classes * dims),
  bias: some(classes),
  centroids: some(classes * dims).map((value) => value / Math.sqrt(dims)),
  belongs: some(dims + 1),
});
const HEADS: Heads = { 'static.label': head(5, 7), 'encoder.label': head(5, 12) };
const BYTES = headsToBytes(HEADS);

function readBack(bytes: Uint8Array): Heads {
  const read = headsFromBytes(bytes);
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

/** The file with its tensors changed. */
function rewritten(change: (tensors: Map<string, Tensor>) => void): Uint8Array {
  const read = readSafeTensors(BYTES);
  if (!read.ok) throw new Error(read.failure.message);
  change(read.value.tensors);
  return writeSafeTensors(read.value.tensors);
}

describe('a head file', () => {
  it('read back, answers within its rounding', () => {
    const back = readBack(BYTES);
    expect(Object.keys(back).sort()).toEqual(['encoder.label', 'static.label']);
    for (const [name, stored] of Object.entries(HEADS)) {
      const read = back[name] as LinearHead;
      expect(read.bias).toEqual(stored.bias);
      expect(read.belongs).toEqual(stored.belongs);
      const x = some(stored.dims);
      const before = logitsOf(stored, x);
      logitsOf(read, x).forEach((z, k) =>
        expect(Math.abs(z - (before[k] ?? 0))).toBeLessThan(0.01),
      );
      expect(similarityTo(read, x, 2)).toBeCloseTo(similarityTo(stored, x, 2), 1);
    }
  });

  it('stored again, is the same to the byte', () => {
    const again = headsToBytes(readBack(BYTES));
    expect(readBack(again)).toEqual(readBack(BYTES));
    expect(headsToBytes(readBack(again))).toEqual(again);
    expect(headsToBytes(HEADS)).toEqual(BYTES);
  });

  it('is small: at most three bytes and a half a weight', () => {
    expect(headsToBytes({ a: head(77, 384) }).length).toBeLessThan(77 * 384 * 3.5);
  });

  it.each(['weight', 'bias', 'centroids', 'belongs'])(
    'without %s is corrupt or empty, never half a head',
    (part) => {
      const read = headsFromBytes(rewritten((tensors) => tensors.delete(`static.label.${part}`)));
      if (read.ok) expect(read.value['static.label']).toBeUndefined();
      else expect(read.failure).toMatchObject({ code: 'file_corrupt' });
    },
  );

  it.each([
    ['bias', [4]],
    ['belongs', [12]],
    ['weight', [5, 12, 1]],
    ['weight', [12, 5]],
  ])('with %s of another shape %j is corrupt', (part, shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(length);
    const bytes = rewritten((tensors) =>
      tensors.set(`encoder.label.${part}`, { dtype: 'F32', shape, data }),
    );
    expect(headsFromBytes(bytes)).toMatchObject({ ok: false, failure: { code: 'file_corrupt' } });
  });

  it('cut anywhere is corrupt, not an exception', () => {
    for (let length = 0; length < BYTES.length; length += 37)
      expect(headsFromBytes(BYTES.slice(0, length)).ok, `${length} bytes`).toBe(false);
  });
});
