/** Reads the sizes of a Llama-shaped model out of a GGUF head, and says what this engine cannot run. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { numberOf, type Gguf, type GgufTensor, type GgufTensorType } from '../gguf.ts';

export interface ModelShape {
  layers: number;
  dim: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  vocab: number;
  eps: number;
  ropeBase: number;
}

/** Matrices that are joined lie one after the other, by rows. */
export interface LayerTensors {
  attentionNorm: GgufTensor;
  qkv: GgufTensor[];
  output: GgufTensor[];
  ffnNorm: GgufTensor;
  gateUp: GgufTensor[];
  down: GgufTensor[];
}

export interface ModelTensors {
  embedding: GgufTensor;
  /** The embedding itself where the model ties them. */
  head: GgufTensor;
  finalNorm: GgufTensor;
  layers: LayerTensors[];
}

/** Four bits a weight: what the engine's matrix products read. */
const NARROW: readonly GgufTensorType[] = ['Q4_0', 'Q4_1'];
/** Up to five bits: embedding and output layer. */
const WIDE: readonly GgufTensorType[] = ['Q4_0', 'Q4_1', 'Q5_0', 'Q5_1'];

export function readShape({ metadata }: Gguf): Result<ModelShape> {
  const architecture = metadata.get('general.architecture');
  if (architecture !== 'llama')
    return fail(
      'runtime_failed',
      `The engine runs Llama-shaped models, not ${JSON.stringify(architecture ?? null)}.`,
    );
  const read = (key: string) => numberOf(metadata, `llama.${key}`) ?? 0;
  const heads = read('attention.head_count');
  const dim = read('embedding_length');
  const headDim = numberOf(metadata, 'llama.attention.key_length') ?? dim / heads;
  const shape: ModelShape = {
    layers: read('block_count'),
    dim,
    heads,
    kvHeads: numberOf(metadata, 'llama.attention.head_count_kv') ?? heads,
    headDim,
    ffn: read('feed_forward_length'),
    vocab: numberOf(metadata, 'llama.vocab_size') ?? 0,
    eps: read('attention.layer_norm_rms_epsilon'),
    ropeBase: numberOf(metadata, 'llama.rope.freq_base') ?? 10_000,
  };
  const isWhole = (value: number, of: number) => value > 0 && value % of === 0;
  const known =
    shape.layers > 0 &&
    [shape.dim, shape.ffn, headDim].every((size) => isWhole(size, 32)) &&
    isWhole(heads, shape.kvHeads) &&
    isWhole(shape.vocab, 4) &&
    shape.eps > 0 &&
    (numberOf(metadata, 'llama.rope.dimension_count') ?? headDim) === headDim &&
    !metadata.has('llama.rope.scaling.type');
  return known
    ? ok(shape)
    : fail('runtime_failed', 'The engine cannot run a model of these sizes.');
}

/** Finds every tensor and compares its format and size. Fails with `file_corrupt` or `runtime_failed`. */
export function findTensors(gguf: Gguf, shape: ModelShape): Result<ModelTensors> {
  const { dim, ffn, vocab } = shape;
  const heads = shape.heads * shape.headDim;
  const keys = shape.kvHeads * shape.headDim;
  const problems: string[] = [];
  const find = (name: string, size: number[], types: readonly GgufTensorType[]): GgufTensor => {
    const tensor = gguf.tensors.get(`${name}.weight`);
    if (!tensor) problems.push(`${name} is missing`);
    else if (tensor.shape.join() !== size.join()) problems.push(`${name} has another size`);
    else if (!types.includes(tensor.type)) problems.push(`${name} is in the format ${tensor.type}`);
    return tensor ?? { name, type: 'F32', shape: size, offset: 0, bytes: 0 };
  };
  const embedding = find('token_embd', [dim, vocab], WIDE);
  const tensors: ModelTensors = {
    embedding,
    head: gguf.tensors.has('output.weight') ? find('output', [dim, vocab], WIDE) : embedding,
    finalNorm: find('output_norm', [dim], ['F32']),
    layers: Array.from({ length: shape.layers }, (_, index) => {
      const inLayer = (name: string, size: number[], types = NARROW) =>
        find(`blk.${index}.${name}`, size, types);
      return {
        attentionNorm: inLayer('attn_norm', [dim], ['F32']),
        qkv: [
          inLayer('attn_q', [dim, heads]),
          inLayer('attn_k', [dim, keys]),
          inLayer('attn_v', [dim, keys]),
        ],
        output: [inLayer('attn_output', [heads, dim])],
        ffnNorm: inLayer('ffn_norm', [dim], ['F32']),
        gateUp: [inLayer('ffn_gate', [dim, ffn]), inLayer('ffn_up', [dim, ffn])],
        down: [inLayer('ffn_down', [ffn, dim])],
      };
    }),
  };
  if (problems.length === 0) return ok(tensors);
  return fail(
    'runtime_failed',
    `The engine cannot run this model: ${problems.slice(0, 3).join(', ')}.`,
  );
}
