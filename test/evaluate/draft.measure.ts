/**
 * `npm run evaluate`: drafts. Retrieval over two knowledge bases (hit@3 by words, by vectors, by both), groundedness of the
 * replies, products outside the taxonomy, and the same replies written by the language model instead.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasData } from '../../models/heads/corpora.ts';
import { upperBound, wilson } from '../../src/core/binomial.ts';
import { documentOfText } from '../../src/core/document.ts';
import { ok } from '../../src/core/failure.ts';
import type { KnowledgePassage, StoredKnowledge } from '../../src/core/knowledge.ts';
import type { DraftOutput } from '../../src/core/outputs.ts';
import type { LocalTier } from '../../src/core/route.ts';
import type { Finding, WorkManifest, WorkPorts } from '../../src/core/work.ts';
import { embedPassages } from '../../workers/tasks/draft/knowledge.ts';
import { run } from '../../workers/tasks/draft/run.ts';
import { KnowledgeIndex } from '../../workers/tasks/draft/search.ts';
import { expect, test } from '@playwright/test';
import { FLEET } from '../contract/fleet-folder.ts';
import { startLlama } from '../servers/llama.ts';
import { adversarial, guidelines, intents, type Measured, type Question } from './draft-data.ts';
import { groundingOf } from './groundedness.ts';
import { nodeEmbedder } from './node-embedder.ts';

/** Messages that the language model answers; each takes seconds on two cores. */
const MODEL_MESSAGES = Number(process.env['EVALUATE_DRAFTS'] ?? 60);
const FOLDER = join(FLEET, 'replies/1.0.0');

const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const share = (k: number, n: number): string => {
  const [low, high] = wilson(k, n);
  const percent = (value: number): string => (value * 100).toFixed(1);
  return `${percent(k / n)} (${percent(low)}–${percent(high)}), n ${n}`;
};

test.skip(!hasData(), 'the data folder is not here (set FLOTILLA_DATA)');
test.afterAll(() => {
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/draft.md', `${lines.join('\n')}\n`);
});

let shared: WorkPorts['embed'] | null = null;
const embed: WorkPorts['embed'] = (tier, texts) => (shared ??= nodeEmbedder())(tier, texts);
const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as WorkManifest;

async function vectorOf(tier: LocalTier, text: string): Promise<Float32Array> {
  const rows = await embed(tier, [text]);
  if (!rows.ok || !rows.value[0]) throw new Error('no vector');
  return rows.value[0];
}

async function stored({ name, passages }: Measured, tier: LocalTier): Promise<StoredKnowledge> {
  const vectors = await embedPassages(passages, embed, { tiers: [tier] });
  if (!vectors.ok) throw new Error(vectors.failure.message);
  const base = { id: name, title: name, files: [], revision: tier };
  return { base, passages, vectors: vectors.value };
}

test('retrieval', async () => {
  test.setTimeout(1_200_000);
  say('\n### Retrieval: is the right section among the first three passages?');
  say('| knowledge base | questions | ranked by | hit@1 % (95 %) | hit@3 % (95 %) |');
  say('|---|---|---|---|---|');
  for (const measured of [guidelines(), intents('val')])
    for (const tier of ['static', 'encoder'] as const) await retrieval(measured, tier);
});

async function retrieval(measured: Measured, tier: LocalTier): Promise<void> {
  const { passages, vectors } = await stored(measured, tier);
  const index = new KnowledgeIndex(passages, vectors);
  const ranks = { words: [], vectors: [], both: [] } as Record<string, [Question, number][]>;
  for (const question of measured.questions) {
    const { text, section } = question;
    const vector = await vectorOf(tier, text);
    const rankIn = (found: readonly (KnowledgePassage | undefined)[]): number =>
      found.findIndex((passage) => passage && measured.sectionOf(passage) === section);
    const near = index.byVector(vector).map(({ at }) => passages[at]);
    const fused = index.search({ text, vector, isEnglish: true }, 10);
    ranks['words']?.push([question, rankIn(index.byWords(text).map((at) => passages[at]))]);
    ranks['vectors']?.push([question, rankIn(near)]);
    ranks['both']?.push([question, rankIn(fused.map(({ passage }) => passage))]);
  }
  const kinds = [...new Set(measured.questions.map(({ kind }) => kind))];
  for (const kind of kinds.length > 1 ? ['all', ...kinds] : kinds)
    for (const [by, all] of Object.entries(ranks)) {
      if (by === 'words' && tier === 'encoder') continue;
      const found = all.filter(([question]) => kind === 'all' || question.kind === kind);
      const within = (k: number): number =>
        found.filter(([, rank]) => rank >= 0 && rank < k).length;
      const title =
        by === 'words' ? 'words' : `${by === 'both' ? 'words and ' : ''}${tier} vectors`;
      say(
        `| ${measured.name}, ${passages.length} passages | ${kind} | ${title} | ${share(within(1), found.length)} | ${share(within(3), found.length)} |`,
      );
    }
  expect(measured.questions.length).toBeGreaterThan(100);
}

const ports = (tiers: WorkPorts['tiers']): WorkPorts => ({
  now: () => performance.now(),
  deadlineAt: Infinity,
  signal: undefined,
  tiers,
  embed,
  tokens: () => Promise.reject(new Error('drafts read no tokens')),
  file: (name) => Promise.resolve(ok(new Uint8Array(readFileSync(join(FOLDER, name))))),
  slm: {
    modelFor: () => Promise.resolve(null),
    generate: () => Promise.reject(new Error('drafts ask no model')),
  },
  onProgress: () => undefined,
});

async function draftOf(text: string, input: unknown): Promise<Finding<DraftOutput>> {
  const work = { document: documentOfText(text), input, manifest };
  const result = await run(work, ports(['rules', 'static', 'encoder']));
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** Every tenth utterance, and the first own question of every guideline. */
function messagesOf({ questions }: Measured): Question[] {
  const own = questions.filter(({ kind }) => kind === 'own paraphrase');
  const chosen = own.length > 0 ? own : questions;
  return chosen.filter((_, i) => i % (own.length > 0 ? 2 : 10) === 0);
}

interface Tally {
  claims: number;
  supported: number;
  invented: string[];
}

const add = (tally: Tally, one: Tally): Tally => ({
  claims: tally.claims + one.claims,
  supported: tally.supported + one.supported,
  invented: [...tally.invented, ...one.invented],
});
const NOTHING: Tally = { claims: 0, supported: 0, invented: [] };

test('groundedness of the shipped drafts', async () => {
  test.setTimeout(1_200_000);
  say('\n### Shipped drafts: what stands behind their sentences?');
  say(
    '| knowledge base | messages | grounded sentences % | invented numbers and names | first source is the right section % | right among the sources % | nothing answered |',
  );
  say('|---|---|---|---|---|---|---|');
  for (const measured of [intents('val'), guidelines()]) {
    const knowledge = await stored(measured, 'encoder');
    const messages = messagesOf(measured);
    let tally = NOTHING;
    const right = { first: 0, any: 0, none: 0 };
    for (const { text, section } of messages) {
      const { output } = await draftOf(text, { knowledge });
      const sources = output?.sources ?? [];
      const sections = sources.map(({ id }) =>
        measured.sectionOf(measured.passages.find((one) => one.id === id) as KnowledgePassage),
      );
      right.first += sections[0] === section ? 1 : 0;
      right.any += sections.includes(section) ? 1 : 0;
      right.none += sections.length === 0 ? 1 : 0;
      const given = [text, ...sources.map((source) => source.text ?? '')];
      tally = add(tally, groundingOf(output?.reply ?? '', given));
    }
    const n = messages.length;
    say(
      `| ${measured.name} | ${n} | ${share(tally.supported, tally.claims)} | ${tally.invented.length} | ${share(right.first, n)} | ${share(right.any, n)} | ${right.none} |`,
    );
    expect(tally.supported / tally.claims).toBeGreaterThan(0.95);
    expect(tally.invented).toEqual([]);
  }
});

test('products outside the taxonomy', async () => {
  const { taxonomy, knowledge, messages, unlisted } = adversarial;
  const first = unlisted.map((name) => name.toLowerCase().split(' ')[0] ?? '');
  const bad: string[] = [];
  for (const message of messages) {
    const { output } = await draftOf(message, { knowledge, taxonomy });
    const said = output?.reply.toLowerCase() ?? '';
    if (first.some((word) => said.includes(word))) bad.push(`${message} → ${output?.reply ?? ''}`);
  }
  say('\n### Products outside the taxonomy');
  say(
    `${bad.length} of ${messages.length} replies name one (at most ${(upperBound(bad.length, messages.length, 0.05) * 100).toFixed(1)} %, 95 % sure). ${unlisted.length} names, in files and messages.`,
  );
  expect(bad).toEqual([]);
});

/** The same work for the language model: the passages in the prompt, the reply as JSON by its schema. */
const prompt = (text: string, passages: readonly string[]) => ({
  model: 'house-slm',
  temperature: 0,
  max_tokens: 120,
  response_format: {
    type: 'json_schema' as const,
    json_schema: {
      name: 'reply',
      schema: {
        type: 'object',
        properties: { reply: { type: 'string', maxLength: 500 } },
        required: ['reply'],
        additionalProperties: false,
      },
    },
  },
  messages: [
    {
      role: 'system' as const,
      content:
        'You answer customers of a shop. Use only what the passages say. Do not invent numbers, names, dates or promises. Answer in two or three sentences, as JSON: {"reply": "..."}.',
    },
    {
      role: 'user' as const,
      content: `Passages:\n${passages.map((one) => `- ${one}`).join('\n')}\n\nCustomer: ${text}`,
    },
  ],
});

/** Through llama.cpp: the weights of house-slm. */
async function modelReply(
  baseUrl: string,
  text: string,
  passages: readonly string[],
): Promise<string> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(prompt(text, passages)),
  });
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  const said = choices[0]?.message.content ?? '';
  // Cut by its length, the JSON has no end.
  return /"reply"\s*:\s*"(.*)/su.exec(said)?.[1]?.replace(/"\s*\}?\s*$/u, '') ?? said;
}

test('the same drafts by the language model', async () => {
  test.setTimeout(3_600_000);
  const started = await startLlama();
  test.skip('skipped' in started, 'skipped' in started ? started.skipped : '');
  if (!('server' in started)) return;
  const measured = intents('val');
  const knowledge = await stored(measured, 'encoder');
  const index = new KnowledgeIndex(knowledge.passages, knowledge.vectors);
  let tally = NOTHING;
  const messages = messagesOf(measured).slice(0, MODEL_MESSAGES);
  for (const [i, { text }] of messages.entries()) {
    const vector = await vectorOf('encoder', text);
    const hits = index.search({ text, vector, isEnglish: true }, 2);
    const passages = hits.map(({ passage }) => passage.text);
    const said = await modelReply(started.server.baseUrl, text, passages);
    if (i < 5) say(`<!-- ${text} → ${said} -->`);
    tally = add(tally, groundingOf(said, [text, ...passages]));
  }
  await started.server.stop();
  say(`\n### The same by ${started.server.model}: ${messages.length} messages of ${measured.name}`);
  say(
    `Grounded sentences ${share(tally.supported, tally.claims)}; invented numbers and names ${tally.invented.length}.`,
  );
  expect(messages.length).toBeGreaterThan(0);
});
