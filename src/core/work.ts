/**
 * The contract of every task but `classify` and `chat`: what its code gets, what it may call and what it gives back.
 * The code lies in workers/tasks/<task>/run.ts and runs on the tasks thread; the data is a specialist of the fleet.
 */
import type { Attempt, Certificate, ReasonCode, Tier } from './answer.ts';
import type { ReadDocument } from './document.ts';
import type { Result } from './failure.ts';
import type { GenerateOptions, ModelName } from './ports.ts';
import type { Generated, GenerateRequest } from './generation.ts';
import type { TaskId } from './request.ts';
import type { LocalTier } from './route.ts';
import type { FleetFile, Passport } from './specialist.ts';

export type WorkTask = Exclude<TaskId, 'classify' | 'chat'>;

/** One measured figure of a specialist, on rows that it has not seen. */
export interface Figure {
  /** E.g. `F1, total`. */
  name: string;
  value: number;
  /** Null where the figure is no mean of independent rows. */
  ci95: [low: number, high: number] | null;
  n: number;
  /** What it was measured on, e.g. `SROIE, 123 receipts of companies that training never saw`. */
  on: string;
}

/** A piece of work that shows what the specialist is for: own text, or a file of the specialist. */
export interface WorkExample {
  title: string;
  text?: string;
  /** Path of a file beside the manifest, e.g. `example.pdf`. */
  file?: string;
  input?: unknown;
}

/** A specialist for a task that gives more than a label. Lies beside its files as manifest.json. */
export interface WorkManifest {
  schema: 1;
  id: string;
  version: string;
  title: string;
  description: string;
  task: WorkTask;
  /** What it can name: fields, types of entities, sections; empty where that is open. */
  labels: string[];
  /** Relative to the manifest. A name that ends in `.gzip` is handed out unzipped, without the ending. */
  files: FleetFile[];
  /** Of the whole output, strictest first; see certify.ts. */
  certificates: Certificate[];
  noCertificateReason: string | null;
  /** Of single fields, by name. */
  fieldCertificates: Record<string, Certificate[]>;
  figures: Figure[];
  passport: Passport;
  examples: WorkExample[];
}

/** What a task works on. */
export interface Work {
  document: ReadDocument;
  /** `RunRequest.input` as it came: the task checks it by a schema and fails with bad_request. */
  input: unknown;
  manifest: WorkManifest;
}

/** Vectors of the tokens of a text at the encoder's last layer. */
export interface TokenVectors {
  /** [tokens × dims], row-major, without [CLS] and [SEP]. */
  vectors: Float32Array;
  /** [tokens × 2]: UTF-16 start and end of each token in the text. */
  offsets: Uint32Array;
  dims: number;
  /** True when the text was longer than the model reads. */
  cut: boolean;
}

/** What the code of a task may call. Each is an effect; everything else in a task is pure. */
export interface WorkPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  deadlineAt: number;
  signal: AbortSignal | undefined;
  /** Tiers that the policy allows for this task on this device: a subset of rules, static, encoder, slm. */
  tiers: readonly Tier[];
  /** L2-normalised vectors, in order. */
  embed(tier: LocalTier, texts: readonly string[]): Promise<Result<Float32Array[]>>;
  /** Vectors of tokens, in order of the texts. */
  tokens(texts: readonly string[]): Promise<Result<TokenVectors[]>>;
  /** A file of the specialist by its name (`terms.bin` for `terms.bin.gzip`), hash-checked, unzipped, kept while it is used. */
  file(name: string): Promise<Result<Uint8Array<ArrayBuffer>>>;
  /** The language models of this device; see SlmPort in ports.ts. */
  slm: {
    modelFor(wanted: string | null): Promise<ModelName | null>;
    generate(
      model: string,
      request: GenerateRequest,
      options: Pick<GenerateOptions, 'deadlineAt'>,
    ): Promise<Result<Generated>>;
  };
  onProgress(progress: { stage: string; done: number; total: number }): void;
}

/**
 * What a task found. The gate in handle-work.ts makes an answer of it:
 * `exact`: a rule decided, nothing was guessed (XML, checksums, a specification): accepted unless there are doubts.
 * `measured`: accepted where `confidence` reaches the threshold of a certificate, and there are no doubts.
 * `draft`: written text or candidates: never accepted without a person.
 */
export interface Finding<Output> {
  output: Output | null;
  basis: 'exact' | 'measured' | 'draft';
  /** Calibrated P(output is right) where `basis` is `measured`; 1 for exact; 0 where nothing is known. */
  confidence: number;
  /** The dearest tier that the output came from. */
  tier: Tier;
  attempts: Attempt[];
  /** Plain sentences: why a person should look although the figures are good (a validator, a contradiction, cut text). */
  doubts: string[];
  /** Where the output cannot be accepted for a reason of its own, e.g. `validator_failed`, `schema_invalid`. */
  reason?: ReasonCode;
  /** What a language model read and wrote, where one was asked. */
  usage?: { prompt_tokens: number; completion_tokens: number };
}

/** Fails for a wrong call (bad_request, empty_input, …), a stopped runtime, `deadline` and `cancelled`. */
export type RunWork<Output> = (work: Work, ports: WorkPorts) => Promise<Result<Finding<Output>>>;
