/** A client for tests of the page's state and looks. Tests only: nothing that ships imports it. */
import type { Answer, ClassifyOutput } from '../../../src/core/answer.ts';
import { fail, ok } from '../../../src/core/failure.ts';
import type { SpecialistCard } from '../../../src/core/specialist.ts';
import { chatDouble, modelsDouble, written } from './language.ts';
import type { AskConsent, FlotillaApp, Receipt, RuntimeState } from '../../../src/core/threads.ts';

const IDS = [
  'banking-tickets',
  'assistant-requests',
  'home-commands',
  'customer-service',
  'email-intents',
];
const LABELS = [
  'card_arrival',
  'card_delivery_estimate',
  'lost_or_stolen_card',
  'getting_virtual_card',
  'order_physical_card',
];

export function cardOf(id: string): SpecialistCard {
  const certificate = {
    maxError: 0.02,
    confidence: 0.95,
    threshold: 0.71,
    coverage: 0.834,
    n: 1110,
    outOfScopeN: 124,
    outOfScopeShare: 0.1,
  };
  return {
    id,
    version: '1.0.0',
    title: id.replace('-', ' ').replace(/^./, (c) => c.toUpperCase()),
    description: 'Sorts short tickets of bank customers into what they want.',
    task: 'classify',
    labels: LABELS,
    tiers: ['static', 'encoder'],
    state: 'champion',
    origin: id === 'email-intents' ? 'local' : 'shipped',
    sizeBytes: 118_400,
    evaluation: {
      n: 1540,
      accuracy: 0.934,
      ci95: [0.92, 0.945],
      ece: 0.009,
      aurc: 0.01,
      perLabel: LABELS.map((label, i) => ({
        label,
        n: 40 + i,
        precision: 0.9 + i / 100,
        recall: 0.88 + i / 50,
      })),
      dataProblems: [],
      trainMs: 0,
    },
    certificate: id === 'email-intents' ? null : certificate,
    certificates:
      id === 'email-intents'
        ? []
        : [0.01, 0.02, 0.05].map((maxError) => ({ ...certificate, maxError })),
    noCertificateReason:
      id === 'email-intents' ? '212 held-out rows are too few for an error of at most 2 %.' : null,
    passport: {
      source: 'rows of a test',
      licence: 'CC-BY-4.0',
      attribution: 'a test',
      trainingData: 'five labels',
      recipe: 'none',
    },
    examples: [`Where is my new card, it was sent two weeks ago? (${id})`],
  };
}

export function answerOf(
  text: string,
  change: Partial<Answer<ClassifyOutput>> = {},
): Answer<ClassifyOutput> {
  const doubtful = !text.includes('?');
  const card = cardOf('banking-tickets');
  return {
    id: crypto.randomUUID(),
    task: 'classify',
    specialist: { id: card.id, version: card.version },
    output: {
      label: doubtful ? null : 'card_arrival',
      scores: LABELS.map((label, i) => ({ label, score: i === 0 ? 0.9 : 0.03 - i / 200 })),
    },
    confidence: doubtful ? 0.22 : 0.973,
    status: doubtful ? 'needs_review' : 'accepted',
    inferenceSource: 'on_device',
    decision: {
      object: 'routing.decision',
      tier: 'encoder',
      reason: doubtful ? 'out_of_scope' : 'local_ok',
      explanation: doubtful
        ? 'It looks like none of the labels of this specialist, so a person should decide.'
        : 'The static tier was not sure enough; the encoder was above its certified threshold.',
      classifications: IDS.map((label, i) => ({ label, score: i === 0 ? 0.95 : 0.01 })),
      attempts: [
        {
          tier: 'static',
          specialist: card.id,
          ms: 0.3,
          outcome: 'low_confidence',
          confidence: 0.62,
        },
        {
          tier: 'encoder',
          specialist: card.id,
          ms: 6.1,
          outcome: doubtful ? 'out_of_scope' : 'accepted',
          confidence: 0.97,
        },
      ],
      certificate: doubtful ? null : card.certificate,
    },
    egress: { bytes: 0, receipt: null },
    usage: { ms: 6.4, cost: 0, currency: 'EUR' },
    ...change,
  };
}

const runtime = (
  state: RuntimeState['state'],
  loadedBytes: number,
  totalBytes: number,
): RuntimeState => ({
  state,
  loadedBytes,
  totalBytes,
  backend: 'wasm, 1 thread',
  loadMs: state === 'ready' ? 412 : null,
  failure: null,
});

/** `server: true` allows egress and asks for consent on escalation. */
export function appDouble({ server = false, empty = false } = {}): FlotillaApp {
  let ask: AskConsent | null = null;
  let receipts: Receipt[] = [];
  const cards = empty ? [] : IDS.map(cardOf);
  const masked = 'Please call [PHONE_1] about card [CARD_1].';
  return {
    workflows: () => Promise.resolve([]),
    runWorkflow: () => Promise.reject(new Error('No workflows here.')),
    knowledge: {
      knowledgeBases: () => Promise.resolve(ok([])),
      addKnowledge: () => Promise.resolve(fail('storage_failed', 'Not kept.')),
      removeKnowledge: () => Promise.resolve(ok(null)),
    },
    documents: {
      read: () => Promise.resolve(fail('unsupported_input', 'No documents here.')),
      pageImage: () => Promise.resolve(fail('unsupported_input', 'No documents here.')),
      attachment: () => Promise.resolve(fail('unsupported_input', 'No documents here.')),
    },
    capabilities: () =>
      Promise.resolve({
        webgpu: false,
        crossOriginIsolated: true,
        threads: 2,
        storage: {
          kind: 'lasting',
          usedBytes: 24_300_000,
          quotaBytes: 8_000_000_000,
          persistent: false,
        },
        runtimes: {},
      }),
    specialists: () => Promise.resolve(cards),
    run: (request) => Promise.resolve(answerOf(request.text ?? '')),
    runBatch: () => {
      throw new Error('not part of this double');
    },
    train: () => Promise.reject(new Error('not part of this double')),
    evaluate: () => Promise.reject(new Error('not part of this double')),
    audit: {
      export: () =>
        Promise.resolve([
          {
            seq: 0,
            time: '2026-11-20T10:00:00Z',
            kind: 'answered',
            data: { specialist: 'banking-tickets', ms: 6, confidence: 0.97 },
            previousHash: '0'.repeat(64),
            hash: 'ab'.repeat(32),
          },
        ]),
      verify: () => Promise.resolve({ intact: true, rows: 1 }),
    },
    warmUp: (onState) => {
      onState({
        static: runtime('ready', 3_900_000, 3_900_000),
        encoder: runtime('ready', 12_000_000, 12_000_000),
      });
      return Promise.resolve();
    },
    escalate: async (request) => {
      const question = {
        requestId: 'r',
        server: 'onprem',
        url: 'http://127.0.0.1:8080/v1',
        region: 'eu',
        masked,
        bytes: 812,
        maskedCounts: { phone: 1, card: 1 },
      };
      if (!(await ask?.(question))) return answerOf(request.text ?? '');
      receipts = [
        {
          id: 'rc1',
          time: '2026-11-20T10:00:00Z',
          requestId: 'r',
          server: 'onprem',
          url: question.url,
          region: 'eu',
          bytes: 812,
          sha256: 'cd'.repeat(32),
          body: masked,
          masked: question.maskedCounts,
          attempts: 1,
          outcome: 'answered',
        },
      ];
      return answerOf(request.text ?? '', { inferenceSource: 'in_cloud' });
    },
    recordVerdict: () => Promise.resolve({ ok: true, value: null }),
    corrections: () => Promise.resolve([]),
    receipts: () => Promise.resolve(receipts),
    leftOut: () => Promise.resolve([]),
    policy: () =>
      Promise.resolve({
        source: 'default',
        problem: null,
        text: '{ "version": 1 }',
        egressAllowed: server,
      }),
    onConsent: (asked) => (ask = asked),
    limit: () => Promise.resolve({ ok: true, value: null }),
    giveAccessTokens: () => Promise.resolve({ ok: true, value: null }),
    onToolCall: () => undefined,
    removeSpecialist: () => Promise.resolve({ ok: true, value: null }),
    exportSpecialist: () => Promise.resolve(new Blob(['file'])),
    embed: () => Promise.resolve(new Float32Array(0)),
    importSpecialist: () => Promise.resolve(cardOf('email-intents')),
    models: modelsDouble([]),
    chat: chatDouble(written('A written answer.')),
  };
}
