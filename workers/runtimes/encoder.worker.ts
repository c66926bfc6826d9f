/** Thread of the encoder runtime: transformers.js on onnxruntime-web. */
import { openEncoderEngine, warmUp } from './encoder/engine.ts';
import { exposeRuntime, threadDoors } from './expose.ts';
import { createRuntime } from './runtime.ts';

exposeRuntime(createRuntime(threadDoors, openEncoderEngine, warmUp));
