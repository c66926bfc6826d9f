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
/** Keys whose scores are written together. */
const SCORES_AT_ONCE = 16;
/** Work counters that a layer uses at most. */
const STEPS_PER_LAYER = 9;

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

/** Hands out addresses one after the other. */
interface Room {
  take(bytes: number): number;
  end(): number;
}

function createRoom(): Room {
  // Address 0 stays unused.
  let end = 1024;
  const aligned = () => Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  return {
    take: (bytes) => {
      const start = aligned();
      end = start + bytes;
      return start;
    },
    end: aligned,
  };
}

/** `parts`: vectors of an unpacked block, 8 or 16: PARTS of the build. */
export function layOut(
  shape: ModelShape,
  tied: boolean,
  contextTokens: number,
  lanes: number,
  parts: number,
): MemoryLayout {
  const room = createRoom();
  const stacks = Array.from({ length: lanes }, () => room.take(STACK_BYTES) + STACK_BYTES);
  const config = room.take(4 * CONFIG.length);
  const { layers, ...weights } = placeWeights(room, shape, tied);
  const tables = {
    rope: room.take(4 * contextTokens * shape.headDim),
    layer: room.take(4 * 6 * shape.layers),
  };
  const buffers = placeBuffers(room, shape, parts);
  const scratch = placeScratch(room, shape, parts, contextTokens, lanes);
  const kv = room.end();
  const pageBytes = 2 * PAGE * shape.kvHeads * shape.headDim * shape.layers * 4;
  return {
    config,
    stacks,
    layers,
    fields: { ...shape, lanes, ...weights, ...tables, ...buffers, ...scratch, kv, pageBytes },
    stage: kv,
    pageBytes,
    baseBytes: kv,
  };
}

function placeWeights(room: Room, shape: ModelShape, tied: boolean) {
  const heads = shape.heads * shape.headDim;
  const keys = shape.kvHeads * shape.headDim;
  const matrix = (rows: number, inputs: number, groupBytes: number) =>
    room.take((rows / ROWS) * (inputs / BLOCK) * groupBytes);
  const layers = Array.from({ length: shape.layers }, () => ({
    attentionNorm: room.take(4 * shape.dim),
    qkv: matrix(heads + 2 * keys, shape.dim, NARROW_BYTES),
    output: matrix(shape.dim, heads, NARROW_BYTES),
    ffnNorm: room.take(4 * shape.dim),
    gateUp: matrix(2 * shape.ffn, shape.dim, NARROW_BYTES),
    down: matrix(shape.dim, shape.ffn, NARROW_BYTES),
  }));
  const embedding = matrix(shape.vocab, shape.dim, WIDE_BYTES);
  const head = tied ? embedding : matrix(shape.vocab, shape.dim, WIDE_BYTES);
  return { layers, embedding, head, finalNorm: room.take(4 * shape.dim) };
}

/** The most columns that a matrix of the model has. */
function widest({ dim, ffn, heads, headDim }: ModelShape): number {
  return Math.max(dim, ffn, heads * headDim);
}

/** Quantised activations: words, then scale and total of each block. */
function actBytes(shape: ModelShape, parts: number, tokens: number): number {
  return (widest(shape) / BLOCK) * tokens * (4 * parts + 8);
}

function placeBuffers(room: Room, shape: ModelShape, parts: number) {
  const heads = shape.heads * shape.headDim;
  const counterCount = STEPS_PER_LAYER * shape.layers + 2;
  return {
    logits: room.take(4 * shape.vocab),
    x: room.take(4 * PASS_TOKENS * shape.dim),
    q: room.take(4 * PASS_TOKENS * heads),
    attended: room.take(4 * PASS_TOKENS * heads),
    hidden: room.take(4 * PASS_TOKENS * 2 * shape.ffn),
    sharedActs: room.take(actBytes(shape, parts, QUAD) * (PASS_TOKENS / QUAD)),
    counters: room.take(4 * counterCount),
    counterCount,
    tokens: room.take(4 * PASS_TOKENS),
  };
}

function placeScratch(
  room: Room,
  shape: ModelShape,
  parts: number,
  contextTokens: number,
  lanes: number,
) {
  const panelBytes = (widest(shape) / BLOCK) * (parts * 16 + 32);
  const laneActBytes = actBytes(shape, parts, 1);
  const wanted = panelBytes + laneActBytes + 4 * (contextTokens + SCORES_AT_ONCE);
  const scratchBytes = Math.ceil(wanted / ALIGNMENT) * ALIGNMENT;
  const scratch = room.take(scratchBytes * lanes);
  return { scratch, scratchBytes, panelBytes, actBytes: laneActBytes };
}

/** Bytes that are in use when `tokens` positions are filled. */
export function bytesFor({ baseBytes, pageBytes }: MemoryLayout, tokens: number): number {
  return baseBytes + Math.max(STAGE_BYTES, Math.ceil(tokens / PAGE) * pageBytes);
}
