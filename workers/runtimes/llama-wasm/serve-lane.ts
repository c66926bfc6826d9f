/** What a lane's thread does, in a browser's worker as in Node's. */
import type { LaneStart } from './engine.ts';
import { fieldIndex } from './memory-layout.ts';

interface LaneExports {
  __stack_pointer: WebAssembly.Global;
  serve(config: number, number: number, epoch: number): void;
}

/** Does not return while the engine is whole. */
export function serveLane(
  { module, memory, config, stack, number }: LaneStart,
  onReady: () => void,
): void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const lane = exports as unknown as LaneExports;
  lane.__stack_pointer.value = stack;
  const epoch = new Int32Array(memory.buffer, config)[fieldIndex('epoch')] ?? 0;
  onReady();
  lane.serve(config, number, epoch);
}
