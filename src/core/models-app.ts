/** What the app's own pages may do with language models. Types only. */
import type { GenerationInfo } from './generation.ts';
import type { BackendChoice, DeviceProbe, ModelCard, ModelSource } from './generation-model.ts';

export interface ModelsApp {
  /** The catalogue with the state of each model on this device, shipped ones first. */
  list(): Promise<ModelCard[]>;
  /** Hears all cards whenever one changes, at most ten times a second. */
  onChange(listener: (cards: ModelCard[]) => void): void;
  probe(): Promise<DeviceProbe>;
  /**
   * Brings the files onto this disk, hash-checked; goes on where it stopped. Resolves when all are here.
   * Rejects with FlotillaError: storage_full, file_missing, hash_mismatch, policy_denied, unknown_model, cancelled (paused).
   */
  download(id: string, source?: ModelSource): Promise<void>;
  /** Stops a download and keeps the whole shards. */
  pause(id: string): Promise<void>;
  /** Stops what runs and deletes the files. */
  remove(id: string): Promise<void>;
  /** Loads a stored model into memory; others leave if the memory budget asks for it. */
  load(id: string): Promise<GenerationInfo>;
  unload(id: string): Promise<void>;
  backend(): Promise<BackendChoice>;
  /** Takes effect with the next load; a loaded model is loaded again. */
  chooseBackend(choice: BackendChoice): Promise<void>;
}
