/** Heads on disk: safetensors with half-precision weights, read back as typed arrays. */
import { fail, ok, type Result } from './failure.ts';
import { readSafeTensors, writeSafeTensors, type Tensor } from './safetensors.ts';
import type { LinearHead } from './score.ts';

export type Heads = Record<string, LinearHead>;

/** Rounds to half precision what is stored in half precision, so that a head answers alike before and after it is saved. */
export function headsToBytes(heads: Heads): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const [name, head] of Object.entries(heads)) {
    tensors.set(`${name}.weight`, {
      dtype: 'F16',
      shape: [head.classes, head.dims],
      data: head.weight,
    });
    tensors.set(`${name}.bias`, { dtype: 'F32', shape: [head.classes], data: head.bias });
    tensors.set(`${name}.centroids`, {
      dtype: 'F16',
      shape: [head.classes, head.dims],
      data: head.centroids,
    });
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
    const centroids = tensors.get(`${name}.centroids`);
    const belongs = tensors.get(`${name}.belongs`);
    const fits =
      bias?.data.length === classes &&
      centroids?.data.length === classes * dims &&
      belongs?.data.length === dims + 1;
    if (!fits) return fail('file_corrupt', `The head “${name}” is incomplete.`);
    heads[name] = {
      dims,
      classes,
      weight: toFloats(weight),
      bias: toFloats(bias),
      centroids: toFloats(centroids),
      belongs: toFloats(belongs),
    };
  }
  return ok(heads);
}

const toFloats = (tensor: Tensor): Float32Array =>
  tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data);
