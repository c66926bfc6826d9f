/** The list of buffers that a model library wants, made by its recipe (params.json), against the weights at hand. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { Gguf, GgufTensor, GgufTensorType } from '../gguf.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const layoutSchema = v.object({
  schema: v.literal(1),
  /** Rows of a query or key matrix that belong to one attention head. */
  headDim: count,
  params: v.pipe(
    v.array(
      v.object({
        name: v.string(),
        shape: v.pipe(v.array(count), v.minLength(1), v.maxLength(2)),
        dtype: v.picklist(['uint32', 'float32']),
        layout: v.picklist(['q4-words', 'q4-scales', 'q8-words', 'q8-scales', 'floats']),
        /** GGUF tensors whose rows follow one another in the buffer. */
        source: v.pipe(v.array(v.string()), v.minLength(1)),
        /** Sources whose rows GGUF keeps in rotation pairs. */
        rotated: v.array(v.string()),
        nbytes: count,
      }),
    ),
    v.minLength(1),
  ),
});

export type ParameterLayout = v.InferOutput<typeof layoutSchema>['params'][number]['layout'];

export interface SourceTensor extends GgufTensor {
  /** Length of a head whose rows are in rotation pairs; 0 where the order stays. */
  headRows: number;
}

/** One buffer of the library, with the tensors that it is made of. */
export interface Parameter {
  name: string;
  shape: number[];
  dtype: 'uint32' | 'float32';
  layout: ParameterLayout;
  sources: SourceTensor[];
  bytes: number;
}

const SOURCE_TYPES: Record<ParameterLayout, readonly GgufTensorType[]> = {
  'q4-words': ['Q4_1'],
  'q4-scales': ['Q4_1'],
  'q8-words': ['Q8_0', 'Q5_0'],
  'q8-scales': ['Q8_0', 'Q5_0'],
  floats: ['F32'],
};

/** Input values of one row that one word of the buffer holds. */
const VALUES_PER_WORD: Record<ParameterLayout, number> = {
  'q4-words': 8,
  'q4-scales': 32,
  'q8-words': 4,
  'q8-scales': 64,
  floats: 1,
};

/** Fails with `file_corrupt` where the list is not one, or does not fit the weights. */
export function readLayout(bytes: Uint8Array, gguf: Gguf): Result<Parameter[]> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return fail('file_corrupt', 'The list of parameters of the model is not JSON.');
  }
  const parsed = v.safeParse(layoutSchema, json);
  if (!parsed.success)
    return fail('file_corrupt', 'The list of parameters of the model has another form.');
  const parameters: Parameter[] = [];
  for (const { source, rotated, nbytes, ...rest } of parsed.output.params) {
    const sources: SourceTensor[] = [];
    for (const name of source) {
      const tensor = gguf.tensors.get(name);
      if (!tensor) return fail('file_corrupt', `The weights lack ${name}.`);
      sources.push({
        ...tensor,
        headRows: rotated.includes(name) ? parsed.output.headDim : 0,
      });
    }
    const parameter: Parameter = { ...rest, sources, bytes: nbytes };
    const problem = parameterProblem(parameter);
    if (problem !== null) return fail('file_corrupt', `${rest.name}: ${problem}.`);
    parameters.push(parameter);
  }
  return ok(parameters);
}

function parameterProblem({ shape, layout, sources, bytes }: Parameter): string | null {
  const [columns = 0] = sources[0]?.shape ?? [];
  let rows = 0;
  for (const { name, type, shape: own, headRows } of sources) {
    if (!SOURCE_TYPES[layout].includes(type)) return `${name} is ${type}, which ${layout} is not`;
    const ownRows = own[1] ?? 1;
    if (own[0] !== columns) return `${name} has rows of another length`;
    if (headRows % 2 !== 0 || (headRows > 0 && ownRows % headRows !== 0))
      return `${name} is not made of whole heads`;
    rows += ownRows;
  }
  const wanted =
    layout === 'floats' ? [columns * rows] : [Math.floor(columns / VALUES_PER_WORD[layout]), rows];
  const length = wanted.reduce((product, size) => product * size, 4);
  if (wanted.join() !== shape.join() || length !== bytes)
    return `the library wants [${shape.join()}], the weights give [${wanted.join()}]`;
  return columns % VALUES_PER_WORD[layout] === 0 ? null : 'its rows are not whole words';
}
