/** What may become a point: a sentence, or a short answer together with its question. */
import type { Span } from '../../../src/core/outputs.ts';
import { polarityOf, statementOf, type Polarity } from './answers.ts';
import { cueCounts } from './cues.ts';
import type { Transcript, Turn } from './read-turns.ts';
import type { Role } from './roles.ts';
import { readSentences } from './sentences.ts';
import { asSentence, tidy } from './tidy.ts';
import { contentWords, wordsOf } from './words.ts';

export interface Candidate {
  /** As it was said, tidied. */
  said: string;
  /** The question before it, tidied; null where it stands on its own or nobody asked. */
  question: string | null;
  /** The question is shown with it, as the answer alone says nothing. */
  needsQuestion: boolean;
  /** A plain yes or no. */
  polarity: Polarity | null;
  /** Of what is shown: the question's, if it is shown, then its own. */
  spans: Span[];
  speaker: string | null;
  role: Role | null;
  askedBy: Role | null;
  turn: number;
  isQuestion: boolean;
  /** Lower-case words of what was said and of the question, if it is shown. */
  words: string[];
  content: string[];
  cues: number[];
}

interface Said {
  text: string;
  spans: Span[];
  isQuestion: boolean;
}

const SHORT_ANSWER_WORDS = 4;
const ASKS =
  /^(?:(?:and|so|okay|now|but|well|alright)[\s,]+){0,3}(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|what|when|where|why|who|which|how|any|haben|sind|können|wie|wann|wo|warum|welche|est-ce|avez|êtes|pouvez|quel|quelle|quand|comment|pourquoi)\b/iu;
/** A sentence that begins so says little without its question. */
const LEADING_ANSWER =
  /^(?:yes|yeah|yep|no|nope|nah|correct|only|just|not|sometimes|maybe|once|twice|about|since|until|for|from|a little|a bit|every|both|neither|ja|nein|doch|nur|manchmal|etwa|seit|oui|non|si|seulement|parfois|depuis|environ)\b/iu;

export function readCandidates(text: string, { turns }: Transcript): Candidate[] {
  const candidates: Candidate[] = [];
  let question: { said: Said; role: Role | null; speaker: string | null } | null = null;
  turns.forEach((turn, index) => {
    const sentences = sentencesOf(text, turn);
    sentences.forEach((said, i) => {
      const asked = i === 0 && question && question.speaker !== turn.speaker ? question : null;
      candidates.push(candidateOf(said, asked, turn, index));
    });
    const last = sentences.at(-1);
    if (last)
      question = last.isQuestion ? { said: last, role: turn.role, speaker: turn.speaker } : null;
  });
  return candidates;
}

function sentencesOf(text: string, turn: Turn): Said[] {
  return readSentences(text, turn.lines).flatMap(({ spans }) => {
    const written = spans.map(([start, end]) => text.slice(start, end)).join(' ');
    if (!/[\p{L}\d]/u.test(written)) return [];
    const tidied = tidy(written);
    // An answer made of sounds alone still answers.
    const shown = tidied === '' && polarityOf(written) !== null ? written.trim() : tidied;
    if (shown === '') return [];
    const isQuestion = /\?["'”)]?$/u.test(shown) || (!/[.!…]$/u.test(shown) && ASKS.test(shown));
    return [{ text: shown, spans, isQuestion }];
  });
}

function candidateOf(
  said: Said,
  asked: { said: Said; role: Role | null } | null,
  turn: Turn,
  index: number,
): Candidate {
  const own = wordsOf(said.text);
  const polarity = asked ? polarityOf(said.text) : null;
  const needsQuestion =
    asked !== null &&
    !said.isQuestion &&
    (polarity !== null ||
      contentWords(own).length < SHORT_ANSWER_WORDS ||
      LEADING_ANSWER.test(said.text));
  const shown = needsQuestion ? `${asked.said.text} ${said.text}` : said.text;
  const words = needsQuestion ? wordsOf(shown) : own;
  return {
    said: said.text,
    question: asked?.said.text ?? null,
    needsQuestion,
    polarity,
    spans: needsQuestion ? [...asked.said.spans, ...said.spans] : said.spans,
    speaker: turn.speaker,
    role: turn.role,
    askedBy: asked?.role ?? null,
    turn: index,
    isQuestion: said.isQuestion,
    words,
    content: contentWords(words),
    cues: cueCounts(shown),
  };
}

/** How a candidate reads in the words of the conversation. */
export function verbatim(candidate: Candidate): string {
  const { question, needsQuestion, said } = candidate;
  if (!needsQuestion || question === null) return asSentence(said);
  const asked = asSentence(question).replace(/[.…]$/u, '?');
  return `${asked} ${asSentence(said)}`;
}

/** A plain answer as a statement about the patient; null where that is not safe. */
export function answerStatement({ question, polarity, role, askedBy }: Candidate): string | null {
  if (question === null || polarity === null || role !== 'patient' || askedBy !== 'doctor')
    return null;
  return statementOf(question, polarity);
}
