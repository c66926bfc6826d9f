/** Where everything lies in the engine's memory, and the structure that tells the compiled code (models/llama_wasm/llama.h). */
import type { ModelShape } from './model-shape.ts';

/** Tokens of one pass over the prompt: more would delay an interrupt, fewer would unpack weights more often. */
export const PASS_TOKENS = 32;
/** Positions of one page of the key-value cache. */
const PAGE = 64;
const BLOCK = 32;
const ROWS = 4;
const QUAD = 4;
const NARROW_BYTES = 80;
const WIDE_BYTES = 144;
const STACK_BYTES = 16 * 1024;
/** Room for one piece of a tensor on its way into row groups. */
export const STAGE_BYTES = 1024 * 1024;
const ALIGNMENT = 64;

/** Fields of `Config` in llama.h, in its order; each has 32 bits. */
const CONFIG = [
  ...['layers', 'dim', 'heads', 'kvHeads', 'headDim', 'ffn', 'vocab', 'lanes', 'eps'],
  ...['rope', 'layer', 'finalNorm', 'embedding', 'head', 'logits', 'x', 'q', 'attended', 'hidden'],
  ...['sharedActs', 'scratch', 'scratchBytes', 'panelBytes', 'actBytes', 'kv', 'pageBytes'],
  ...['counters', 'counterCount', 'tokens', 'tokenCount', 'position', 'wantLogits'],
  ...['epoch', 'arrived', 'generation', 'broken'],
] as const;
export type ConfigField = (typeof CONFIG)[number];

/** Place of a field among the 32-bit words of the structure. */
export function fieldIndex(name: string): number {
  return (CONFIG as readonly string[]).indexOf(name);
}

/** Addresses of one layer's weights: `Layer` in llama.h, in its order. */
export interface LayerAddresses {
  attentionNorm: number;
  qkv: number;
  output: number;
  ffnNorm: number;
  gateUp: number;
  down: number;
}

export interface MemoryLayout {
  config: number;
  /** Upper end of each lane's stack. */
  stacks: number[];
  layers: LayerAddresses[];
  /** Values of `Config` by field. */
  fields: Record<string, number>;
  /** Room for STAGE_BYTES; the key-value cache begins here when the weights are in. */
  stage: number;
  pageBytes: number;
  /** Without any page of the key-value cache. */
  baseBytes: number;
}

/** `parts`: vectors of an unpacked block, 8 or 16: PARTS of the build. */
export function layOut(
  shape: ModelShape,
  tied: boolean,
  contextTokens: number,
  lanes: number,
  parts: number,
): MemoryLayout {
  let end = 1024;
  const take = (bytes: number): number => {
    const start = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    end = start + bytes;
    return start;
  };
  const heads = shape.heads * shape.headDim;
  const keys = shape.kvHeads * shape.headDim;
  const columns = Math.max(shape.dim, shape.ffn, heads);
  const matrix = (rows: number, inputs: number, groupBytes: number) =>
    take((rows / ROWS) * (inputs / BLOCK) * groupBytes);
  const floats = (count: number) => take(4 * count);
  const actBytes = (tokens: number) => (columns / BLOCK) * tokens * (4 * parts + 8);

  const stacks = Array.from({ length: lanes }, () => take(STACK_BYTES) + STACK_BYTES);
  const config = take(4 * CONFIG.length);
  const layers = Array.from({ length: shape.layers }, () => ({
    attentionNorm: floats(shape.dim),
    qkv: matrix(heads + 2 * keys, shape.dim, NARROW_BYTES),
    output: matrix(shape.dim, heads, NARROW_BYTES),
    ffnNorm: floats(shape.dim),
    gateUp: matrix(2 * shape.ffn, shape.dim, NARROW_BYTES),
    down: matrix(shape.dim, shape.ffn, NARROW_BYTES),
  }));
  const embedding = matrix(shape.vocab, shape.dim, WIDE_BYTES);
  const panelBytes = (columns / BLOCK) * (parts * 16 + 32);
  const laneActBytes = actBytes(1);
  const scratchBytes =
    Math.ceil((panelBytes + laneActBytes + 4 * (contextTokens + 16)) / ALIGNMENT) * ALIGNMENT;
  const counterCount = 9 * shape.layers + 2;
  const fields = {
    ...shape,
    lanes,
    embedding,
    head: tied ? embedding : matrix(shape.vocab, shape.dim, WIDE_BYTES),
    rope: floats(contextTokens * shape.headDim),
    layer: take(24 * shape.layers),
    finalNorm: floats(shape.dim),
    logits: floats(shape.vocab),
    x: floats(PASS_TOKENS * shape.dim),
    q: floats(PASS_TOKENS * heads),
    attended: floats(PASS_TOKENS * heads),
    hidden: floats(PASS_TOKENS * 2 * shape.ffn),
    sharedActs: take(actBytes(QUAD) * (PASS_TOKENS / QUAD)),
    scratch: take(scratchBytes * lanes),
    scratchBytes,
    panelBytes,
    actBytes: laneActBytes,
    counters: take(4 * counterCount),
    counterCount,
    tokens: take(4 * PASS_TOKENS),
  };
  const kv = take(0);
  const pageBytes = 2 * PAGE * keys * shape.layers * 4;
  return {
    config,
    stacks,
    layers,
    fields: { ...fields, kv, pageBytes },
    stage: kv,
    pageBytes,
    baseBytes: kv,
  };
}

/** Bytes that are in use when `tokens` positions are filled. */
export function bytesFor({ baseBytes, pageBytes }: MemoryLayout, tokens: number): number {
  return baseBytes + Math.max(STAGE_BYTES, Math.ceil(tokens / PAGE) * pageBytes);
}
