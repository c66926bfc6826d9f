/** The router thread's engine: real ports around handle-request, and what else the page may ask for. */
import type { Answer } from '../../src/core/answer.ts';
import { cardOf } from '../../src/core/card.ts';
import type { CallId, EventSink, PolicyReport } from '../../src/core/door.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { PolicyInForce } from '../../src/core/policy-file.ts';
import type { Policy } from '../../src/core/policy-schema.ts';
import { licenceAllowed, maxErrorFor, usableServers } from '../../src/core/policy.ts';
import type { HandleOptions, Ports } from '../../src/core/ports.ts';
import { findSpecialist } from '../../src/core/read-request.ts';
import { refused } from '../../src/core/refused.ts';
import type { RunRequest, TaskId } from '../../src/core/request.ts';
import { onlySorts } from '../../src/core/route-file.ts';
import type {
  FleetCard,
  FleetManifest,
  LoadedSpecialist,
  SpecialistCard,
} from '../../src/core/specialist.ts';
import type {
  AuditLog,
  Report,
  RuntimeState,
  ServerTier,
  TrainRow,
} from '../../src/core/threads.ts';
import type { TrainJob } from '../../src/core/train-job.ts';
import type { ChatCompletion } from '../../src/core/chat-api.ts';
import { tasks } from '../tasks/index.ts';
import { answerRequest } from './answer-request.ts';
import { readBackground } from './background.ts';
import { evaluate } from './evaluate.ts';
import { FleetStore } from './fleet-store.ts';
import { LanguageModels } from './generation/language-models.ts';
import { loadPolicy } from './policy-source.ts';
import { RuntimePool } from './pool.ts';
import { trainSpecialist } from './train.ts';
import { createTrust, type Trust } from './trust.ts';
import { Turns } from './turns.ts';
import { Works } from './works/works.ts';

/** Between the static tier's readiness and the encoder's start, unless a request needs the encoder before. */
const ENCODER_PAUSE_MS = 300;

/** On whose behalf the engine works: what one connection may do, and its own way to the servers. */
export interface Caller {
  policy: Policy;
  /** Why the connection may not do a task; null where it may. */
  denial: (task: TaskId) => Result<never> | null;
  server: ServerTier;
  /** Of the call. Asked again at the next engine, it has the same one, and so has its answer. */
  id: CallId;
  /** Appends to the audit log. */
  append: AuditLog['append'];
}

const readPolicy = (baseUrl: string): Promise<PolicyInForce> =>
  loadPolicy((url, init) => fetch(url, init), new URL('policy.json', baseUrl).href);

export class Engine {
  readonly fleet: FleetStore;
  readonly pool: RuntimePool;
  /** Of the latest page that could read one; the object stays the same. */
  readonly policy: PolicyInForce;
  readonly #baseUrl: string;
  readonly trust: Trust;
  readonly models: LanguageModels;
  readonly works: Works;
  readonly #turns = new Turns(2);

  private constructor(
    baseUrl: string,
    fleet: FleetStore,
    policy: PolicyInForce,
    pool: RuntimePool,
    models: LanguageModels,
  ) {
    this.#baseUrl = baseUrl;
    this.models = models;
    this.fleet = fleet;
    this.policy = policy;
    this.pool = pool;
    this.trust = createTrust({ namesIn: (text) => this.works.namesIn(text) });
    this.works = new Works({
      fleetUrl: fleet.baseUrl,
      entries: fleet.manifest.works,
      pool,
      models,
      licenceAllowed: (licence) => licenceAllowed(policy.policy, licence),
    });
  }

  /** Loads policy, fleet and the static runtime at once; the encoder follows, at the latest when it is first needed. */
  static async open(
    baseUrl: string,
    onState: (states: Record<string, RuntimeState>) => void,
  ): Promise<Result<Engine>> {
    const fleetUrl = new URL('fleet/', baseUrl).href;
    const pools: RuntimePool[] = [];
    const startModels = ({ static: table, encoder }: FleetManifest): void => {
      const started = new RuntimePool({ static: table, encoder }, fleetUrl, onState);
      pools.push(started);
      void started.load('static');
    };
    const [policy, fleet] = await Promise.all([
      readPolicy(baseUrl),
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
      // The first answer is the static tier's in most cases: it does not share the processor with the encoder's start.
      void pool
        .load('static')
        .then(() => new Promise((rested) => setTimeout(rested, ENCODER_PAUSE_MS)))
        .then(() => pool.load('encoder'))
        .then(() => models.open());
      return ok(new Engine(baseUrl, fleet.value, policy, pool, models));
    }
    void pool?.dispose();
    return fleet.ok ? fail('file_corrupt', 'fleet.json names no models.') : fleet;
  }

  /** A page that finds the engine running brings the policy of its time. One that cannot be read changes nothing. */
  async readPolicyAgain(): Promise<void> {
    const fresh = await readPolicy(this.#baseUrl);
    if (fresh.text !== '') Object.assign(this.policy, fresh);
  }

  /** The specialists that may run: the policy names the licences of what was brought in; one's own may always. */
  #specialists(): LoadedSpecialist[] {
    const allowed = ({ origin, manifest }: LoadedSpecialist): boolean =>
      origin === 'local' || licenceAllowed(this.policy.policy, manifest.passport.licence);
    return this.fleet.specialists().filter(allowed);
  }

  #ports({ policy, server, id, append }: Caller, audited: boolean): Ports {
    return {
      now: () => Date.now(),
      newId: audited ? () => id : () => crypto.randomUUID(),
      policy,
      specialists: () => this.#specialists(),
      router: () => this.fleet.router,
      embed: (tier, text, deadlineAt, signal) => this.pool.embedBy(tier, text, deadlineAt, signal),
      classify: tasks.classify.run,
      server,
      slm: this.models,
      audit: audited ? append : null,
      digest: (text) => this.trust.audit.digest(text),
    };
  }

  async run(
    request: RunRequest,
    caller: Caller,
    signal: AbortSignal,
    onEvent: EventSink,
    byHand: boolean,
  ): Promise<Result<Answer>> {
    const options = { signal, onEvent: onEvent ?? undefined, byHand };
    return this.#answer(request, caller, this.#ports(caller, true), options);
  }

  #answer(
    request: RunRequest,
    { denial }: Caller,
    ports: Ports,
    options: HandleOptions,
  ): Promise<Result<Answer>> {
    const [id = ''] = typeof request.specialist === 'string' ? request.specialist.split('@') : [];
    const problem = this.fleet.problems.get(id) ?? this.works.shelf.problems.get(id);
    if (problem) return Promise.resolve({ ok: false, failure: problem });
    const { works, models } = this;
    return answerRequest(request, { works, models, denial }, ports, options);
  }

  /** Fails as ChatApi says. */
  async chat(
    request: unknown,
    caller: Caller,
    signal: AbortSignal,
    onEvent: EventSink,
  ): Promise<Result<ChatCompletion>> {
    const denied = caller.denial('chat');
    if (denied) return denied;
    await this.models.open();
    const ports = this.#ports(caller, true);
    const sorts = caller.denial('classify') === null;
    return tasks.chat.run(request, sorts ? ports : { ...ports, specialists: () => [] }, {
      signal,
      onEvent: onEvent ?? undefined,
    });
  }

  /** All requests of a chunk at once: their texts reach the runtimes in batches. One audit row stands for the chunk. */
  async runChunk(
    requests: RunRequest[],
    caller: Caller,
    signal: AbortSignal,
  ): Promise<Result<Answer[]>> {
    const ports = this.#ports(caller, false);
    const startedAt = Date.now();
    await this.pool.load('encoder'); // the time of the first load is not the rows' time
    const answers = await Promise.all(
      requests.map(async (request) => {
        const answer = await this.#inTurn(request, () =>
          this.#answer(request, caller, ports, { signal }),
        );
        return answer.ok ? answer.value : refused(ports.newId(), request, answer.failure);
      }),
    );
    const digest = await this.trust.audit.digest(
      JSON.stringify(answers.map((a, i) => [requests[i]?.text, a.output, a.status])),
    );
    const accepted = answers.filter((a) => a.status === 'accepted').length;
    const bytes = answers.reduce((sum, a) => sum + a.egress.bytes, 0);
    const data = {
      request: caller.id,
      rows: answers.length,
      accepted,
      egress_bytes: bytes,
      digest: digest.ok ? digest.value : null,
      ms: Date.now() - startedAt,
    };
    await caller.append('answered', data);
    return ok(answers);
  }

  /** Labels come in batches; everything else has a deadline of its own and waits for its turn. */
  #inTurn<T>(request: RunRequest, work: () => Promise<T>): Promise<T> {
    const sorts = onlySorts(request) && !this.works.shelf.has(request.specialist);
    return sorts ? work() : this.#turns.run(work);
  }

  cards({ policy }: Caller): SpecialistCard[] {
    const maxError = maxErrorFor(policy, 'classify');
    return this.#specialists().map((one) => cardOf(one, maxError));
  }

  /** Every specialist that the connection may use, the ones that write and work among them. */
  async allCards(caller: Caller): Promise<FleetCard[]> {
    const works = await this.works.cards(caller.policy);
    const all = [...this.cards(caller), ...works, ...(await this.models.writers())];
    return all.filter(({ task }) => caller.denial(task) === null);
  }

  async train(
    job: TrainJob,
    caller: Caller,
    signal: AbortSignal,
    onEvent: EventSink,
  ): Promise<Result<SpecialistCard>> {
    const denied = caller.denial('classify');
    if (denied) return denied;
    const ports = {
      fleet: this.fleet,
      pool: this.pool,
      now: () => performance.now(),
      background: () => readBackground(this.fleet.baseUrl, this.fleet.manifest),
    };
    const trained = await trainSpecialist(job, ports, signal, onEvent ?? (() => undefined));
    if (!trained.ok) return trained;
    const { manifest } = trained.value;
    await caller.append('trained', {
      specialist: `${manifest.id}@${manifest.version}`,
      rows: job.rows.length,
      head: manifest.files[0]?.sha256 ?? null,
    });
    return ok(cardOf(trained.value, job.maxError ?? maxErrorFor(caller.policy, 'classify')));
  }

  async evaluate(
    name: string,
    rows: TrainRow[],
    caller: Caller,
    signal: AbortSignal,
    onEvent: EventSink,
  ): Promise<Result<Report>> {
    const denied = caller.denial('classify');
    if (denied) return denied;
    const specialist = findSpecialist(name, this.#specialists());
    return specialist
      ? evaluate(specialist, rows, this.pool, signal, onEvent)
      : fail('unknown_specialist', `There is no specialist “${name}” in this fleet.`);
  }

  policyReport({ policy }: Caller): PolicyReport {
    const { source, problem, text } = this.policy;
    return { source, problem, text, egressAllowed: usableServers(policy, 'classify').length > 0 };
  }
}
