/** What a business rule is, and the few shapes that most rules have. */
import type { Invoice, Term } from '../../../einvoice/invoice.ts';
import { says } from '../../../einvoice/terms.ts';
import type { XmlElement } from '../../../einvoice/xml.ts';
import type { CodeLists } from './code-lists.ts';

export interface Finding {
  verdict: 'pass' | 'fail' | 'not_applicable' | 'unclear';
  found: string | null;
  /** Place in the XML. */
  at: { start: number; end: number } | null;
  reason?: string;
}

export interface Rule {
  id: string;
  /** A broken warning does not make the invoice fail. */
  severity: 'fatal' | 'warning';
  /** Own words, short. */
  requirement: string;
  /** Rules about the XML of UBL do not apply to CII. */
  syntax?: 'ubl';
  check(invoice: Invoice, lists: CodeLists): Finding;
}

/** Most characters of a value that are quoted. */
const MAX_QUOTED = 120;

export const quote = (value: string): string =>
  value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;

export const NOT_APPLICABLE: Finding = { verdict: 'not_applicable', found: null, at: null };

/** The start tag, where the element is long. */
export function placeOf(element: XmlElement): { start: number; end: number } {
  const long = element.end - element.start > 400;
  return { start: element.start, end: long ? element.contentStart : element.end };
}

export const placeOfTerm = (term: Term): { start: number; end: number } =>
  term.end > term.start ? { start: term.start, end: term.end } : placeOf(term.element);

/** `BT-5 = EUR`; names what is quoted. */
export function quoted(terms: readonly (Term | null)[]): string | null {
  const values = terms.filter(says).map((term) => quote(term.value));
  return values.length > 0 ? values.slice(0, 6).join(' · ') : null;
}

/** What one item says about a rule: null where the rule does not concern it. */
export type Judgement = { ok: boolean | 'unclear'; terms: (Term | null)[]; reason?: string } | null;

export const judge = (ok: boolean, ...terms: (Term | null)[]): Judgement => ({ ok, terms });

const placeOfItem = (terms: readonly (Term | null)[], element: XmlElement | null) => {
  const term = terms.find(says);
  if (term) return placeOfTerm(term);
  return element ? placeOf(element) : null;
};

/** Holds for each item that it concerns; the first that breaks it is quoted. */
export function forEach<Item>(
  items: readonly Item[],
  elementOf: (item: Item) => XmlElement | null,
  test: (item: Item) => Judgement,
): Finding {
  let first: Finding | null = null;
  let failed = 0;
  let unclear: Finding | null = null;
  let passed: Finding | null = null;
  for (const item of items) {
    const judged = test(item);
    if (!judged) continue;
    const verdict = judged.ok === 'unclear' ? 'unclear' : judged.ok ? 'pass' : 'fail';
    const at = placeOfItem(judged.terms, elementOf(item));
    const finding: Finding = { verdict, found: quoted(judged.terms), at };
    if (judged.reason !== undefined) finding.reason = judged.reason;
    if (verdict === 'fail') {
      failed++;
      first ??= finding;
    } else if (verdict === 'unclear') unclear ??= finding;
    else passed ??= finding;
  }
  if (first) return failed > 1 ? { ...first, reason: `${failed} places break it.` } : first;
  return unclear ?? passed ?? NOT_APPLICABLE;
}

/** A rule on the whole invoice. */
export const whole = (judged: Judgement): Finding =>
  forEach(
    [judged],
    () => null,
    (item) => item,
  );

/** A rule that each item of a group names a term. */
export const requires = <Item extends { element: XmlElement }>(
  items: readonly Item[],
  term: (item: Item) => Term | null,
): Finding =>
  forEach(
    items,
    (item) => item.element,
    (item) => judge(says(term(item)), term(item)),
  );
