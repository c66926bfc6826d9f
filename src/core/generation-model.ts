/** A language model as data: its manifest, where it can come from, and what is known of it on this device. */
import type { Failure } from './failure.ts';
import type { GenerationInfo, GeneratorKind } from './generation.ts';
import type { FleetFile, Passport } from './specialist.ts';

/** What a file of a model is for. `weights` are in order; joined they are one file where the format is `gguf`. */
export type ModelFileRole =
  | 'weights'
  | 'tensors'
  | 'library'
  | 'software-library'
  | 'config'
  | 'tokenizer'
  | 'golden'
  | 'other';

export interface ModelFile extends FleetFile {
  role: ModelFileRole;
}

/**
 * model.json: one version of one language model, every file with its hash. Paths are relative to model.json.
 * `gguf`: GGUF cut into shards. `mlc`: WebLLM's tensor-cache.json and params_shard_*.bin. `onnx`: transformers.js layout.
 */
export interface GenerationModel {
  schema: 1;
  id: string;
  version: string;
  title: string;
  description: string;
  format: 'gguf' | 'mlc' | 'onnx';
  /** Runtimes that can read it, the preferred one first. */
  runtimes: GeneratorKind[];
  /** Prompt and answer together, in tokens. */
  contextTokens: number;
  /** Memory while loaded: weights, cache and buffers, in bytes. */
  memoryBytes: number;
  /** What the device has to offer for WebGPU. */
  needs: { shaderF16: boolean; maxBufferBytes: number };
  files: ModelFile[];
  passport: Passport;
}

/** Where a model's files are fetched from. */
export type ModelSource =
  /** Shipped with the build, or a mirror on this origin: absolute URL of model.json. */
  | { kind: 'mirror'; manifestUrl: string }
  /** The public hub; only if the policy names its origin. */
  | { kind: 'hub' }
  /** Files that the person chose (a folder, a USB stick), with a model.json among them. */
  | { kind: 'files'; files: { path: string; file: Blob }[] };

/** One line of the catalogue: a model by name, before any byte of it is here. */
export interface CatalogueEntry {
  id: string;
  family: string;
  title: string;
  licence: string;
  /** False where the licence asks for more than attribution (a use policy, an agreement). */
  openLicence: boolean;
  /** 0 where it is not published. */
  parameters: number;
  /** Of all files, in bytes; null where it is not known exactly, or where the browser itself brings the model. */
  downloadBytes: number | null;
  /** Rounded estimate from parameters and quantisation where the exact size is not known; else null. */
  downloadBytesAbout: number | null;
  memoryBytes: number;
  contextTokens: number;
  runtime: GeneratorKind;
  /** Runs the same files where `runtime` lacks its WebGPU; null where nothing else does. */
  fallback: GeneratorKind | null;
  /** What `runtime` asks of WebGPU. */
  needs: { shaderF16: boolean; maxBufferBytes: number };
  /**
   * Hub repository and revision of the weights; null for what ships or is built in. `weights` begins the paths of its
   * weight files; `library` is the URL of WebLLM's compiled library.
   */
  hub: { repository: string; revision: string; weights: string; library: string | null } | null;
  goodFor: string;
}

/** What a device can do for language models. Sizes in bytes; null where the browser does not tell. */
export interface DeviceProbe {
  webgpu: 'none' | 'software' | 'hardware';
  /** Vendor and architecture as the browser names them; empty without WebGPU. */
  adapter: string;
  shaderF16: boolean;
  maxBufferBytes: number;
  /** Of navigator.deviceMemory, which stops at 8 GiB in most browsers. */
  memoryBytes: number | null;
  cores: number;
  crossOriginIsolated: boolean;
  /** The browser's own model: Chrome's Prompt API. */
  promptApi: 'none' | 'downloadable' | 'ready';
  storage: { usedBytes: number | null; quotaBytes: number | null; persistent: boolean };
}

/** Does a model fit a device? `why` is one plain sentence in either case. */
export interface Fit {
  fits: boolean;
  recommended: boolean;
  why: string;
}

export type ModelPhase =
  'absent' | 'downloading' | 'paused' | 'stored' | 'loading' | 'ready' | 'failed';

/** A model of the list, as the page shows it. */
export interface ModelCard {
  id: string;
  title: string;
  entry: CatalogueEntry;
  /** Null until its manifest is known. */
  version: string | null;
  shipped: boolean;
  fit: Fit;
  phase: ModelPhase;
  loadedBytes: number;
  totalBytes: number;
  /** Bytes per second over the last seconds of a download; null while nothing moves. */
  bytesPerSecond: number | null;
  /** Kept on this disk, in bytes. */
  storedBytes: number;
  info: GenerationInfo | null;
  /** Why it failed or paused. While `downloading`: what it waits for (the connection); it goes on by itself. */
  failure: Failure | null;
  /** Backends that were refused or slower, each with the reason; there once it was loaded. */
  others?: { kind: GeneratorKind; why: string }[];
}

/** Id of the browser's own model; it has no files and no manifest. */
export const BROWSER_MODEL = 'gemini-nano';

/** Which backend the person wants; `auto` takes the measured faster one that is right. */
export type BackendChoice = 'auto' | 'webgpu' | 'wasm';
