/** Where a model is fetched from when nobody says: what the build ships, where it was begun, this server's mirror, the hub. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { CatalogueEntry, ModelSource } from '../../../src/core/generation-model.ts';
import { fleetUrl, mirrorUrl, type ShippedModel } from './known-models.ts';
import type { ModelRecord } from './model-records.ts';

export interface Places {
  baseUrl: string;
  shipped: ShippedModel | null;
  mirrored: boolean;
  modelSources: readonly string[];
}

/** A shipped model comes from the build, or from files that are the same to the bit. Fails with policy_denied. */
export function chooseSource(
  { id, title, hub }: CatalogueEntry,
  wanted: ModelSource | undefined,
  record: ModelRecord | null,
  { baseUrl, shipped, mirrored, modelSources }: Places,
): Result<ModelSource> {
  if (wanted?.kind === 'files') return ok(wanted);
  if (shipped) return mirror(new URL(shipped.manifest.path, fleetUrl(baseUrl)).href);
  if (wanted) return ok(wanted);
  if (record && record.source.kind !== 'files') return ok(record.source);
  if (mirrored) return mirror(mirrorUrl(baseUrl, id));
  if (hub && modelSources.length > 0) return ok({ kind: 'hub' });
  return fail(
    'policy_denied',
    `${title} is not on this server, and policy.json names no model_sources. npm run mirror -- ${id} copies it there; ` +
      'or choose a folder that holds it.',
  );
}

const mirror = (manifestUrl: string): Result<ModelSource> => ok({ kind: 'mirror', manifestUrl });
