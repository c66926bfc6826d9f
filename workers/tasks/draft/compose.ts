/** Puts a reply together: greeting, what was asked, sentences of the passages, what is open, next step, sign-off. */
import type { DraftOutput } from '../../../src/core/outputs.ts';
import { acknowledge } from './acknowledge.ts';
import type { Evidence } from './evidence.ts';
import type { Ask, Message } from './message.ts';
import type { Taxonomy, Wording } from './schema.ts';
import { topicsOf } from './taxonomy.ts';
import type { Tone } from './tone.ts';
import { gives, numberNear } from './values.ts';

export interface Answered {
  ask: Ask;
  evidence: Evidence[];
}

interface Parts {
  message: Message;
  wording: Wording;
  tone: Tone;
  taxonomy: Taxonomy | undefined;
  answered: readonly Answered[];
}

/** Most things that a reply asks for. */
const MAX_NEEDS = 3;

export function compose(parts: Parts): DraftOutput {
  const { wording, tone, answered } = parts;
  const used = new Set<string>();
  const bodies = answered.map((one, i) => answerText(one, i, parts, used));
  if (answered.length === 0) bodies.push(`${wording.thanks.full}\n${wording.nothing}`);
  const needs = needsText(answered, parts);
  const closing = tone.isShort ? wording.closing.short : wording.closing.full;
  const blocks = [
    greetingText(parts),
    ...bodies,
    ...(needs === null ? [] : [needs]),
    closing,
    signOffText(parts),
  ];
  const reply = blocks.join('\n\n');
  return { reply, sources: sourcesOf(answered), missing: openIn(reply) };
}

const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/gu, (whole, name: string) => values[name] ?? whole);

/** Brackets are for what is open: those of the message are written round. */
const round = (text: string): string => text.replaceAll('[', '(').replaceAll(']', ')');

/** A name is taken from the text only where the message may be quoted at all. */
function greetingText({ message, wording, tone, taxonomy }: Parts): string {
  const name = message.sender ?? (taxonomy ? null : message.signed);
  if (tone.greeting !== null && tone.namePart === 'none') return tone.greeting;
  const shown = tone.namePart === 'first' ? name?.split(' ')[0] : name;
  if (tone.greeting !== null)
    return fill(tone.greeting, { name: shown ?? `[${wording.open.name}]` });
  return shown ? fill(wording.greeting.named, { name: shown }) : wording.greeting.plain;
}

function signOffText({ wording, tone }: Parts): string {
  const lines = tone.signOff ?? [wording.signOff, '{writer}'];
  return fill(lines.join('\n'), { writer: `[${wording.open.writer}]` });
}

/** One request: said back, answered with sentences of the passages that were not used yet, its live data left open. */
function answerText(
  { ask, evidence }: Answered,
  position: number,
  parts: Parts,
  used: Set<string>,
): string {
  const { wording } = parts;
  const fresh = evidence.flatMap(({ sentences }) => sentences.filter((text) => !used.has(text)));
  for (const sentence of fresh) used.add(sentence);
  const live = liveText(ask, parts);
  const lines = [introText(ask, position, parts), listed(fresh), live ?? ''].filter(Boolean);
  const isOpen = evidence.length === 0 && live === null;
  return [...lines, ...(isOpen ? [wording.nothing] : [])].join('\n');
}

function introText(
  ask: Ask,
  position: number,
  { message, wording, tone, taxonomy }: Parts,
): string {
  const topics = taxonomy ? topicsOf(message.body, taxonomy) : [];
  const topic = topics.join(', ');
  if (position > 0 && taxonomy) return wording.between;
  const thanks = topic === '' ? wording.thanks.full : fill(wording.thanks.about, { topic });
  if (taxonomy) return thanks;
  const { kind, what } = acknowledge(ask.sentence, message.language, tone.isInformal);
  const asked = fill(wording.asked[kind], { what: round(what) });
  return position > 0 ? asked : `${thanks} ${asked}`;
}

/** Sentences on one line; items of a list on lines of their own. */
const listed = (sentences: readonly string[]): string =>
  sentences
    .reduce(
      (all, text) =>
        all + (/^(?:[-*•·]|\d{1,3}[.)])\s/u.test(text) || all === '' ? '\n' : ' ') + text,
      '',
    )
    .trim();

/** What only the house's systems know (where an order is) stands open, with the number that the message gives. */
function liveText({ query }: Ask, { message, wording }: Parts): string | null {
  const said = query.toLowerCase();
  const found = wording.states.find(
    ({ things, cues }) =>
      things.some((thing) => said.includes(thing)) && cues.some((cue) => said.includes(cue)),
  );
  if (!found) return null;
  const number = numberNear(message.body, [...found.things, found.number.toLowerCase()]);
  const isOwn = /(?<!\p{L})(?:my|our|mine|mein\p{L}{0,2}|unser\p{L}{0,2})(?!\p{L})/u.test(said);
  if (number === null && !isOwn) return null;
  const { thing, state } = found;
  const line =
    number === null
      ? fill(wording.unidentified, { thing, number: found.number, state })
      : fill(wording.identified, { thing, number: round(number), state });
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Words with which a passage asks for something. */
const ASKING =
  /\b(?:need|send|tell|give|have|quote|state|enter|include|attach|provide|bitte|nennen|geben|angeben|senden|schicken|benötigen|brauchen|bereithalten|beifügen)\b/iu;
const ATTACHED = /\b(?:attach\p{L}*|enclosed|anbei|angehängt|im anhang)(?!\p{L})/iu;

function needsText(
  answered: readonly Answered[],
  { message, wording, tone }: Parts,
): string | null {
  const sentences = answered
    .flatMap(({ evidence }) => evidence.flatMap((one) => one.sentences))
    .filter((text) => ASKING.test(text))
    .map((text) => text.toLowerCase());
  const needed = wording.needs.filter(
    ({ phrases, value }) =>
      phrases.some((phrase) => sentences.some((text) => text.includes(phrase))) &&
      !(value === 'none' ? ATTACHED.test(message.body) : gives(message.body, value)),
  );
  if (needed.length === 0) return null;
  const told = needed.slice(0, MAX_NEEDS).map((need) => need.told);
  const last = told.pop() ?? '';
  const needs = told.length === 0 ? last : `${told.join(', ')} ${wording.and} ${last}`;
  return fill(wording.ask[tone.voice], { needs });
}

function sourcesOf(answered: readonly Answered[]): DraftOutput['sources'] {
  const sources = new Map<string, DraftOutput['sources'][number]>();
  for (const { passage, score } of answered.flatMap(({ evidence }) => evidence)) {
    const { id, title, text, file } = passage;
    if (!sources.has(id)) sources.set(id, { id, score, title: [file, ...title].join(' › '), text });
  }
  return [...sources.values()];
}

/** Everything in brackets, each once: the wording's open places, and those that a passage has. */
const openIn = (reply: string): string[] => [
  ...new Set([...reply.matchAll(/\[([^[\]\n]{1,60})\]/gu)].map(([, name = '']) => name)),
];
