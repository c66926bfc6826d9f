/** The list of models before any byte of them is here: the catalogue, what the build ships, what this server mirrors. */
import { parseCatalogue, parseMirrorIndex } from '../../../src/core/catalogue-schema.ts';
import type { Result } from '../../../src/core/failure.ts';
import { parseJson } from '../../../src/core/fleet-schema.ts';
import type { CatalogueEntry, GenerationModel } from '../../../src/core/generation-model.ts';
import type { FleetFile } from '../../../src/core/specialist.ts';
import { fetchChecked, fetchFile } from '../fleet-files.ts';
import { bytesOf, readModel } from './manifest.ts';

/** A language model that the build ships; `manifest` is its model.json, relative to fleet.json. */
export interface ShippedModel {
  id: string;
  version: string;
  manifest: FleetFile;
}

export interface KnownModels {
  entries: CatalogueEntry[];
  /** Ids below models/ of this server. */
  mirrored: Set<string>;
}

/** Licences that ask for attribution at most. */
const OPEN_LICENCES = ['apache-2.0', 'mit', 'bsd-3-clause', 'cc-by-4.0', 'cdla-permissive-2.0'];

export const fleetUrl = (baseUrl: string): string => new URL('fleet/', baseUrl).href;
export const mirrorUrl = (baseUrl: string, id: string): string =>
  new URL(`models/${id}/model.json`, baseUrl).href;

/** What cannot be read is left out: a broken catalogue must not hide the shipped model. */
export async function loadKnownModels(
  baseUrl: string,
  shipped: readonly ShippedModel[],
): Promise<KnownModels> {
  const [catalogue, index] = await Promise.all([
    readList(new URL('catalogue.json', fleetUrl(baseUrl)).href, parseCatalogue),
    readList(new URL('models/index.json', baseUrl).href, parseMirrorIndex),
  ]);
  const entries = catalogue.ok ? catalogue.value : [];
  const mirrored = new Set(index.ok ? index.value : []);
  const isNew = (id: string) => !entries.some((entry) => entry.id === id);
  const unlisted = await Promise.all([
    ...shipped
      .filter(({ id }) => isNew(id))
      .map(({ manifest }) => fetchChecked(fleetUrl(baseUrl), manifest)),
    ...[...mirrored].filter(isNew).map((id) => fetchFile(mirrorUrl(baseUrl, id), 'no-cache')),
  ]);
  for (const bytes of unlisted) {
    const manifest = bytes.ok ? readModel(bytes.value) : bytes;
    if (manifest.ok && isNew(manifest.value.id)) entries.push(entryOf(manifest.value));
  }
  return { entries, mirrored };
}

async function readList<T>(url: string, parse: (value: unknown) => Result<T>): Promise<Result<T>> {
  const bytes = await fetchFile(url, 'no-cache');
  const json = bytes.ok ? parseJson(bytes.value, url) : bytes;
  return json.ok ? parse(json.value) : json;
}

/** The line of a model that no catalogue names, from its own manifest. */
export function entryOf(model: GenerationModel): CatalogueEntry {
  const [runtime = 'llama-wasm', fallback = null] = model.runtimes;
  return {
    id: model.id,
    family: model.title,
    title: model.title,
    licence: model.passport.licence,
    openLicence: OPEN_LICENCES.includes(model.passport.licence),
    parameters: 0,
    downloadBytes: bytesOf(model),
    downloadBytesAbout: null,
    memoryBytes: model.memoryBytes,
    contextTokens: model.contextTokens,
    runtime,
    fallback,
    needs: model.needs,
    hub: null,
    goodFor: model.description,
  };
}
