/** Reads the catalogue of language models and the list of mirrored ones. A bad line is an error, not a gap. */
import * as v from 'valibot';
import { fail, ok, type Result } from './failure.ts';
import { GENERATORS } from './generation.ts';
import type { CatalogueEntry } from './generation-model.ts';

const Line = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Id = v.pipe(
  v.string(),
  v.regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{0,63}$/u, 'must be a short lower-case name'),
);

const Hub = v.strictObject({
  repository: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/u, 'must be owner/name')),
  revision: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/u)),
  weights: v.pipe(v.string(), v.regex(/^[\w./-]+$/u)),
  library: v.nullable(v.pipe(v.string(), v.url())),
});

const Entry = v.strictObject({
  id: Id,
  family: Line,
  title: Line,
  licence: Line,
  openLicence: v.boolean(),
  parameters: Count,
  downloadBytes: v.nullable(Count),
  downloadBytesAbout: v.nullable(Count),
  memoryBytes: Count,
  contextTokens: Count,
  runtime: v.picklist(GENERATORS),
  fallback: v.nullable(v.picklist(GENERATORS)),
  needs: v.strictObject({ shaderF16: v.boolean(), maxBufferBytes: Count }),
  hub: v.nullable(Hub),
  goodFor: Line,
});

const Catalogue = v.strictObject({
  schema: v.literal(1),
  models: v.pipe(
    v.array(Entry),
    v.check((all) => new Set(all.map(({ id }) => id)).size === all.length, 'names an id twice'),
  ),
});

const MirrorIndex = v.strictObject({ schema: v.literal(1), models: v.array(Id) });

/** catalogue.json. Fails with file_corrupt; the message names the key. */
export function parseCatalogue(value: unknown): Result<CatalogueEntry[]> {
  const parsed = v.safeParse(Catalogue, value);
  return parsed.success
    ? ok(parsed.output.models)
    : fail('file_corrupt', `catalogue.json is not valid ${issueOf(parsed.issues[0])}`);
}

/** models/index.json: ids of the models that this server mirrors, each below models/<id>/. */
export function parseMirrorIndex(value: unknown): Result<string[]> {
  const parsed = v.safeParse(MirrorIndex, value);
  return parsed.success
    ? ok(parsed.output.models)
    : fail('file_corrupt', `models/index.json is not valid ${issueOf(parsed.issues[0])}`);
}

const issueOf = (issue: v.BaseIssue<unknown>): string =>
  `at “${v.getDotPath(issue) ?? 'top'}”: ${issue.message}.`;
