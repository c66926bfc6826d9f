/** Brings a GGUF file's tensors into the engine's memory, re-laid into row groups without loss. */
import type { GgufTensor } from '../gguf.ts';
import type { ShardBytes } from '../shard-bytes.ts';
import { STAGE_BYTES, type MemoryLayout } from './memory-layout.ts';
import type { ModelTensors } from './model-shape.ts';

/** ggml's numbers of the formats that `pack` reads. */
const FORMATS: Record<string, number> = { Q4_0: 2, Q4_1: 3, Q5_0: 6, Q5_1: 7 };
const ROWS = 4;

/** Packs rows from `input` to `output` and answers how many bytes it wrote: `pack` of the compiled code. */
export type Pack = (
  output: number,
  input: number,
  rows: number,
  columns: number,
  format: number,
  wide: number,
) => number;

/** Yields after each layer, so that the caller can stop or tell how far it is. */
export function* loadWeights(
  tensors: ModelTensors,
  file: ShardBytes,
  memory: WebAssembly.Memory,
  layout: MemoryLayout,
  pack: Pack,
): Generator<void> {
  const copy = (tensor: GgufTensor, address: number) =>
    file.copy(tensor.offset, new Uint8Array(memory.buffer, address, tensor.bytes));

  const packAll = (matrices: readonly GgufTensor[], address: number, wide: boolean) => {
    let output = address;
    for (const { type, shape: size, offset, bytes } of matrices) {
      const [columns = 0, rows = 0] = size;
      const rowBytes = bytes / rows;
      const step = Math.floor(STAGE_BYTES / rowBytes / ROWS) * ROWS;
      for (let row = 0; row < rows; row += step) {
        const count = Math.min(step, rows - row);
        const stage = new Uint8Array(memory.buffer, layout.stage, count * rowBytes);
        file.copy(offset + row * rowBytes, stage);
        output += pack(output, layout.stage, count, columns, FORMATS[type] ?? 0, wide ? 1 : 0);
      }
    }
  };

  for (const [index, layer] of tensors.layers.entries()) {
    const at = layout.layers[index];
    if (!at) throw new RangeError(`no room for layer ${index}`);
    copy(layer.attentionNorm, at.attentionNorm);
    packAll(layer.qkv, at.qkv, false);
    packAll(layer.output, at.output, false);
    copy(layer.ffnNorm, at.ffnNorm);
    packAll(layer.gateUp, at.gateUp, false);
    packAll(layer.down, at.down, false);
    yield;
  }
  copy(tensors.finalNorm, layout.fields.finalNorm ?? 0);
  packAll([tensors.embedding], layout.fields.embedding ?? 0, true);
  if (tensors.head !== tensors.embedding) packAll([tensors.head], layout.fields.head ?? 0, true);
}
