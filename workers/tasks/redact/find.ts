/** All personal data of a text: rules and tagger together, and later mentions of the people and companies that were found. */
import { plainText } from '../../../src/core/plain-characters.ts';
import { knownOf, LOOSE_RULES } from './known.ts';
import { nameWords, type Entity } from './placeholders.ts';
import { ruleSpans, type RuleSpan } from './rules.ts';
import { namesIn, type NameSpan, type Tagger } from './tagger.ts';

export interface FoundEntity extends Entity {
  /** The rule that found it, `tagger`, or `mention` of a name found elsewhere. */
  by: string;
}

export interface Found {
  /** In order of their start, without overlaps. */
  entities: FoundEntity[];
  /** Largest share of a name among the words that were left: how likely a name was missed. */
  leftover: number;
}

/** Hears how many of the words are read; what it throws ends the work. */
export type OnRead = (done: number, total: number) => void;

export function findEntities(text: string, tagger: Tagger, onRead?: OnRead): Found {
  const plain = plainText(text);
  const rules = ruleSpans(text);
  // The tagger reads the plain text, so the rules' places are looked up there: the same characters, other offsets.
  const plainRules = plain.text === text ? rules : ruleSpans(plain.text);
  const read = namesIn(plain.text, knownOf(plainRules), tagger, onRead);
  const names = read.names
    .map((name) => asStreet(plain.text, trimmed(plain.text, name)))
    .filter((name) => name.end > name.start && !isNoName(plain.text, name))
    .map((name): FoundEntity => {
      const [start, end] = plain.spanOf(name.start, name.end);
      return { ...name, start, end, by: 'tagger' };
    });
  const joined = merge(names, rules, tagger.header.rules);
  const entities = [...joined, ...mentions(text, joined)].sort((a, b) => a.start - b.start);
  return { entities, leftover: read.leftover };
}

const OUTER = /^[\s.,;:!?"'“”„«»()[\]{}<>|/*_#=+•~-]+|[\s,;:!?"'“”„«»()[\]{}<>|/*_#=+•~-]+$/gu;
const ABBREVIATED =
  /(?:^|[\s.])(?:\p{L}|inc|ltd|corp|co|st|jr|sr|ave|rd|blvd|dr|plc|s\.a|llc|e\.v)\.$/iu;

/** Without signs at either end; a full stop stays only behind an abbreviation. */
function trimmed(text: string, span: NameSpan): NameSpan {
  const value = text.slice(span.start, span.end);
  let inner = value.replace(OUTER, '');
  const start = span.start + Math.max(0, value.indexOf(inner));
  if (inner.endsWith('.') && !ABBREVIATED.test(inner)) inner = inner.replace(/[.\s]+$/, '');
  if (!/[\p{L}\p{N}]/u.test(inner)) inner = '';
  return { ...span, start, end: start + inner.length };
}

const STREET_END =
  /(?:\s(?:street|st\.?|avenue|ave\.?|road|rd\.?|lane|ln\.?|drive|blvd\.?|boulevard|court|square|way|place|alley|platz|allee|weg|gasse|ulica|utca|út|u\.|tér|gata|vej|gade|väg|straat|laan|plein|katu|tie)(?:\s\d{1,5}\p{L}?\.?)?|(?:straße|strasse|gasse|weg|platz|allee|straat|laan|gracht|gatan|vägen|vegen|gata|veien|vej|gade|katu|tie|stræti)(?:\s\d{1,5}\p{L}?\.?)?)$/iu;
const STREET_START =
  /^(?:rue|avenue|boulevard|calle|avenida|via|viale|piazza|plaza|rua|ulica|ul\.|al\.|p\.?o\.? box|postfach|postbus)\s/iu;

/** What is called a street is an address, whatever the tagger takes it for. */
function asStreet(text: string, span: NameSpan): NameSpan {
  const value = text.slice(span.start, Math.min(span.end, span.start + 200));
  if (span.type === 'address') return span;
  return STREET_END.test(value) || STREET_START.test(value) ? { ...span, type: 'address' } : span;
}

/** Words of forms, which a tagger takes for names now and then. */
const FORM_WORDS: ReadonlySet<string> = new Set(
  'tel telefon telephone téléphone phone mobile mobil handy fax email e-mail mail name vorname nachname address adresse anschrift date datum dob mrn ssn iban bic id no nr file session callback national passport order invoice rechnung subject betreff contact kontakt patient patientin customer kunde rückruf thanks hello hi hallo dear'.split(
    ' ',
  ),
);

/** `Frau`, `Dr.`, `Tel`: nobody. */
function isNoName(text: string, { type, start, end }: NameSpan): boolean {
  const value = text.slice(start, Math.min(end, start + 24)).toLowerCase();
  if (FORM_WORDS.has(value)) return true;
  return type === 'person' && /^[a-z. ]{2,12}$/.test(value) && nameWords(value).length === 0;
}

/** A loose find of a rule gives way to an address; every other name gives way to a rule. Both sorted. */
function merge(
  names: readonly FoundEntity[],
  rules: readonly RuleSpan[],
  confidences: Record<string, number>,
): FoundEntity[] {
  // A rule that was never measured by itself has the figure of its kind: `form`, `label` or `digits`.
  const confidenceOf = (rule: string): number =>
    confidences[rule] ?? confidences[rule.split(' ')[1] ?? ''] ?? confidences['other'] ?? 0.5;
  const overlaps = (list: readonly { start: number; end: number }[]) => {
    let at = 0;
    return ({ start, end }: { start: number; end: number }): boolean => {
      while (at < list.length && (list[at]?.end ?? 0) <= start) at++;
      return (list[at]?.start ?? Infinity) < end;
    };
  };
  const inAddress = overlaps(names.filter(({ type }) => type === 'address'));
  const kept = rules.filter((span) => !(inAddress(span) && LOOSE_RULES.has(span.rule)));
  const inRule = overlaps(kept);
  return [
    ...names.filter((name) => !inRule(name)),
    ...kept.map(({ type, start, end, rule }) => ({
      type,
      start,
      end,
      confidence: confidenceOf(rule),
      by: rule,
    })),
  ].sort((a, b) => a.start - b.start);
}

const WORD = /[\p{L}\p{M}]{3,64}/gu;
/** A mention is a little less sure than the name it repeats. */
const REPEATED = 0.95;
const SURE_ENOUGH = 0.5;

/** Words of found persons that stand alone elsewhere, written as there; not words that the text uses in small letters. */
function mentions(text: string, entities: readonly FoundEntity[]): FoundEntity[] {
  const confidence = new Map<string, number>();
  for (const { type, start, end, confidence: sure } of entities) {
    if (type !== 'person' || sure < SURE_ENOUGH) continue;
    const value = text.slice(start, end);
    const single = nameWords(value).length < 2;
    for (const [word] of value.matchAll(WORD))
      if (/^\p{Lu}/u.test(word) && nameWords(word).length > 0 && (!single || sure > 0.8))
        confidence.set(word, Math.max(confidence.get(word) ?? 0, sure));
  }
  if (confidence.size === 0) return [];
  const found: FoundEntity[] = [];
  const lowerCase = new Set<string>();
  let at = 0;
  for (const match of text.matchAll(WORD)) {
    const [word] = match;
    const start = match.index;
    const end = start + word.length;
    lowerCase.add(word);
    const sure = confidence.get(word);
    if (sure === undefined) continue;
    while (at < entities.length && (entities[at]?.end ?? 0) <= start) at++;
    if ((entities[at]?.start ?? Infinity) < end) continue;
    const before = found.at(-1);
    if (before && /^ {0,2}$/.test(text.slice(before.end, start)) && start - before.end < 3)
      before.end = end;
    else found.push({ type: 'person', start, end, confidence: REPEATED * sure, by: 'mention' });
  }
  return found.filter(({ start, end }) => !lowerCase.has(text.slice(start, end).toLowerCase()));
}
