/** Which candidates of a synthetic invoice are right: labels for the scorers. */
import type { ReadDocument } from '../../src/core/document.ts';
import { decimalOf } from '../../workers/tasks/extract/amounts.ts';
import {
  amountCandidates,
  dateCandidates,
  numberCandidates,
  type Candidate,
} from '../../workers/tasks/extract/candidates.ts';
import { blockFeatures } from '../../workers/tasks/extract/blocks.ts';
import { contextOf } from '../../workers/tasks/extract/context.ts';
import { PARTY_REACH } from '../../workers/tasks/extract/invoice-fields.ts';
import { lineFeatures, nameCandidates, wordyCells } from '../../workers/tasks/extract/names.ts';
import { lettersOf } from './documents.ts';
import { Dice, LANGUAGES } from './invented.ts';
import { inventFacts, truthOf, type Facts } from './invoice-facts.ts';
import { drawInvoice } from './invoice-layout.ts';
import type { TrainingRow } from './rows.ts';

export interface Synthetic {
  facts: Facts;
  document: ReadDocument;
  truth: Record<string, string | null>;
  fold: number;
}

/** Invoice number `index` of the generator; every third is plain text. */
export function synthetic(index: number): Synthetic {
  const dice = new Dice(7_919 * (index + 1));
  const facts = inventFacts(dice, LANGUAGES[index % LANGUAGES.length] ?? 'de');
  const sheet = drawInvoice(dice, facts);
  const document = index % 3 === 2 ? sheet.plain(facts.language) : sheet.document(facts.language);
  return { facts, document, truth: truthOf(facts), fold: index % 5 };
}

/** Wrong names and lines that are kept, of ten. */
const KEPT_WRONG = 4;

export function rowsOfInvoice(
  { facts, document, truth, fold }: Synthetic,
  index: number,
): Record<string, TrainingRow[]> {
  const context = contextOf(document);
  const dice = new Dice(index);
  const row = (features: readonly number[], right: boolean, weight = 1): TrainingRow => ({
    features,
    label: right ? 1 : 0,
    fold,
    weight,
  });
  const byValue = (
    candidates: readonly Candidate[],
    value: string | null | undefined,
  ): TrainingRow[] => candidates.map((c) => row(c.features, c.value === value));
  const sampled = (rows: TrainingRow[]): TrainingRow[] =>
    rows.filter(({ label }) => label === 1 || dice.chance(KEPT_WRONG / 10));
  const more = blockFeatures(context);
  const amounts = amountCandidates(context, decimalOf);
  const dates = dateCandidates(context);
  const names = nameCandidates(context, PARTY_REACH, more);
  const called = (name: string | null | undefined): TrainingRow[] =>
    sampled(names.map((c) => row(c.features, lettersOf(c.value) === lettersOf(name ?? ''))));
  const cells = wordyCells(context).slice(0, PARTY_REACH);
  const address = new Set(
    [facts.seller.address.street, facts.seller.address.town, facts.seller.address.country].map(
      lettersOf,
    ),
  );
  const lines = cells.map((cell, i) =>
    row(
      [...lineFeatures(context, cells, i), ...more(cell)],
      address.has(lettersOf(cell.text)) && !isCountryOfBuyer(cell.text, facts, i, cells.length),
    ),
  );
  return {
    net: byValue(amounts, truth['total_net']),
    tax: byValue(amounts, truth['total_tax']),
    gross: byValue(amounts, truth['total_gross']),
    issue: byValue(dates, truth['issue_date']),
    due: byValue(dates, truth['due_date']),
    number: sampled(byValue(numberCandidates(context), truth['invoice_number'])),
    seller: called(truth['seller_name']),
    buyer: called(truth['buyer_name']),
    address: sampled(lines),
  };
}

/** Both parties live in one country: of two lines with its name the second is the buyer's. */
const isCountryOfBuyer = (text: string, facts: Facts, index: number, total: number): boolean =>
  lettersOf(text) === lettersOf(facts.seller.address.country) && index > total / 4;
