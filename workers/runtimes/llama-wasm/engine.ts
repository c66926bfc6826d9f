/** The compiled engine over one memory: loads a model's weights and turns tokens into logits. Knows nothing of text. */
import type { ChosenToken } from '../next-token.ts';
import type { ShardBytes } from '../shard-bytes.ts';
import {
  bytesFor,
  fieldIndex,
  layOut,
  PASS_TOKENS,
  type ConfigField,
  type MemoryLayout,
} from './memory-layout.ts';
import type { ModelShape, ModelTensors } from './model-shape.ts';
import { loadWeights, type Pack } from './weights.ts';

/** One of the four .wasm files. */
export interface EngineBuild {
  module: WebAssembly.Module;
  /** Uses relaxed SIMD. The results are the same. */
  relaxed: boolean;
  /** Made for shared memory. */
  threads: boolean;
}

interface Exports {
  __stack_pointer: WebAssembly.Global;
  run(config: number): number;
  pack: Pack;
  likeliest(logits: number, count: number): number;
  exp_sum(logits: number, count: number, top: number): number;
}

/** Starts another lane over the same memory; resolves when it waits for work. */
export type StartLane = (lane: LaneStart) => Promise<void>;

export interface LaneStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  config: number;
  stack: number;
  number: number;
}

export interface EngineOptions {
  contextTokens: number;
  /** Lanes in all, this thread included; 1 for a build without threads. */
  lanes: number;
  startLane: StartLane;
  /** Called between layers while the weights are re-laid; throwing stops. */
  onLayer: () => Promise<void>;
}

const WASM_PAGE = 65_536;

export interface LlamaEngine {
  readonly shape: ModelShape;
  /** At most PASS_TOKENS tokens, the first at `position`. Throws an Error when a lane was lost. */
  pass(tokens: readonly number[], position: number, wantLogits: boolean): void;
  /** Of the last token of the last pass that wanted them; valid until the next pass. */
  logits(): Float32Array;
  /** What chooseToken (next-token.ts) chooses at temperature 0 without a mask, ten times faster. */
  likeliest(): ChosenToken | null;
  memoryBytes(): number;
}

/** Throws a RangeError where the memory cannot be had. */
export async function openEngine(
  build: EngineBuild,
  shape: ModelShape,
  tensors: ModelTensors,
  file: ShardBytes,
  options: EngineOptions,
): Promise<LlamaEngine> {
  const tied = tensors.head === tensors.embedding;
  const { contextTokens, lanes } = options;
  const layout = layOut(shape, tied, contextTokens, lanes, build.relaxed ? 8 : 16);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(bytesFor(layout, 0) / WASM_PAGE),
    maximum: Math.ceil(bytesFor(layout, contextTokens) / WASM_PAGE),
    shared: build.threads,
  });
  const instance = await WebAssembly.instantiate(build.module, { env: { memory } });
  const exports = instance.exports as unknown as Exports;
  exports.__stack_pointer.value = layout.stacks[0];
  writeConfig(memory, layout);
  writeRotations(memory, layout, shape, contextTokens);
  const loading = loadWeights(tensors, file, memory, layout, exports.pack);
  while (loading.next().done !== true) await options.onLayer();
  for (let number = 1; number < lanes; number++) {
    const stack = layout.stacks[number] ?? 0;
    await options.startLane({ module: build.module, memory, config: layout.config, stack, number });
  }
  return drive(exports, memory, layout, shape);
}

function drive(
  exports: Exports,
  memory: WebAssembly.Memory,
  layout: MemoryLayout,
  shape: ModelShape,
): LlamaEngine {
  const at = (field: string): number => layout.fields[field] ?? 0;
  const logits = () => new Float32Array(memory.buffer, at('logits'), shape.vocab);
  return {
    shape,
    pass: (tokens, position, wantLogits) => {
      if (tokens.length === 0 || tokens.length > PASS_TOKENS)
        throw new RangeError(`a pass has 1 to ${PASS_TOKENS} tokens, not ${tokens.length}`);
      growTo(memory, bytesFor(layout, position + tokens.length));
      new Int32Array(memory.buffer, at('tokens'), PASS_TOKENS).set(tokens);
      const config = new Int32Array(memory.buffer, layout.config);
      const set = (field: ConfigField, value: number) => (config[fieldIndex(field)] = value);
      set('tokenCount', tokens.length);
      set('position', position);
      set('wantLogits', wantLogits ? 1 : 0);
      if (exports.run(layout.config) === 0) throw new Error('a thread of the engine was lost');
    },
    logits,
    likeliest: () => {
      const id = exports.likeliest(at('logits'), shape.vocab);
      const top = logits()[id];
      if (top === undefined) return null;
      const sum = exports.exp_sum(at('logits'), shape.vocab, top);
      return { id, logprob: -Math.log(sum), forced: false };
    },
    memoryBytes: () => memory.buffer.byteLength,
  };
}

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
}

function writeConfig(memory: WebAssembly.Memory, layout: MemoryLayout): void {
  const view = new DataView(memory.buffer);
  for (const [name, value] of Object.entries(layout.fields)) {
    const index = fieldIndex(name);
    if (index < 0) continue;
    const address = layout.config + 4 * index;
    if (name === 'eps') view.setFloat32(address, value, true);
    else view.setInt32(address, value, true);
  }
  const layers = new Int32Array(memory.buffer, layout.fields.layer ?? 0, 6 * layout.layers.length);
  for (const [
    index,
    { attentionNorm, qkv, output, ffnNorm, gateUp, down },
  ] of layout.layers.entries())
    layers.set([attentionNorm, qkv, output, ffnNorm, gateUp, down], 6 * index);
}

/** (cos, sin) of position · base^(-2 i / headDim) for each pair i: rotary embedding, arXiv 2104.09864. */
function writeRotations(
  memory: WebAssembly.Memory,
  layout: MemoryLayout,
  { headDim, ropeBase }: ModelShape,
  contextTokens: number,
): void {
  const table = new Float32Array(memory.buffer, layout.fields.rope ?? 0, contextTokens * headDim);
  for (let position = 0; position < contextTokens; position++)
    for (let pair = 0; pair < headDim; pair += 2) {
      const angle = position * ropeBase ** (-pair / headDim);
      table[position * headDim + pair] = Math.cos(angle);
      table[position * headDim + pair + 1] = Math.sin(angle);
    }
}
