/** Small made-up models: a manifest over given bytes. Tests only. */
import { createHash } from 'node:crypto';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import { roleOf } from '../../../workers/router/models/hub.ts';

export const hashOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Files whose names begin with `weights` are weights; the others by their names. */
export function modelOf(files: Record<string, Uint8Array>, id = 'test-model'): GenerationModel {
  return {
    schema: 1,
    id,
    version: '1.0.0',
    title: 'Test model',
    description: 'Random bytes.',
    format: 'gguf',
    runtimes: ['llama-wasm'],
    contextTokens: 128,
    memoryBytes: 1000,
    needs: { shaderF16: false, maxBufferBytes: 0 },
    files: Object.entries(files).map(([path, bytes]) => ({
      path,
      bytes: bytes.length,
      sha256: hashOf(bytes),
      role: roleOf(path, 'weights'),
    })),
    passport: {
      source: 'test',
      licence: 'mit',
      attribution: 'test',
      trainingData: 'none',
      recipe: 'test',
    },
  };
}
