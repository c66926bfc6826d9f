/** The specialists of tasks that give more than a label: their manifests, read once, and their cards. */
import type { Certificate, Tier } from '../../../src/core/answer.ts';
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import { parseJson, parseWork } from '../../../src/core/fleet-schema.ts';
import { certificateFor } from '../../../src/core/gate.ts';
import type { FleetManifest, WorkCard } from '../../../src/core/specialist.ts';
import type { WorkManifest } from '../../../src/core/work.ts';
import { fetchChecked } from '../fleet-files.ts';

export class WorkShelf {
  readonly #fleetUrl: string;
  readonly #entries: FleetManifest['works'];
  /** Specialists that could not be read, by id, with the reason; the others work. */
  readonly problems = new Map<string, Failure>();
  #reading: Promise<WorkManifest[]> | null = null;

  constructor(fleetUrl: string, entries: FleetManifest['works']) {
    this.#fleetUrl = fleetUrl;
    this.#entries = entries;
  }

  has(name: string | undefined): boolean {
    const [id] = typeof name === 'string' ? name.split('@') : [];
    return this.#entries.some((entry) => entry.id === id);
  }

  /** All manifests that can be used. One that could not be fetched is asked for again at the next call. */
  async manifests(): Promise<WorkManifest[]> {
    const reading = (this.#reading ??= this.#readAll());
    const manifests = await reading;
    if (this.problems.size > 0 && this.#reading === reading) this.#reading = null;
    return manifests;
  }

  /** Absolute address of a manifest; its files lie beside it. */
  urlOf(id: string): string {
    const entry = this.#entries.find((one) => one.id === id);
    return new URL(entry?.manifest.path ?? '', this.#fleetUrl).href;
  }

  async #readAll(): Promise<WorkManifest[]> {
    const read = await Promise.all(
      this.#entries.map(async (entry) => [entry.id, await this.#read(entry)] as const),
    );
    this.problems.clear();
    return read.flatMap(([id, result]) => {
      if (result.ok) return [result.value];
      const { code, message } = result.failure;
      this.problems.set(id, { code, message: `“${id}” is left out. ${message}` });
      return [];
    });
  }

  async #read({
    id,
    version,
    manifest,
  }: FleetManifest['works'][number]): Promise<Result<WorkManifest>> {
    const bytes = await fetchChecked(this.#fleetUrl, manifest);
    if (!bytes.ok) return bytes;
    const json = parseJson(bytes.value, manifest.path);
    const parsed = json.ok ? parseWork(json.value) : json;
    if (!parsed.ok) return parsed;
    const fits = parsed.value.id === id && parsed.value.version === version;
    return fits ? ok(parsed.value) : fail('file_corrupt', `${manifest.path} is of another one.`);
  }

  cardOf(manifest: WorkManifest, maxError: number): WorkCard {
    const certificate: Certificate | null = certificateFor(manifest, maxError);
    return {
      kind: 'work',
      id: manifest.id,
      version: manifest.version,
      title: manifest.title,
      description: manifest.description,
      task: manifest.task,
      labels: manifest.labels,
      tiers: TIERS_OF[manifest.task],
      state: 'champion',
      origin: 'shipped',
      sizeBytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
      evaluation: null,
      certificate,
      certificates: manifest.certificates,
      fieldCertificates: manifest.fieldCertificates,
      noCertificateReason: certificate ? null : manifest.noCertificateReason,
      figures: manifest.figures,
      passport: manifest.passport,
      examples: manifest.examples.map((example) =>
        example.file === undefined
          ? example
          : { ...example, file: new URL(example.file, this.urlOf(manifest.id)).href },
      ),
    };
  }
}

/** The tiers that a task's code may use, cheapest first. */
const TIERS_OF: Record<WorkManifest['task'], Tier[]> = {
  extract: ['rules', 'slm'],
  summarize: ['rules', 'static'],
  draft: ['rules', 'encoder'],
  code: ['rules'],
  check: ['rules', 'static'],
  generate: ['rules'],
  redact: ['rules'],
};
