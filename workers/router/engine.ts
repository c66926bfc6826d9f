/** The router thread's engine: real ports around handle-request, and what else the page may ask for. */
import type { Answer } from '../../src/core/answer.ts';
import { cardOf } from '../../src/core/card.ts';
import type { EventSink, PolicyReport } from '../../src/core/door.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { handleRequest } from '../../src/core/handle-request.ts';
import type { PolicyInForce } from '../../src/core/policy-file.ts';
import { licenceAllowed, maxErrorFor, usableServers } from '../../src/core/policy.ts';
import type { Ports } from '../../src/core/ports.ts';
import { findSpecialist } from '../../src/core/read-request.ts';
import { refused } from '../../src/core/refused.ts';
import { reportOf } from '../../src/core/report.ts';
import { MAX_TEXT_UNITS, type RunRequest } from '../../src/core/request.ts';
import type { FleetManifest, LoadedSpecialist, SpecialistCard } from '../../src/core/specialist.ts';
import type { AskConsent, Report, RuntimeState, TrainRow } from '../../src/core/threads.ts';
import type { TrainJob } from '../../src/core/train-job.ts';
import type { ChatCompletion } from '../../src/core/chat-api.ts';
import { tasks } from '../tasks/index.ts';
import { fetchChecked } from './fleet-files.ts';
import { FleetStore } from './fleet-store.ts';
import { LanguageModels } from './generation/language-models.ts';
import { loadPolicy } from './policy-source.ts';
import { RuntimePool } from './pool.ts';
import { trainSpecialist } from './train.ts';
import { createTrust, type Trust } from './trust.ts';

const EVALUATE_CHUNK = 256;

export class Engine {
  readonly fleet: FleetStore;
  readonly pool: RuntimePool;
  readonly policy: PolicyInForce;
  readonly trust: Trust;
  readonly models: LanguageModels;
  askConsent: AskConsent | null = null;

  private constructor(
    fleet: FleetStore,
    policy: PolicyInForce,
    pool: RuntimePool,
    models: LanguageModels,
  ) {
    this.models = models;
    this.fleet = fleet;
    this.policy = policy;
    this.pool = pool;
    this.trust = createTrust(policy, () => this.askConsent);
  }

  /** Loads policy, fleet and the static runtime at once; the encoder follows when the static one answers. */
  static async open(
    baseUrl: string,
    onState: (states: Record<string, RuntimeState>) => void,
  ): Promise<Result<Engine>> {
    const fleetUrl = new URL('fleet/', baseUrl).href;
    const pools: RuntimePool[] = [];
    const startModels = ({ static: table, encoder }: FleetManifest): void => {
      const started = new RuntimePool({ static: table, encoder }, fleetUrl, onState);
      pools.push(started);
      void started.load('static').then(() => started.load('encoder'));
    };
    const [policy, fleet] = await Promise.all([
      loadPolicy((url, init) => fetch(url, init), new URL('policy.json', baseUrl).href),
      FleetStore.open(fleetUrl, startModels),
    ]);
    const [pool] = pools;
    if (fleet.ok && pool) {
      const models = new LanguageModels({
        baseUrl,
        shipped: fleet.value.manifest.generators,
        modelSources: policy.policy.model_sources,
        licenceAllowed: (licence) => licenceAllowed(policy.policy, licence),
      });
      // After the specialists, which answer first.
      void pool.load('encoder').then(() => models.open());
      return ok(new Engine(fleet.value, policy, pool, models));
    }
    void pool?.dispose();
    return fleet.ok ? fail('file_corrupt', 'fleet.json names no models.') : fleet;
  }

  /** The specialists that may run: the policy names the licences of what was brought in; one's own may always. */
  #specialists(): LoadedSpecialist[] {
    const allowed = ({ origin, manifest }: LoadedSpecialist): boolean =>
      origin === 'local' || licenceAllowed(this.policy.policy, manifest.passport.licence);
    return this.fleet.specialists().filter(allowed);
  }

  #ports(audited: boolean): Ports {
    return {
      now: () => Date.now(),
      newId: () => crypto.randomUUID(),
      policy: this.policy.policy,
      specialists: () => this.#specialists(),
      router: () => this.fleet.router,
      embed: (tier, text, deadlineAt, signal) => this.pool.embedBy(tier, text, deadlineAt, signal),
      classify: tasks.classify.run,
      server: this.trust.server,
      slm: this.models,
      audit: audited ? (kind, data) => this.trust.audit.append(kind, data) : null,
      digest: (text) => this.trust.audit.digest(text),
    };
  }

  async run(
    request: RunRequest,
    signal: AbortSignal,
    onEvent: EventSink,
    byHand: boolean,
  ): Promise<Result<Answer>> {
    const text = await this.#read(request);
    if (!text.ok) return text;
    if (this.#mayChat(request)) await this.models.open();
    return handleRequest(request, text.value, this.#ports(true), {
      signal,
      onEvent: onEvent ?? undefined,
      byHand,
    });
  }

  /** Does the request name a language model, or something that no specialist is called? */
  #mayChat({ task, specialist }: RunRequest): boolean {
    const named = specialist !== undefined && findSpecialist(specialist, this.#specialists());
    return task === 'chat' || named === null;
  }

  /** Fails as ChatApi says. */
  async chat(
    request: unknown,
    signal: AbortSignal,
    onEvent: EventSink,
  ): Promise<Result<ChatCompletion>> {
    await this.models.open();
    return tasks.chat.run(request, this.#ports(true), { signal, onEvent: onEvent ?? undefined });
  }

  /** All requests of a chunk at once: their texts reach the runtimes in batches. One audit row stands for the chunk. */
  async runChunk(requests: RunRequest[], signal: AbortSignal): Promise<Result<Answer[]>> {
    const ports = this.#ports(false);
    const startedAt = Date.now();
    await this.pool.load('encoder'); // the time of the first load is not the rows' time
    const answers = await Promise.all(
      requests.map(async (request) => {
        const text = await this.#read(request);
        const answer = text.ok ? await handleRequest(request, text.value, ports, { signal }) : text;
        return answer.ok ? answer.value : refused(ports.newId(), request, answer.failure);
      }),
    );
    const digest = await this.trust.audit.digest(
      JSON.stringify(answers.map((a, i) => [requests[i]?.text, a.output, a.status])),
    );
    const accepted = answers.filter((a) => a.status === 'accepted').length;
    const bytes = answers.reduce((sum, a) => sum + a.egress.bytes, 0);
    const data = {
      rows: answers.length,
      accepted,
      egress_bytes: bytes,
      digest: digest.ok ? digest.value : null,
      ms: Date.now() - startedAt,
    };
    await this.trust.audit.append('answered', data);
    return ok(answers);
  }

  /** The text of a request, or why the specialist that it names was left out. */
  async #read(request: RunRequest): Promise<Result<string>> {
    const [id = ''] = (request.specialist ?? '').split('@');
    const problem = this.fleet.problems.get(id);
    return problem ? { ok: false, failure: problem } : textOf(request);
  }

  cards(): SpecialistCard[] {
    return this.#specialists().map((s) => this.#card(s));
  }

  #card(specialist: Parameters<typeof cardOf>[0]): SpecialistCard {
    return cardOf(specialist, maxErrorFor(this.policy.policy, specialist.manifest.task));
  }

  async train(
    job: TrainJob,
    signal: AbortSignal,
    onEvent: EventSink,
  ): Promise<Result<SpecialistCard>> {
    const ports = {
      fleet: this.fleet,
      pool: this.pool,
      now: () => performance.now(),
      background: () => this.#background(),
    };
    const trained = await trainSpecialist(job, ports, signal, onEvent ?? (() => undefined));
    if (!trained.ok) return trained;
    const { manifest } = trained.value;
    await this.trust.audit.append('trained', {
      specialist: `${manifest.id}@${manifest.version}`,
      rows: job.rows.length,
      head: manifest.files[0]?.sha256 ?? null,
    });
    return ok(cardOf(trained.value, job.maxError ?? maxErrorFor(this.policy.policy, 'classify')));
  }

  async #background(): Promise<Result<string[]>> {
    const bytes = await fetchChecked(this.fleet.baseUrl, this.fleet.manifest.background);
    return bytes.ok ? ok(new TextDecoder().decode(bytes.value).split('\n').filter(Boolean)) : bytes;
  }

  /** Accuracy and calibration of one specialist's best tier on labelled rows. */
  async evaluate(
    name: string,
    rows: TrainRow[],
    signal: AbortSignal,
    onEvent: EventSink,
  ): Promise<Result<Report>> {
    const specialist = findSpecialist(name, this.#specialists());
    if (!specialist)
      return fail('unknown_specialist', `There is no specialist “${name}” in this fleet.`);
    const startedAt = performance.now();
    const predicted: { label: string; confidence: number }[] = [];
    for (let start = 0; start < rows.length; start += EVALUATE_CHUNK) {
      if (signal.aborted) return fail('cancelled', 'The evaluation was cancelled.');
      const chunk = rows.slice(start, start + EVALUATE_CHUNK);
      const opinions = await Promise.all(chunk.map((row) => this.#opinion(specialist, row.text)));
      for (const opinion of opinions) {
        if (!opinion.ok) return opinion;
        predicted.push({ label: opinion.value.bestLabel, confidence: opinion.value.confidence });
      }
      onEvent?.({
        type: 'progress',
        stage: 'evaluating',
        done: predicted.length,
        total: rows.length,
      });
    }
    return ok(reportOf(rows, predicted, performance.now() - startedAt));
  }

  async #opinion(specialist: Parameters<typeof cardOf>[0], text: string) {
    const [onStatic, onEncoder] = await Promise.all([
      this.pool.embed('static', text),
      this.pool.embed('encoder', text),
    ]);
    if (!onStatic.ok) return onStatic;
    if (!onEncoder.ok) return onEncoder;
    return ok(
      tasks.classify.run('encoder', specialist, {
        static: onStatic.value,
        encoder: onEncoder.value,
      }),
    );
  }

  policyReport(): PolicyReport {
    const { source, problem, text, policy } = this.policy;
    return { source, problem, text, egressAllowed: usableServers(policy, 'classify').length > 0 };
  }
}

/** The text of a request, read out of its file if it brought one. */
async function textOf(request: RunRequest): Promise<Result<string>> {
  if (request.file === undefined) return ok(request.text ?? '');
  if (!(request.file instanceof Blob))
    return fail('bad_request', 'The file of a request must be a Blob.');
  if (request.file.size > 4 * MAX_TEXT_UNITS)
    return fail(
      'input_too_long',
      `The file has ${request.file.size} bytes; at most ${4 * MAX_TEXT_UNITS} are read.`,
    );
  const text = new TextDecoder().decode(await request.file.arrayBuffer());
  if (text.includes('\0')) return fail('unsupported_input', 'This file is not plain text.');
  return ok(text);
}
