/** One more thread of the engine: joins its memory and takes part in every pass until it is terminated. */
import type { LaneStart } from './engine.ts';
import { serveLane } from './serve-lane.ts';

globalThis.onmessage = ({ data }: MessageEvent<LaneStart>) => {
  // Posted before the thread begins to wait: from then on it hears no message any more.
  serveLane(data, () => postMessage('ready'));
};
