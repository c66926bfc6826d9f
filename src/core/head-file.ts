/** Heads on disk: safetensors with half-precision weights and 8-bit class means, read back as typed arrays. */
import { fail, ok, type Result } from './failure.ts';
import { readSafeTensors, writeSafeTensors, type Tensor } from './safetensors.ts';
import type { LinearHead } from './score.ts';

export type Heads = Record<string, LinearHead>;

/** Stores rounded numbers; whoever calibrates a head must read it back first, so that it answers alike later. */
export function headsToBytes(heads: Heads): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const [name, head] of Object.entries(heads)) {
    tensors.set(`${name}.weight`, {
      dtype: 'F16',
      shape: [head.classes, head.dims],
      data: head.weight,
    });
    tensors.set(`${name}.bias`, { dtype: 'F32', shape: [head.classes], data: head.bias });
    const { levels, steps } = roundRows(head.centroids, head.classes, head.dims);
    tensors.set(`${name}.centroids`, {
      dtype: 'I8',
      shape: [head.classes, head.dims],
      data: levels,
    });
    tensors.set(`${name}.steps`, { dtype: 'F32', shape: [head.classes], data: steps });
    tensors.set(`${name}.belongs`, { dtype: 'F32', shape: [head.dims + 1], data: head.belongs });
  }
  return writeSafeTensors(tensors);
}

/** Heads by name. Fails with file_corrupt when a tensor is missing or has another shape than its companions. */
export function headsFromBytes(bytes: Uint8Array): Result<Heads> {
  const parsed = readSafeTensors(bytes);
  if (!parsed.ok) return parsed;
  const { tensors } = parsed.value;
  const heads: Heads = {};
  for (const [key, weight] of tensors) {
    if (!key.endsWith('.weight')) continue;
    const name = key.slice(0, -'.weight'.length);
    const [classes = 0, dims = 0] = weight.shape;
    const bias = tensors.get(`${name}.bias`);
    const levels = tensors.get(`${name}.centroids`);
    const steps = tensors.get(`${name}.steps`);
    const belongs = tensors.get(`${name}.belongs`);
    const fits =
      weight.shape.length === 2 &&
      bias?.data.length === classes &&
      levels?.data.length === classes * dims &&
      steps?.data.length === classes &&
      belongs?.data.length === dims + 1;
    if (!fits) return fail('file_corrupt', `The head “${name}” is incomplete.`);
    heads[name] = {
      dims,
      classes,
      weight: toFloats(weight),
      bias: toFloats(bias),
      centroids: unroundRows(levels.data, steps.data, dims),
      belongs: toFloats(belongs),
    };
  }
  return ok(heads);
}

const toFloats = (tensor: Tensor): Float32Array =>
  tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data);

/** Each row as 8-bit levels of its own step. */
function roundRows(
  values: Float32Array,
  rows: number,
  dims: number,
): { levels: Int8Array; steps: Float32Array } {
  const levels = new Int8Array(values.length);
  const steps = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * dims, (row + 1) * dims);
    const step = part.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / 127 || 1;
    steps[row] = step;
    part.forEach((v, d) => (levels[row * dims + d] = Math.round(v / step)));
  }
  return { levels, steps };
}

const unroundRows = (
  levels: ArrayLike<number>,
  steps: ArrayLike<number>,
  dims: number,
): Float32Array =>
  Float32Array.from(levels, (level, i) => level * (steps[Math.floor(i / dims)] as number));
