/** Task `draft`: a reply of the house's own sentences, found in its files. Always a draft. */
import * as v from 'valibot';
import { documentOfText } from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { StoredKnowledge } from '../../../src/core/knowledge.ts';
import type { DraftOutput } from '../../../src/core/outputs.ts';
import type { LocalTier } from '../../../src/core/route.ts';
import type { Finding, Work, WorkPorts } from '../../../src/core/work.ts';
import { compose, type Answered } from './compose.ts';
import { evidenceFor, type Searching } from './evidence.ts';
import { embedPassages, passagesOf } from './knowledge.ts';
import { languageOfText, readMessage, type Message } from './message.ts';
import { InputSchema, WordingSchema, type DraftInput, type Wording } from './schema.ts';
import { KnowledgeIndex } from './search.ts';
import { ordinaryStems, unlistedName } from './taxonomy.ts';
import { mannerOf, readTone } from './tone.ts';

/** Room for each request, however short the house writes. */
const MIN_WORDS = 45;
/** More passages than this are not embedded for one request: the table of words does. */
const MAX_EMBEDDED_NOW = 150;

/** Fails with bad_request, empty_input, input_too_long, cancelled and deadline. */
export async function run(work: Work, ports: WorkPorts): Promise<Result<Finding<DraftOutput>>> {
  const startedAt = ports.now();
  const input = v.safeParse(InputSchema, work.input ?? {});
  if (!input.success)
    return fail('bad_request', `The input of “draft”: ${v.summarize(input.issues)}`);
  const message = readMessage(work.document);
  if (message.body === '') return fail('empty_input', 'There is no message to reply to.');
  const wording = await wordingOf(message, ports);
  if (!wording.ok) return wording;
  const index = await indexOf(input.output.knowledge, ports);
  if (!index.ok) return index;
  const tone = readTone(input.output.tone ?? [], message.language);
  const left = new Set<string>();
  const searching = searchingOf(index.value, message, input.output, ports, left);
  const perAsk = Math.floor(tone.answerWords / Math.max(1, message.asks.length));
  const answered: Answered[] = [];
  for (const ask of message.asks) {
    const evidence = await evidenceFor(ask.query, {
      ...searching,
      maxWords: Math.max(MIN_WORDS, perAsk),
    });
    answered.push({ ask, evidence });
  }
  const { taxonomy } = input.output;
  const output = compose({
    message,
    wording: mannerOf(wording.value, tone),
    tone,
    taxonomy,
    answered,
  });
  const tier = index.value.vectors?.tier ?? 'rules';
  const found = `${output.sources.length} passages, ${output.missing.length} open`;
  const specialist = `${work.manifest.id}@${work.manifest.version}`;
  return ok({
    output,
    basis: 'draft',
    confidence: 0,
    tier,
    attempts: [{ tier, specialist, ms: ports.now() - startedAt, outcome: found, confidence: null }],
    doubts: doubtsOf(message, answered, input.output, left),
  });
}

async function wordingOf({ language }: Message, ports: WorkPorts): Promise<Result<Wording>> {
  const bytes = await ports.file('wording.json');
  if (!bytes.ok) return bytes;
  const read = v.safeParse(WordingSchema, JSON.parse(new TextDecoder().decode(bytes.value)));
  return read.success
    ? ok(read.output[language])
    : fail('file_corrupt', 'wording.json is not as it should be.');
}

/** The index of the last request: a batch asks the same knowledge again and again. */
let last: { key: string; index: KnowledgeIndex } | null = null;

async function indexOf(
  knowledge: DraftInput['knowledge'],
  ports: WorkPorts,
): Promise<Result<KnowledgeIndex>> {
  if (knowledge === undefined) return ok(new KnowledgeIndex([], null));
  const key = Array.isArray(knowledge)
    ? JSON.stringify([ports.tiers, knowledge])
    : `${knowledge.base.id}@${knowledge.base.revision}`;
  if (last?.key === key) return ok(last.index);
  const index = Array.isArray(knowledge)
    ? await inlineIndex(knowledge, ports)
    : storedIndex(knowledge);
  if (index.ok) last = { key, index: index.value };
  return index;
}

const storedIndex = ({
  passages,
  vectors,
}: Pick<StoredKnowledge, 'passages' | 'vectors'>): Result<KnowledgeIndex> =>
  vectors && vectors.values.length !== vectors.dims * passages.length
    ? fail('bad_request', 'The knowledge base has another number of vectors than of passages.')
    : ok(new KnowledgeIndex(passages, vectors));

async function inlineIndex(
  texts: readonly { name: string; text: string }[],
  ports: WorkPorts,
): Promise<Result<KnowledgeIndex>> {
  const passages = passagesOf(texts.map(({ name, text }) => documentOfText(text, name)));
  if (!passages.ok) return passages;
  const few = passages.value.length <= MAX_EMBEDDED_NOW;
  const wanted: readonly LocalTier[] = few ? ['encoder', 'static'] : ['static'];
  const vectors = await embedPassages(passages.value, (tier, texts) => ports.embed(tier, texts), {
    tiers: wanted.filter((tier) => ports.tiers.includes(tier)),
    onProgress: (done, total) =>
      ports.onProgress({ stage: 'Reading the knowledge base', done, total }),
  });
  return vectors.ok ? ok(new KnowledgeIndex(passages.value, vectors.value)) : vectors;
}

function searchingOf(
  index: KnowledgeIndex,
  message: Message,
  { taxonomy }: DraftInput,
  ports: WorkPorts,
  left: Set<string>,
): Omit<Searching, 'maxWords'> {
  const tier = index.vectors?.tier;
  const { language, body } = message;
  const ordinary = ordinaryStems(taxonomy?.products ? index.passages.map(({ text }) => text) : []);
  const screen = { taxonomy, ordinary, message: body, language };
  const isEnglish = message.language === 'en' && message.foreign === null;
  return {
    index,
    isEnglish,
    trustsVectors: tier === 'encoder' && isEnglish,
    embed: async (texts) => {
      if (tier === undefined || !ports.tiers.includes(tier) || texts.length === 0) return null;
      const rows = await ports.embed(tier, texts);
      return rows.ok ? rows.value : null;
    },
    allows: (sentence) => {
      const name = unlistedName(sentence, screen);
      if (name !== null) left.add(name);
      return name === null;
    },
  };
}

function doubtsOf(
  message: Message,
  answered: readonly Answered[],
  { knowledge }: DraftInput,
  left: ReadonlySet<string>,
): string[] {
  const used = answered.flatMap(({ evidence }) => evidence.map(({ passage }) => passage.text));
  const inOther = used.some((text) => {
    const { language, share } = languageOfText(text);
    return share > 0.1 && language !== message.language;
  });
  const open = answered.filter(({ evidence }) => evidence.length === 0).length;
  return [
    ...(message.foreign === null
      ? []
      : [`The message is in another language (${message.foreign}); the reply is in English.`]),
    ...(knowledge === undefined ? ['No knowledge base was given, so nothing is answered.'] : []),
    ...(knowledge !== undefined && open > 0
      ? [`Nothing in the knowledge base fits ${open} of ${answered.length} requests.`]
      : []),
    ...(inOther ? ['The passages are in another language than the message.'] : []),
    ...(left.size > 0
      ? [`Sentences were left out, because the taxonomy does not have: ${[...left].join(', ')}.`]
      : []),
  ];
}
