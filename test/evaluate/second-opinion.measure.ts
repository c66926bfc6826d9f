/**
 * `npm run evaluate`: does a language model's second opinion help on tickets that the encoder doubts? Through the shipped
 * prompt, schema and runtime in real Chromium, on held-out rows. A specialist gets the slm tier only if it helps.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadCorpora, hasData } from '../../models/heads/corpora.ts';
import type { ClassifyOutput } from '../../src/core/answer.ts';
import { wilson } from '../../src/core/binomial.ts';
import { fitConfidence, type CalibrationRow } from '../../src/core/calibrate.ts';
import { candidateThresholds, certify, type CertifyRow } from '../../src/core/certify.ts';
import type { Generated } from '../../src/core/generation.ts';
import type { Opinion } from '../../src/core/ports.ts';
import { pickFeatures, pickOf, secondOpinionRequest } from '../../src/core/second-opinion.ts';
import { sigmoid } from '../../src/core/score.ts';
import { expect, test } from '../browser/fixture.ts';

/** Doubtful rows asked per specialist; each takes about a second on two cores. */
const MOST_ROWS = Number(process.env['EVALUATE_SECOND_OPINIONS'] ?? 150);
const CHOICES = 4;
const MODEL = 'house-slm';

interface Asked {
  truth: string;
  opinion: Opinion;
  pick: string | null;
  generated: Generated;
  ms: number;
}

const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};

test.skip(!hasData(), 'the data folder is not here (set FLOTILLA_DATA)');

test('second opinion on doubtful tickets', async ({ page }) => {
  test.setTimeout(3_600_000);
  await page.goto('/');
  await page.evaluate((model) => window.flotilla.run({ text: 'Hello', specialist: model }), MODEL);
  say(`\n### Second opinion of ${MODEL}, ${CHOICES} labels to choose from`);
  say(
    '| specialist | doubtful rows | encoder right | model right | both agree | right where they agree | ms, tokens a row (median) | certificate at 5 % of the doubtful |',
  );
  say('|---|---|---|---|---|---|---|---|');
  for (const { id, heldOut } of loadCorpora().corpora) {
    const doubts = await doubtsOf(page, id, heldOut);
    const asked: Asked[] = [];
    for (const { text, truth, opinion } of doubts.slice(0, MOST_ROWS))
      asked.push({ truth, opinion, ...(await ask(page, text, opinion)) });
    report(id, asked);
    expect(asked.length).toBeGreaterThan(0);
  }
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/second-opinion.md', `${lines.join('\n')}\n`);
});

type Page = Parameters<Parameters<typeof test>[2]>[0]['page'];

/** In-scope rows that the ladder without a language model does not accept, in a fixed mixed order. */
async function doubtsOf(page: Page, id: string, rows: readonly { text: string; label: string }[]) {
  const answers = await page.evaluate(
    async ([specialist, texts]) => {
      const out = [];
      const requests = texts.map((text) => ({ text, specialist }));
      for await (const { output, confidence, status } of window.flotilla.runBatch(requests))
        out.push({ output, confidence, status });
      return out;
    },
    [id, rows.map(({ text }) => text)] as const,
  );
  const doubts = answers.flatMap(({ output, confidence, status }, i) => {
    const { text, label } = rows[i] as { text: string; label: string };
    const said = output as ClassifyOutput | null;
    if (status === 'accepted' || !said) return [];
    const opinion: Opinion = { output: said, bestLabel: said.scores[0]?.label ?? '', confidence };
    return [{ text, truth: label, opinion }];
  });
  const step = Math.max(1, Math.floor(doubts.length / MOST_ROWS));
  return doubts.filter((_, i) => i % step === 0);
}

async function ask(page: Page, text: string, opinion: Opinion) {
  const labels = opinion.output.scores.slice(0, CHOICES).map(({ label }) => label);
  const request = secondOpinionRequest(text, labels);
  const { completion, ms } = await page.evaluate(
    async ([model, messages, schema, max]) => {
      const from = performance.now();
      const completion = await window.flotilla.chat.completions.create({
        model,
        messages: messages as { role: 'user'; content: string }[],
        max_tokens: max,
        logprobs: true,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'label', schema: JSON.parse(schema) as Record<string, unknown> },
        },
      });
      return { completion, ms: performance.now() - from };
    },
    [MODEL, request.turns, request.schema ?? '{}', request.maxTokens] as const,
  );
  const [{ message, logprobs }] = completion.choices;
  const generated: Generated = {
    text: message.content ?? '',
    finish: 'stop',
    // A forced token has probability 1: the API gives no flag, and the arithmetic needs none.
    tokens: (logprobs?.content ?? []).map(({ token, logprob }) => ({
      text: token,
      logprob,
      forced: logprob === 0,
    })),
    promptTokens: completion.usage.prompt_tokens,
    droppedTurns: 0,
    firstTokenMs: 0,
    tookMs: ms,
  };
  return { pick: pickOf(generated, labels), generated, ms };
}

function report(id: string, asked: Asked[]): void {
  const n = asked.length;
  const agree = asked.filter(({ pick, opinion }) => pick === opinion.bestLabel);
  const encoder = asked.filter(({ truth, opinion }) => opinion.bestLabel === truth).length;
  const model = asked.filter(({ truth, pick }) => pick === truth).length;
  const both = agree.filter(({ truth, pick }) => pick === truth).length;
  const median = (values: number[]): number =>
    values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const tokens = asked.map(({ generated: g }) => g.promptTokens + g.tokens.length);
  say(
    `| ${id} | ${n} | ${shareOf(encoder, n)} | ${shareOf(model, n)} | ${shareOf(agree.length, n)} | ${shareOf(both, agree.length)} | ${median(asked.map(({ ms }) => ms)).toFixed(0)}, ${median(tokens)} | ${promiseOf(asked)} |`,
  );
}

function shareOf(k: number, n: number): string {
  const [low, high] = wilson(k, n);
  return n === 0
    ? '–'
    : `${((k / n) * 100).toFixed(0)} % (${(low * 100).toFixed(0)}–${(high * 100).toFixed(0)})`;
}

/** Fitted on every second row, certified on the others: the same arithmetic as every other promise. */
function promiseOf(asked: readonly Asked[]): string {
  const rows = asked.flatMap(({ opinion, pick, generated, truth }): CalibrationRow[] =>
    pick === null
      ? []
      : [
          {
            features: pickFeatures(opinion, pick, generated),
            right: pick === truth,
            inScope: true,
          },
        ],
  );
  const half = (part: number): CalibrationRow[] => rows.filter((_, i) => i % 2 === part);
  const { weights, bias } = fitConfidence(half(0), 0);
  const scored = (part: number): CertifyRow[] =>
    half(part).map(({ features, right, inScope }) => ({
      confidence: sigmoid(features.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), bias)),
      right,
      inScope,
    }));
  const options = { maxError: 0.05, confidence: 0.95, outOfScopeShare: 0 };
  const { certificate } = certify(scored(1), candidateThresholds(scored(0), options), options);
  return certificate ? `accepts ${(certificate.coverage * 100).toFixed(0)} %` : 'none';
}
