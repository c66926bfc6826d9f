/** Work that gives more than a label, on the router thread: reads its document, finds its specialist, runs its task. */
import { chooseWork } from '../../../src/core/choose-work.ts';
import type { DocumentReader, ReadDocument } from '../../../src/core/document.ts';
import { documentOfText } from '../../../src/core/document.ts';
import { documentOfLines } from '../../../src/core/document-parts.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { FleetManifest, WorkCard } from '../../../src/core/specialist.ts';
import { maxErrorFor } from '../../../src/core/policy.ts';
import type { Policy } from '../../../src/core/policy-schema.ts';
import type { ExtraSpan } from '../../../src/core/mask.ts';
import type { RedactOutput } from '../../../src/core/outputs.ts';
import type { NamedBlob } from '../../../src/core/intake.ts';
import type { Embedding, HandleOptions } from '../../../src/core/ports.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import { onlySorts } from '../../../src/core/route-file.ts';
import type { WorkManifest } from '../../../src/core/work.ts';
import { connectDocuments } from '../../intake/documents-client.ts';
import type { LanguageModels } from '../generation/language-models.ts';
import { KnowledgeStore } from '../knowledge-store.ts';
import { Knowledge } from '../knowledge.ts';
import type { RuntimePool } from '../pool.ts';
import { TasksThread } from './tasks-thread.ts';
import { WorkShelf } from './work-shelf.ts';

/** Time that the search for names may take before content leaves. */
const NAMES_MS = 10_000;
const NAMES: ReadonlyMap<string, ExtraSpan['type']> = new Map([
  ['person', 'PERSON'],
  ['organization', 'ORGANIZATION'],
  ['location', 'LOCATION'],
  ['address', 'ADDRESS'],
]);

export interface WorksOptions {
  fleetUrl: string;
  entries: FleetManifest['works'];
  pool: RuntimePool;
  models: LanguageModels;
  licenceAllowed: (licence: string) => boolean;
}

export class Works {
  readonly documents: DocumentReader = connectDocuments();
  readonly shelf: WorkShelf;
  readonly knowledge: Knowledge;
  readonly thread: TasksThread;
  readonly #licenceAllowed: WorksOptions['licenceAllowed'];

  constructor({ fleetUrl, entries, pool, models, licenceAllowed }: WorksOptions) {
    this.#licenceAllowed = licenceAllowed;
    this.shelf = new WorkShelf(fleetUrl, entries);
    this.knowledge = new Knowledge({
      store: new KnowledgeStore(),
      reader: this.documents,
      newId: () => crypto.randomUUID(),
      embed: (tier, texts) => vectorsOf(texts.map((text) => pool.embed(tier, text))),
    });
    this.thread = new TasksThread({
      manifestUrl: (id) => this.shelf.urlOf(id),
      callbacks: ({ deadlineAt, signal }) => ({
        embed: (tier, texts) =>
          vectorsOf(texts.map((text) => pool.embedBy(tier, text, deadlineAt, signal))),
        tokens: (texts) => pool.tokens(texts, deadlineAt, signal),
        modelFor: async (wanted) => {
          await models.open();
          return models.modelFor(wanted);
        },
        generate: (model, request, until) =>
          models.generate(model, request, { deadlineAt: Math.min(until, deadlineAt), signal }),
      }),
    });
  }

  /** The specialists whose licence the policy names. */
  async manifests(): Promise<WorkManifest[]> {
    const all = await this.shelf.manifests();
    return all.filter(({ passport }) => this.#licenceAllowed(passport.licence));
  }

  async cards(policy: Policy): Promise<WorkCard[]> {
    const all = await this.manifests();
    return all.map((one) => this.shelf.cardOf(one, maxErrorFor(policy, one.task)));
  }

  /** The specialist of a request, or null where it is a classification or a chat. */
  async choose(request: RunRequest, document: ReadDocument): Promise<Result<WorkManifest | null>> {
    // Most requests are sorted: the first answer does not wait for manifests that have no part in it.
    if (onlySorts(request) && !this.shelf.has(request.specialist)) return ok(null);
    return chooseWork(request, document, await this.manifests());
  }

  /**
   * Names, organisations, places and addresses of a text; none where the fleet has no specialist for them. Fails with
   * policy_denied where it has one that could not look.
   */
  async namesIn(text: string): Promise<Result<ExtraSpan[]>> {
    const manifest = (await this.manifests()).find(({ task }) => task === 'redact');
    if (!manifest) return ok([]);
    const found = await this.thread.run(
      { document: documentOfText(text), input: undefined, manifest },
      { deadlineAt: Date.now() + NAMES_MS, tiers: ['rules'] },
    );
    if (!found.ok)
      return fail('policy_denied', `Names could not be looked for: ${found.failure.message}`);
    const { entities } = (found.value.output ?? { entities: [] }) as Pick<RedactOutput, 'entities'>;
    return ok(
      entities.flatMap(({ type, start, end }) => {
        const name = NAMES.get(type);
        return name ? [{ type: name, start, end }] : [];
      }),
    );
  }

  /** What a request brings, as text with positions. */
  async read(
    request: RunRequest,
    { signal, onEvent }: HandleOptions,
  ): Promise<Result<ReadDocument>> {
    const { file, lines, text } = request;
    if (file === undefined && lines !== undefined) return documentOfLines(lines);
    if (file === undefined) {
      return typeof (text ?? '') === 'string'
        ? ok(documentOfText(text ?? ''))
        : fail('bad_request', 'The text of a request must be a string.');
    }
    if (!(file instanceof Blob))
      return fail('bad_request', 'The file of a request must be a Blob.');
    return this.documents.read(named(file), {
      ...(signal && { signal }),
      onProgress: (progress) => onEvent?.({ type: 'progress', ...progress }),
    });
  }
}

/** All vectors in order, or the first failure. */
async function vectorsOf(asked: Promise<Result<Embedding>>[]): Promise<Result<Float32Array[]>> {
  const all = await Promise.all(asked);
  const failed = all.find((one) => !one.ok);
  return failed ?? ok(all.flatMap((one) => (one.ok ? [one.value.vector] : [])));
}

const named = (file: Blob): NamedBlob => (file instanceof File ? file : new File([file], ''));
