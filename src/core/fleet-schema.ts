/** Schemas of fleet.json and of a specialist's manifest: what is read from disk or imported is checked here, once. */
import * as v from 'valibot';
import { fail, ok, type Result } from './failure.ts';
import { TASKS } from './request.ts';
import type { FleetManifest, SpecialistManifest } from './specialist.ts';
import type { WorkManifest, WorkTask } from './work.ts';

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** JSON has no Infinity, but 1e999 is read as one. */
const Figure = v.pipe(v.number(), v.finite());
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Id = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, 'must be a short lower-case name'),
);
const Version = v.pipe(
  v.string(),
  v.regex(/^\d+\.\d+\.\d+(-[a-z0-9.]+)?$/u, 'must be a version such as 1.0.0'),
);
const Text = v.pipe(v.string(), v.maxLength(4000));
/** Relative, without a way out of its folder. */
const Path = v.pipe(
  v.string(),
  v.regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/u, 'must be a path below the fleet'),
);

const File = v.strictObject({
  path: Path,
  bytes: Count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});
const Passport = v.strictObject({
  source: Text,
  licence: Text,
  attribution: Text,
  trainingData: Text,
  recipe: Text,
});
const Model = v.strictObject({
  id: Id,
  version: Version,
  dims: Count,
  maxTokens: Count,
  files: v.array(File),
  passport: Passport,
});
const Pair = v.strictObject({ static: Figure, encoder: Figure });

const Certificate = v.strictObject({
  maxError: Share,
  confidence: Share,
  threshold: Figure,
  coverage: Share,
  n: Count,
  outOfScopeN: Count,
  outOfScopeShare: Share,
});
const Calibration = v.strictObject({
  temperature: v.pipe(v.number(), v.minValue(1e-6), v.finite()),
  staticShare: Figure,
  weights: v.pipe(v.array(Figure), v.length(5)),
  bias: Figure,
  outOfScopeBelow: Figure,
  belongsFrom: Figure,
});
const Promise_ = v.strictObject({
  calibration: Calibration,
  certificates: v.array(Certificate),
  noCertificateReason: v.nullable(Text),
});
const SlmPromise_ = v.strictObject({
  model: v.pipe(v.string(), v.regex(/^[a-z0-9-]+@\d+\.\d+\.\d+$/u)),
  choices: v.pipe(Count, v.minValue(2), v.maxValue(8)),
  weights: v.pipe(v.array(Figure), v.length(4)),
  bias: Figure,
  certificates: v.array(Certificate),
});
const Problem = v.strictObject({
  kind: v.picklist(['duplicate', 'conflict', 'rare_label', 'leakage', 'empty_text', 'too_long']),
  message: Text,
  rows: v.array(Count),
});
const Evaluation = v.strictObject({
  n: Count,
  accuracy: Share,
  ci95: v.strictTuple([Share, Share]),
  ece: Figure,
  aurc: Figure,
  perLabel: v.array(
    v.strictObject({ label: v.string(), n: Count, precision: Share, recall: Share }),
  ),
  dataProblems: v.array(Problem),
  trainMs: Figure,
});
const Labels = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(300))),
  v.minLength(2),
  v.maxLength(2000),
);

const Manifest = v.strictObject({
  schema: v.literal(1),
  id: Id,
  version: Version,
  title: Text,
  description: Text,
  task: v.picklist(TASKS),
  labels: Labels,
  facets: v.array(v.strictObject({ name: Id, labels: Labels })),
  models: v.strictObject({ static: v.string(), encoder: v.string() }),
  files: v.array(File),
  promises: v.strictObject({
    static: Promise_,
    encoder: Promise_,
    slm: v.exactOptional(SlmPromise_),
  }),
  evaluation: Evaluation,
  passport: Passport,
  examples: v.array(Text),
  only: v.exactOptional(v.literal('files')),
});

const Fleet = v.strictObject({
  schema: v.literal(1),
  static: Model,
  encoder: Model,
  router: v.strictObject({ version: Version, sureLead: Pair, files: v.array(File) }),
  background: v.strictObject({ texts: File, vectors: v.exactOptional(File) }),
  ocr: v.exactOptional(
    v.strictObject({ id: Id, version: Version, files: v.array(File), passport: Passport }),
  ),
  specialists: v.array(v.strictObject({ id: Id, version: Version, manifest: File })),
  works: v.optional(v.array(v.strictObject({ id: Id, version: Version, manifest: File })), []),
  generators: v.optional(v.array(v.strictObject({ id: Id, version: Version, manifest: File })), []),
});

const WorkTasks = v.picklist(
  TASKS.filter((task): task is WorkTask => task !== 'classify' && task !== 'chat'),
);
const Figures = v.array(
  v.strictObject({
    name: Text,
    value: Figure,
    ci95: v.nullable(v.strictTuple([Figure, Figure])),
    n: Count,
    on: Text,
  }),
);
const Work = v.strictObject({
  schema: v.literal(1),
  id: Id,
  version: Version,
  title: Text,
  description: Text,
  task: WorkTasks,
  labels: v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(2000)),
  files: v.array(File),
  certificates: v.array(Certificate),
  noCertificateReason: v.nullable(Text),
  fieldCertificates: v.record(v.string(), v.array(Certificate)),
  figures: Figures,
  passport: Passport,
  examples: v.array(
    v.strictObject({
      title: Text,
      text: v.exactOptional(v.pipe(v.string(), v.maxLength(20_000))),
      file: v.exactOptional(Path),
      input: v.exactOptional(v.unknown()),
    }),
  ),
});

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, name: string): Result<T> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return ok(parsed.output);
  const issue = parsed.issues[0];
  return fail(
    'file_corrupt',
    `${name} is not valid at “${v.getDotPath(issue) ?? 'top'}”: ${issue.message}.`,
  );
}

export const parseFleet = (value: unknown): Result<FleetManifest> =>
  parse(Fleet, value, 'fleet.json');
export const parseWork = (value: unknown): Result<WorkManifest> =>
  parse(Work, value, 'The manifest');
export const parseManifest = (value: unknown): Result<SpecialistManifest> =>
  parse(Manifest, value, 'The manifest');

/** JSON or nothing: text from disk that does not parse is a value, not an exception. */
export function parseJson(bytes: Uint8Array, name: string): Result<unknown> {
  try {
    return ok(JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  } catch {
    return fail('file_corrupt', `${name} is not JSON.`);
  }
}
