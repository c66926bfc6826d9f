/** The four learned fields of a receipt: seller, address, date, total. */
import { decimalOf } from './amounts.ts';
import { amountCandidates, dateCandidates, type Candidate } from './candidates.ts';
import { choose, type Choice } from './choose.ts';
import type { Context } from './context.ts';
import type { Cell } from './layout.ts';
import {
  addressPart,
  bestRun,
  fold,
  isNoAddress,
  lineFeatures,
  nameCandidates,
  namePart,
  wordyCells,
} from './names.ts';
import { scoreOf, type Scorer } from './trees.ts';

/** Names and addresses are looked for among this many cells with words, from the top. */
export const NAME_REACH = 30;

export type ScorerOf = (field: string) => Scorer;

/** Upper-case letters and digits: two readings of a name that agree in these are the same name. */
export const lettersOf = (text: string): string =>
  text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

export function chooseReceipt(
  context: Context,
  scorerOf: ScorerOf,
): Record<'company' | 'address' | 'date' | 'total', Choice | null> {
  const company = choose(nameCandidates(context, NAME_REACH), scorerOf('company'), lettersOf);
  return {
    company: company && wholeName(context, company),
    address: chooseAddress(context, scorerOf('address')),
    date: choose(dateCandidates(context), scorerOf('date')),
    total: choose(amountCandidates(context, decimalOf), scorerOf('total')),
  };
}

const LEGAL_WORDS = new Set(
  'CO COMPANY SDN BHD BND LTD LIMITED M S B SB PTE GMBH KG AG INC LLC PLC ENTERPRISE TRADING'.split(
    ' ',
  ),
);

/** Only the legal form of a company, or the part of a name in brackets and its legal form. */
const isFormOnly = (text: string): boolean => {
  const words =
    text
      .toUpperCase()
      .replace(/^\([A-Z ]{2,20}\) /, '')
      .match(/[A-Z]+/g) ?? [];
  return words.length > 0 && words.length <= 5 && words.every((word) => LEGAL_WORDS.has(word));
};

/** A name that goes on over two lines: the legal form stands alone, or the line before ends in an “&”. */
function wholeName(context: Context, choice: Choice): Choice {
  const { candidate } = choice;
  const [only] = candidate.cells;
  if (!only || candidate.cells.length > 1) return choice;
  const cells = wordyCells(context);
  const at = cells.indexOf(only);
  const [before, after] = [cells[at - 1], cells[at + 1]];
  const isName = (cell: Cell | undefined): cell is Cell =>
    cell !== undefined &&
    Math.abs(cell.row - only.row) <= 1 &&
    !/\d/.test(cell.text) &&
    cell.text.length < 40;
  if (isName(before) && (isFormOnly(candidate.value) || /&$/.test(before.text)))
    return joined(
      choice,
      [before, only],
      before.start,
      candidate.end,
      `${before.text} ${candidate.value}`,
    );
  const rest = after?.text.slice(0, namePart(after.text)[1]) ?? '';
  const named = (candidate.value.toUpperCase().match(/[A-Z]+/g) ?? []).some((word) =>
    LEGAL_WORDS.has(word),
  );
  if (
    after &&
    after.row - only.row <= 1 &&
    !named &&
    isFormOnly(rest) &&
    /BHD|BND|LTD|LIMITED|GMBH|INC/i.test(rest)
  )
    return joined(
      choice,
      [only, after],
      candidate.start,
      after.start + rest.length,
      `${candidate.value} ${rest}`,
    );
  return choice;
}

const joined = (
  choice: Choice,
  cells: Cell[],
  start: number,
  end: number,
  text: string,
): Choice => ({
  ...choice,
  candidate: { ...choice.candidate, cells, start, end, value: fold(text) },
});

/** The run of lines that reads most like an address. */
export function chooseAddress(context: Context, scorer: Scorer): Choice | null {
  const cells = wordyCells(context).slice(0, NAME_REACH);
  const scores = cells.map((cell, i) =>
    isNoAddress(cell.text) ? -12 : scoreOf(scorer, lineFeatures(context, cells, i)),
  );
  const run = bestRun(scores);
  if (!run) return null;
  const chosen = cells.slice(run.from, run.to);
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (!first || !last) return null;
  const parts = chosen.map((cell) => cell.text.slice(...addressPart(cell.text)));
  const [, lastEnd] = addressPart(last.text);
  const candidate: Candidate = {
    value: fold(parts.join(' ')),
    start: first.start + addressPart(first.text)[0],
    end: last.start + lastEnd,
    cells: chosen,
    features: [],
    problems: [],
  };
  const inside = scores.slice(run.from, run.to);
  const outside = [...scores.slice(0, run.from), ...scores.slice(run.to)];
  const next = [scores[run.from - 1] ?? -8, scores[run.to] ?? -8];
  const evidence = [
    Math.min(...inside),
    -Math.max(-12, ...outside),
    -Math.max(...next),
    inside[0] ?? 0,
    inside.at(-1) ?? 0,
    chosen.length,
    /\b\d{4,6}\b/.test(candidate.value) ? 1 : 0,
    Math.min(candidate.value.length, 150) / 50,
  ];
  return { candidate, score: Math.min(...inside), rivals: [], evidence };
}
