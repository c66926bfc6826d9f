/** A specification as text: its numbered clauses, and what each of them asks for as far as a rule can tell. */
import { MAX_CLAUSES, type Clause, type Demand, type OpenDemand } from './clause.ts';
import { limitIn } from './limits.ts';
import { styleOf, type NumberStyle } from './numbers.ts';
import { isPlainWord, unitOf } from './units.ts';

/** `1`, `2.3)`, `§ 4`, `(a)`, `REQ-12:`, `Clause 7.` at the start of a line. */
const NUMBERED =
  /^[ \t]*(?:(?:clause|section|article|klausel|abschnitt|artikel|art\.?|ziffer|punkt|exigence|requisito)\s+)?(§\s?\d+(?:\.\d+)*|\d{1,4}(?:\.\d{1,4}){0,5}|\([a-z\d]{1,3}\)|[a-z](?=\))|[A-Z]{1,10}[-_]\d{1,6}(?:\.\d{1,4}){0,3})[.):]?[ \t]+(?=\S)/i;
const MAX_CLAUSE = 2_000;

/** Words of obligation, with the negation that may follow them. */
const MODAL =
  /\b(?:shall|must|should|has to|have to|needs? to|is to|are to|may|can|will|muss|müssen|soll(?:en|te)?|darf|dürfen|hat|doit|doivent|devra|ne doit|debe(?:n|rá)?|is|are|beträgt|liegt|est|es)\b/iu;
/** A condition makes a clause more than a limit. */
const CONDITION =
  /\b(?:if|unless|except|when(?:ever)?|provided|where|wenn|falls|sofern|außer|si|sauf|lorsque|salvo|cuando)\b/iu;
const QUOTED = String.raw`["“„«']([^"”“»']{1,200})["”“»']`;
const CONTAINS = new RegExp(
  String.raw`\b(not\s+|never\s+|nicht\s+|kein\w*\s+|pas\s+|no\s+)?(?:contain|include|mention|state|name|bear|enthalten|aufführen|nennen|contenir|mentionner|contener|mencionar)s?(?:\s+(?:the|a|an|das|den|die|le|la|el))?(?:\s+(?:words?|phrase|term|text|label|Wort|Wörter|Begriff|Text|mots?|terme|palabra))?\s*:?\s*${QUOTED}`,
  'iu',
);
/** `das Wort "X" enthalten`: the verb comes last. */
const CONTAINS_LAST = new RegExp(String.raw`${QUOTED}\s+(nicht\s+)?enthalten\b`, 'iu');

/** The clauses in order; empty where no line is numbered. Lines without a number belong to the clause above. */
export function clausesOfText(text: string): Clause[] {
  const style = styleOf(text);
  const clauses: { id: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const numbered = line.length > MAX_CLAUSE ? null : NUMBERED.exec(line);
    if (numbered?.[1] !== undefined) {
      if (clauses.length === MAX_CLAUSES) break;
      clauses.push({
        id: numbered[1].replace(/\s/g, ''),
        lines: [line.slice(numbered[0].length).trim()],
      });
    } else if (line.trim() !== '') clauses.at(-1)?.lines.push(line.trim());
  }
  return clauses.map(({ id, lines }) => {
    const requirement = lines.join(' ').slice(0, MAX_CLAUSE);
    return { id, requirement, demand: demandOf(requirement, style) };
  });
}

function phraseDemand(clause: string): Demand | null {
  const found = CONTAINS.exec(clause);
  if (found?.[2] !== undefined)
    return {
      kind: 'phrase',
      phrase: found[2],
      present:
        found[1] === undefined &&
        !/\b(?:not|nicht|never|pas)\s+$/i.test(clause.slice(0, found.index)),
    };
  const last = CONTAINS_LAST.exec(clause);
  if (last?.[1] !== undefined)
    return { kind: 'phrase', phrase: last[1], present: last[2] === undefined };
  return null;
}

const OPEN: OpenDemand = {
  kind: 'open',
  reason: 'No rule decides this clause: a person has to.',
  nearest: true,
};

function demandOf(clause: string, style: NumberStyle): Demand {
  if (CONDITION.test(clause))
    return { ...OPEN, reason: 'The clause has a condition, which a person has to judge.' };
  const phrase = phraseDemand(clause);
  if (phrase) return phrase;
  const sentence = firstSentence(clause);
  const limit = limitIn(sentence, style);
  if (!limit || sentence.length < clause.replace(/[.\s]+$/, '').length) return OPEN;
  const parameter = subjectOf(sentence, limit.start);
  if (parameter === '') return OPEN;
  const written = limit.unit ?? unitAfter(sentence.slice(limit.end));
  const unit = unitOf(written);
  if (written !== '' && !unit)
    return { ...OPEN, reason: `The unit "${written.slice(0, 30)}" is not known.`, nearest: false };
  return { kind: 'limit', parameter, limit, unit };
}

/** A full stop between digits or within `max.` ends no sentence. */
function firstSentence(clause: string): string {
  const end = /[.;](?=\s+\p{Lu})/u.exec(clause);
  return (end ? clause.slice(0, end.index) : clause).replace(/[.;\s]+$/, '');
}

const ARTICLES =
  /^(?:the|a|an|all|each|every|any|der|die|das|ein|eine|jede[rs]?|alle|le|la|les|l'|un|une|chaque|el|los|las|cada)\s+/i;
const LEFT_OVER =
  /(?:\s+(?:not|be|sein|nicht|être|pas|ser|no|ne|of|at|a|between|zwischen|entre|from|von|de|in|den|die|der|das|einen|wert|value|limit|equal to)|[:,=–—-])+\s*$/iu;

/** What stands before the word of obligation, or before the limit. */
function subjectOf(sentence: string, limitStart: number): string {
  const head = sentence.slice(0, limitStart);
  const modal = MODAL.exec(head);
  let subject = (modal ? head.slice(0, modal.index) : head).trim().slice(0, 120);
  for (let turn = 0; turn < 4; turn++) subject = subject.replace(LEFT_OVER, '').trim();
  return subject.replace(ARTICLES, '').trim();
}

/** The word behind the last number, where it can be a unit. */
export function unitAfter(rest: string): string {
  const word = /^\s?([\p{L}°%‰µμΩ"″/][\p{L}\d°%‰µμΩ"″/²³⁻¹·⋅*^()-]{0,18})/u.exec(rest)?.[1] ?? '';
  const cleaned = word.replace(/[)(-]+$/, '');
  return isPlainWord(cleaned) && cleaned !== 'in' ? '' : cleaned;
}
