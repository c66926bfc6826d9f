/** In-memory ports for handle-request: each tier says what a test wrote down, every call is kept. Tests only. */
import type { Failure, Result } from '../../../src/core/failure.ts';
import { fail, ok } from '../../../src/core/failure.ts';
import {
  DEFAULT_POLICY,
  DEFAULT_RULES,
  type Policy,
  type Rules,
} from '../../../src/core/policy-schema.ts';
import type { Generated, GenerateRequest } from '../../../src/core/generation.ts';
import type { Embedding, Embeddings, ModelName, Opinion, Ports } from '../../../src/core/ports.ts';
import type { LocalTier } from '../../../src/core/route.ts';
import type { LoadedSpecialist } from '../../../src/core/specialist.ts';
import type { AuditRow, ServerCall, ServerOutcome } from '../../../src/core/threads.ts';
import { COMMANDS, ROUTER, TICKETS, VECTORS } from './specialist.ts';

/** What a tier makes of every text. */
export interface Says {
  vector?: number[];
  confidence?: number;
  label?: string;
  cut?: boolean;
  fails?: Failure;
  takesMs?: number;
  /** Happens while the tier is at work. */
  meanwhile?: () => void;
}

export interface Script {
  static?: Says;
  encoder?: Says;
  server?: ServerOutcome;
  serverTakesMs?: number;
  policy?: Policy;
  specialists?: LoadedSpecialist[];
  /** The language model of this device; left out: none. */
  slm?: { model: ModelName; says: Result<Generated>; takesMs?: number };
  /** Null inside a batch. */
  audit?: null;
}

/** A policy that allows one server for everything. */
export function policyWithServer(
  rules: Partial<Rules> = {},
  mode: Policy['mode'] = 'prefer_on_device',
): Policy {
  return {
    ...DEFAULT_POLICY,
    mode,
    defaults: {
      ...DEFAULT_RULES,
      tiers: ['static', 'encoder', 'server', 'person'],
      egress: 'masked',
      consent: 'auto',
      ...rules,
    },
    servers: [
      {
        id: 'onprem',
        base_url: 'http://127.0.0.1:8080/v1',
        model: 'm',
        region: 'eu',
        price: { input_per_mtok: 0, output_per_mtok: 0, currency: 'EUR' },
        timeout_ms: 1000,
        allowed_fails: 3,
        cooldown_ms: 1000,
        max_requests_per_day: 5,
      },
    ],
    regions: ['eu'],
  };
}

export const answered = (label: string | null): ServerOutcome => ({
  result: ok({
    label,
    evidence: null,
    confidence: null,
    server: 'onprem',
    tookMs: 80,
    usage: { prompt_tokens: 120, completion_tokens: 9, cost: 0.25, currency: 'USD' },
  }),
  receipt: {
    id: 'receipt-1',
    time: '2026-01-01T00:00:00.000Z',
    requestId: 'request-1',
    server: 'onprem',
    url: 'http://127.0.0.1:8080/v1/chat/completions',
    region: 'eu',
    bytes: 321,
    sha256: 'cd'.repeat(32),
    body: '{}',
    masked: {},
    attempts: 2,
    outcome: 'answered',
  },
  bytes: 642,
});

export const failed = (
  failure: Failure,
  sent: Pick<ServerOutcome, 'receipt' | 'bytes'> = { receipt: null, bytes: 0 },
): ServerOutcome => ({
  result: { ok: false, failure },
  ...sent,
});

const CLOCK_START = 1_700_000_000_000;

/** Ports that follow a script, with everything that was asked of them. */
export function portsFor(script: Script) {
  const calls = {
    embed: [] as { tier: LocalTier; text: string }[],
    classify: [] as { tier: LocalTier; specialist: string; embeddings: Embeddings }[],
    server: [] as ServerCall[],
    slm: [] as { model: string; request: GenerateRequest }[],
    audit: [] as { kind: AuditRow['kind']; data: AuditRow['data'] }[],
  };
  let clock = CLOCK_START;
  const ports: Ports = {
    now: () => clock,
    newId: () => 'request-1',
    policy: script.policy ?? DEFAULT_POLICY,
    specialists: () => script.specialists ?? [TICKETS, COMMANDS],
    router: () => ROUTER,
    embed: (tier, text): Promise<Result<Embedding>> => {
      calls.embed.push({ tier, text });
      const says = script[tier] ?? {};
      clock += says.takesMs ?? 1;
      says.meanwhile?.();
      const vector = Float32Array.from(says.vector ?? VECTORS.tickets);
      return Promise.resolve(
        says.fails ? { ok: false, failure: says.fails } : ok({ vector, cut: says.cut ?? false }),
      );
    },
    classify: (tier, { manifest }, embeddings): Opinion => {
      calls.classify.push({ tier, specialist: manifest.id, embeddings: { ...embeddings } });
      const { confidence = 0.5, label = manifest.labels[0] ?? '' } = script[tier] ?? {};
      const others = manifest.labels.filter((one) => one !== label);
      const rest = others.map((one) => ({ label: one, score: (1 - confidence) / others.length }));
      return {
        output: {
          label: confidence < manifest.promises[tier].calibration.outOfScopeBelow ? null : label,
          scores: [{ label, score: confidence }, ...rest],
        },
        bestLabel: label,
        confidence,
      };
    },
    server: {
      fields: () =>
        Promise.resolve(failed({ code: 'policy_denied', message: 'No server.' }) as never),
      classify: (call) => {
        calls.server.push(call);
        clock += script.serverTakesMs ?? 5;
        call.onPreview?.('masked form');
        return Promise.resolve(
          script.server ?? failed({ code: 'policy_denied', message: 'No server here.' }),
        );
      },
    },
    slm: {
      modelFor: (wanted) => {
        const model = script.slm?.model ?? null;
        return wanted === null
          ? model?.stored
            ? model
            : null
          : model?.id === wanted
            ? model
            : null;
      },
      generate: (model, request, { onEvent }) => {
        calls.slm.push({ model, request });
        clock += script.slm?.takesMs ?? 50;
        const says = script.slm?.says ?? fail('unknown_model', 'No model here.');
        if (says.ok) onEvent?.({ type: 'draft', delta: says.value.text });
        return Promise.resolve(says);
      },
    },
    audit:
      script.audit === null
        ? null
        : (kind, data) => {
            calls.audit.push({ kind, data });
            return Promise.resolve(fail('storage_full', 'The double keeps rows itself.'));
          },
    digest: () => Promise.resolve(ok('0'.repeat(64))),
  };
  return { ports, calls };
}

export const HOUSE: ModelName = {
  id: 'house-slm',
  version: '1.0.0',
  title: 'House model',
  stored: true,
};

/** A text as a runtime gives it. */
export const generated = (text: string, change: Partial<Generated> = {}): Result<Generated> =>
  ok({
    text,
    finish: 'stop',
    tokens: [
      { text: '"', logprob: 0, forced: true },
      { text, logprob: -0.2, forced: false },
    ],
    promptTokens: 12,
    droppedTurns: 0,
    firstTokenMs: 10,
    tookMs: 50,
    ...change,
  });
