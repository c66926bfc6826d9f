/** The browser's own language model (Chrome's Prompt API), which only the page can reach. Types only. */
import type { Result } from './failure.ts';
import type { Generated, GenerateRequest } from './generation.ts';
import type { DeviceProbe } from './generation-model.ts';

/**
 * Optional and untrusted: no version to pin, no log-probabilities (`tokens` is empty), so it is never certified.
 * An AbortSignal does not cross threads, so a call has a name by which it is interrupted, as in GenerationRuntime.
 */
export interface PromptPort {
  availability(): Promise<DeviceProbe['promptApi']>;
  /** `onDelta` hears the text as it grows. Fails with unknown_model, schema_unsupported, input_too_long, runtime_failed. */
  generate(
    request: GenerateRequest,
    id: string,
    onDelta: ((delta: string) => void) | null,
  ): Promise<Result<Generated>>;
  interrupt(id: string): Promise<void>;
}
