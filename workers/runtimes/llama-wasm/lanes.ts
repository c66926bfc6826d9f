/** Starts and ends the other threads of the engine. */
import { startThread } from '../../../src/platform/start-thread.ts';
import type { LaneStart, StartLane } from './engine.ts';
import laneThread from './lane.worker.ts?worker&url';

export interface Lanes {
  start: StartLane;
  end(): void;
}

/** A thread that is not there after so long counts as lost, in ms. */
const PATIENCE_MS = 8000;

export function createLanes(): Lanes {
  const workers: Worker[] = [];
  return {
    start: (lane) => startLane(lane, workers),
    end: () => {
      for (const worker of workers.splice(0)) worker.terminate();
    },
  };
}

/** Rejects when the thread cannot be started. */
function startLane(lane: LaneStart, workers: Worker[]): Promise<void> {
  const worker = startThread(laneThread, `llama-wasm ${lane.number + 1}`);
  workers.push(worker);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a thread did not start')), PATIENCE_MS);
    worker.onmessage = () => {
      clearTimeout(timer);
      resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      reject(new Error(`a thread did not start: ${event.message}`));
    };
    worker.postMessage(lane);
  });
}
