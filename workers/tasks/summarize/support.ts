/**
 * Does the text say what a point says? A point is checked against its evidence only: every figure with its unit, every
 * date and name, every negation and, for points that were only reworded (`strict`), every word that carries meaning.
 */
import { polarityOf } from './answers.ts';
import { spelled, valueOf } from './number-words.ts';
import { STOP_WORDS } from './words.ts';

export interface SupportProblem {
  kind: 'number' | 'unit' | 'name' | 'negation' | 'word';
  /** What the evidence does not have. */
  what: string;
}

/** What a report may add to the words of a conversation. */
const REPORT_WORDS = new Set("patient patient's themselves theirs".split(' '));
const TOKEN = /\d+(?:[.,:/-]\d+)*|\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}+)*|[.!?;]/gu;
const NEGATION =
  /^(?:no|not|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|nope|nah|uh-uh|hm-mm|mm-mm|denies|denied|nicht|nein|kein|keine|keinen|keinem|keiner|nie|niemals|nichts|ohne|non|pas|jamais|aucun|aucune|rien|sans)$|n't$/u;
const ENDS_SCOPE = /^(?:[.!?;]|but|however|although|though|except|aber|sondern|außer|mais|sauf)$/u;
const UNITS = new Map(
  (
    'mg=mg milligram=mg milligrams=mg milligramm=mg mcg=mcg micrograms=mcg g=g gram=g grams=g kg=kg kilo=kg kilos=kg kilogram=kg kilograms=kg lb=lb lbs=lb pound=lb pounds=lb ' +
    'ml=ml milliliter=ml milliliters=ml cc=cc l=l liter=l liters=l cm=cm centimeter=cm centimeters=cm mm=mm millimeter=mm millimeters=mm m=m meter=m meters=m inch=inch inches=inch feet=foot foot=foot mile=mile miles=mile km=km ' +
    'second=second seconds=second minute=minute minutes=minute hour=hour hours=hour day=day days=day week=week weeks=week month=month months=month year=year years=year ' +
    'tag=day tage=day tagen=day woche=week wochen=week monat=month monate=month monaten=month jahr=year jahre=year jahren=year jour=day jours=day semaine=week semaines=week mois=month an=year ans=year heure=hour heures=hour stunde=hour stunden=hour ' +
    'percent=percent prozent=percent euro=eur euros=eur eur=eur dollar=usd dollars=usd usd=usd cents=cent cent=cent pack=pack packs=pack times=times degrees=degree degree=degree units=unit unit=unit'
  )
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);

interface Token {
  /** Lower case. */
  word: string;
  written: string;
  opensSentence: boolean;
  negated: boolean;
}

/** `evidence`: the pieces of text that the point names, as they stand there. No problem: an empty list. */
export function supportProblems(
  point: string,
  evidence: readonly string[],
  strict: boolean,
): SupportProblem[] {
  const said = tokensOf(evidence.join('\n'));
  const last = evidence.at(-1) ?? '';
  const answersNo = evidence.length > 1 && polarityOf(last) === 'no';
  if (answersNo) for (const token of said) token.negated = true;
  const told = tokensOf(point);
  // A question quoted with its "no" denies what it asks, as the evidence does.
  if (answersNo && polarityOf(point.slice(point.lastIndexOf('?') + 1)) === 'no')
    for (const token of told) token.negated = true;
  return [
    ...numberProblems(told, said),
    ...wordProblems(told, said, strict),
    ...negationProblems(told, said),
    ...(strict ? countProblems(told, evidence, answersNo) : []),
  ];
}

function tokensOf(text: string): Token[] {
  const plain = text
    .replace(/’/gu, "'")
    .replace(/(?<=\p{L}) (?=n't\b|'(?:s|re|ve|ll|d|m)\b)/giu, '')
    .replace(/\b(gon|wan) na\b/giu, '$1na')
    .replace(/_/gu, '');
  const tokens: Token[] = [];
  let negated = false;
  let opens = true;
  for (const [written] of plain.matchAll(TOKEN)) {
    const word = written.toLowerCase();
    if (ENDS_SCOPE.test(word)) negated = false;
    tokens.push({ word, written, opensSentence: opens, negated });
    if (NEGATION.test(word)) negated = true;
    opens = /^[.!?]$/u.test(word);
  }
  return tokens;
}

const isFigure = (word: string): boolean => /^\d/u.test(word);

function numberProblems(told: readonly Token[], said: readonly Token[]): SupportProblem[] {
  return told.flatMap(({ word }, i): SupportProblem[] => {
    if (!isFigure(word)) return [];
    const after = placesOf(word, said);
    if (after.length === 0) return [{ kind: 'number', what: word }];
    const unit = UNITS.get(told[i + 1]?.word ?? '');
    if (unit === undefined) return [];
    const same = after.some((place) => UNITS.get(said[place]?.word ?? '') === unit);
    return same ? [] : [{ kind: 'unit', what: `${word} ${told[i + 1]?.word ?? ''}` }];
  });
}

/** Where the text goes on after each place that has the figure, as a figure or in words. */
function placesOf(figure: string, said: readonly Token[]): number[] {
  const places: number[] = [];
  said.forEach(({ word }, i) => {
    if (word === figure) places.push(i + 1);
  });
  const words = /^\d+$/u.test(figure) ? spelled(Number(figure))?.split(' ') : undefined;
  if (!words) return places;
  const flat = said
    .flatMap(({ word }, i) => word.split('-').map((part) => ({ part, i })))
    .filter(({ part }) => part !== 'and');
  for (let at = 0; at + words.length <= flat.length; at++) {
    if (words.some((word, k) => flat[at + k]?.part !== word)) continue;
    const next = flat[at + words.length];
    if (isNumberWord(flat[at - 1]?.part) || isNumberWord(next?.part)) continue;
    places.push((flat[at + words.length - 1]?.i ?? 0) + 1);
  }
  return places;
}

const isNumberWord = (word: string | undefined): boolean =>
  word !== undefined && (valueOf([word]) !== null || word === 'hundred' || word === 'thousand');

function wordProblems(
  told: readonly Token[],
  said: readonly Token[],
  strict: boolean,
): SupportProblem[] {
  const known = new Set(said.flatMap(({ word }) => [word, ...word.split(/['-]/u)]));
  return told.flatMap(({ word, written, opensSentence }): SupportProblem[] => {
    if (isFigure(word) || !/\p{L}/u.test(word) || known.has(word)) return [];
    if (STOP_WORDS.has(word) || REPORT_WORDS.has(word) || NEGATION.test(word)) return [];
    if (known.has(word.replace(/'s$/u, ''))) return [];
    if (word.split('-').every((part) => known.has(part))) return [];
    const isName = /^\p{Lu}/u.test(written) && (!opensSentence || !strict);
    // Number words count as numbers: an invented "three" is as wrong as an invented 3.
    if (isNumberWord(word)) return figureOf(word, known) ? [] : [{ kind: 'number', what: word }];
    if (isName) return [{ kind: 'name', what: written }];
    return strict && !isThirdPersonOf(word, known) ? [{ kind: 'word', what: word }] : [];
  });
}

function figureOf(word: string, known: ReadonlySet<string>): boolean {
  const value = valueOf([word]);
  return value !== null && (value === 1 || known.has(String(value)));
}

/** `takes` of `take`, `worries` of `worry`. */
function isThirdPersonOf(word: string, known: ReadonlySet<string>): boolean {
  const stems = [word.replace(/s$/u, ''), word.replace(/es$/u, ''), word.replace(/ies$/u, 'y')];
  return stems.some((stem) => stem !== word && known.has(stem));
}

/** A word may not be negated in the point and plain in the evidence, or the other way round. */
function negationProblems(told: readonly Token[], said: readonly Token[]): SupportProblem[] {
  const ways = new Map<string, Set<boolean>>();
  for (const { word, negated } of said) {
    const seen = ways.get(word) ?? new Set();
    ways.set(word, seen.add(negated));
  }
  return told.flatMap(({ word, negated }): SupportProblem[] => {
    const seen = ways.get(word);
    if (
      !seen ||
      seen.has(negated) ||
      STOP_WORDS.has(word) ||
      NEGATION.test(word) ||
      !/[\p{L}\d]/u.test(word)
    )
      return [];
    return [{ kind: 'negation', what: word }];
  });
}

/** A reworded point has as many negations as what it rests on; "No, I don't." counts once. */
function countProblems(
  told: readonly Token[],
  evidence: readonly string[],
  answersNo: boolean,
): SupportProblem[] {
  const count = (tokens: readonly Token[]): number =>
    tokens.filter(({ word }) => NEGATION.test(word)).length;
  const before = answersNo ? evidence.slice(0, -1) : evidence;
  const expected = count(tokensOf(before.join('\n'))) + (answersNo ? 1 : 0);
  const found = count(told);
  const saysBoth = answersNo && found === count(tokensOf(evidence.join('\n')));
  return found === expected || saysBoth
    ? []
    : [{ kind: 'negation', what: `${found} instead of ${expected}` }];
}
