/** A specialist is data: a manifest, a head file and its passport. This file is the vocabulary of that data. */
import type { Certificate, Tier } from './answer.ts';
import type { TaskId } from './request.ts';
import type { LinearHead } from './score.ts';
import type { Figure, WorkExample, WorkTask } from './work.ts';

/** A file of the fleet, relative to the manifest that names it. Nothing is used before its hash is checked. */
export interface FleetFile {
  path: string;
  /** Bytes of the stored file. */
  bytes: number;
  /** sha-256 of the stored file, lower-case hex. */
  sha256: string;
}

/** Where weights and labels come from and under what terms. */
export interface Passport {
  source: string;
  licence: string;
  attribution: string;
  trainingData: string;
  recipe: string;
}

/** One shared model (static table or encoder) of the fleet. */
export interface SharedModel {
  id: string;
  version: string;
  /** Embedding width. */
  dims: number;
  /** Longest input in tokens; longer input is cut and the answer says so. */
  maxTokens: number;
  files: FleetFile[];
  passport: Passport;
}

/**
 * Turns a tier's logits into P(label is right and the request is in scope).
 * Features are those of score.ts; confidence = sigmoid(bias + Σ weights·features).
 */
export interface Calibration {
  temperature: number;
  /** Share of the static logits added to the encoder's logits (encoder tier only; 0 = none). */
  staticShare: number;
  weights: number[];
  bias: number;
  /** Confidence below which the request is reported as out of scope (label null). */
  outOfScopeBelow: number;
  /** Log-odds of `belongs` from which the router takes a text for this specialist's. */
  belongsFrom: number;
}

/**
 * What a specialist can promise at one tier, by promised error, and the reason where it can promise nothing.
 * The encoder's certificates are those of the cascade: the static tier settles what it may, the encoder the rest. The
 * static tier's are its part of the same promises, at the one threshold that was chosen for it before certifying.
 */
export interface TierPromise {
  calibration: Calibration;
  /** One per promised error that could be kept, strictest first. */
  certificates: Certificate[];
  /** Why there is no certificate for a promised error that was asked for; null when there is one. */
  noCertificateReason: string | null;
}

/**
 * What a language model's second opinion on the encoder's doubtful labels is worth, calibrated and certified on held-out
 * rows that the encoder did not accept. Only there where it was measured to help.
 */
export interface SlmPromise {
  /** `id@version` of the language model that was measured. */
  model: string;
  /** How many of the encoder's best labels it picks from. */
  choices: number;
  /** Of the features in second-opinion.ts; confidence = sigmoid(bias + Σ weights·features). */
  weights: number[];
  bias: number;
  certificates: Certificate[];
}

/** Figures of a specialist on rows that neither its head nor the encoder has seen. */
export interface Evaluation {
  n: number;
  accuracy: number;
  /** Wilson interval of the accuracy. */
  ci95: [low: number, high: number];
  /** Expected calibration error of the confidence, 15 equal-mass bins. */
  ece: number;
  /** Area under the risk–coverage curve. */
  aurc: number;
  perLabel: { label: string; n: number; precision: number; recall: number }[];
  dataProblems: DataProblem[];
  trainMs: number;
}

export interface DataProblem {
  kind: 'duplicate' | 'conflict' | 'rare_label' | 'leakage' | 'empty_text' | 'too_long';
  message: string;
  rows: number[];
}

export type LifecycleState = 'draft' | 'candidate' | 'champion' | 'retired';

export interface SpecialistManifest {
  schema: 1;
  id: string;
  version: string;
  title: string;
  description: string;
  task: TaskId;
  labels: string[];
  /** A second question answered from the same embedding, e.g. the department. */
  facets: { name: string; labels: string[] }[];
  /** The shared models that the head was trained on; another version makes the head invalid. */
  models: { static: string; encoder: string };
  files: FleetFile[];
  promises: { static: TierPromise; encoder: TierPromise; slm?: SlmPromise };
  evaluation: Evaluation;
  passport: Passport;
  /** Texts that show what it is for. */
  examples: string[];
  /** `files`: the router does not send it typed texts; it sorts files, and what names it. */
  only?: 'files';
}

/** A specialist whose files were hash-checked and parsed, ready to answer. */
export interface LoadedSpecialist {
  manifest: SpecialistManifest;
  heads: { static: LinearHead; encoder: LinearHead };
  /** One pair of heads per facet. */
  facetHeads: { static: LinearHead; encoder: LinearHead }[];
  origin: 'shipped' | 'local';
  sizeBytes: number;
}

/** What the router knows besides the specialists' own `belongs` rows. */
export interface RouterHead {
  /** [dims + 1] per tier: tells open-ended requests (write, explain, solve) from all others. */
  openEnded: { static: Float32Array; encoder: Float32Array };
  /** Lead in log-odds from which a route is taken without asking the next tier. */
  sureLead: { static: number; encoder: number };
}

/** fleet.json: everything that a build ships. */
export interface FleetManifest {
  schema: 1;
  router: { version: string; sureLead: { static: number; encoder: number }; files: FleetFile[] };
  /** Texts of other work, for training a specialist in the tab: what is not its business. */
  /** Texts of other work for training, one a line, and their embeddings by the encoder, [texts × dims] as F16. */
  background: { texts: FleetFile; vectors?: FleetFile };
  /** What reads scans; the reader of documents knows its files by their hashes. */
  ocr?: Pick<SharedModel, 'id' | 'version' | 'files' | 'passport'>;
  static: SharedModel;
  encoder: SharedModel;
  specialists: { id: string; version: string; manifest: FleetFile }[];
  /** Specialists for tasks that give more than a label: manifest.json of each (WorkManifest in work.ts). */
  works: { id: string; version: string; manifest: FleetFile }[];
  /** Language models that the build ships: model.json of each (generation-model.ts). */
  generators: { id: string; version: string; manifest: FleetFile }[];
}

/** What the UI and host pages see of a specialist. */
export interface SpecialistCard {
  id: string;
  version: string;
  title: string;
  description: string;
  task: TaskId;
  labels: string[];
  tiers: Tier[];
  state: LifecycleState;
  /** Shipped with the build, or trained in this browser. */
  origin: 'shipped' | 'local';
  sizeBytes: number;
  evaluation: Evaluation;
  certificate: Certificate | null;
  /** All certificates of its best tier, by promised error. */
  certificates: Certificate[];
  noCertificateReason: string | null;
  passport: Passport;
  examples: string[];
}

/** A specialist for a task that gives more than a label (see WorkManifest in work.ts). */
export interface WorkCard {
  kind: 'work';
  id: string;
  version: string;
  title: string;
  description: string;
  task: WorkTask;
  /** What it can name: fields, types of entities, sections; empty where that is open. */
  labels: string[];
  tiers: Tier[];
  state: LifecycleState;
  origin: 'shipped';
  sizeBytes: number;
  evaluation: null;
  certificate: Certificate | null;
  certificates: Certificate[];
  fieldCertificates: Record<string, Certificate[]>;
  noCertificateReason: string | null;
  figures: Figure[];
  passport: Passport;
  /** `file` is an address on this origin. */
  examples: WorkExample[];
}

/** Any specialist of the fleet. */
export type FleetCard = SpecialistCard | WriterCard | WorkCard;

/** A language model that ships with the build, among the specialists: it writes, so it has no labels and no figures. */
export interface WriterCard extends Omit<SpecialistCard, 'evaluation' | 'certificate'> {
  task: 'chat';
  evaluation: null;
  certificate: null;
}
