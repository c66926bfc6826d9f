/**
 * The recipe of the specialist `receipts`: trains the scorers on 75 % of the companies of SROIE, five folds by company for
 * the calibration, and writes model.json and manifest.json. `tsx models/extract/receipts.ts` (FLOTILLA_PYTHON, FLOTILLA_DATA).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contextOf } from '../../workers/tasks/extract/context.ts';
import { chooseReceipt } from '../../workers/tasks/extract/receipt-fields.ts';
import { wholeEvidence } from '../../workers/tasks/extract/receipts.ts';
import {
  confidenceOf,
  type LinearCalibration,
  type Scorer,
} from '../../workers/tasks/extract/trees.ts';
import {
  documentOfLines,
  documentOfRows,
  foldOf,
  isFinal,
  lettersOf,
  partOf,
  readReceipts,
  type Receipt,
} from './documents.ts';
import { calibrateCrossed, certificatesOf, share, type EvidenceRow, type Judged } from './judge.ts';
import { goldOf, rowsOfReceipt } from './receipt-rows.ts';
import { readScorers, trainScorers, type TrainingRow } from './rows.ts';
import { writeSpecialist } from './write-specialist.ts';

const BUILD =
  process.env['FLOTILLA_BUILD'] ?? join(import.meta.dirname, '../build/extract/receipts');
const FIELDS = ['total', 'date', 'company', 'address'] as const;
type Field = (typeof FIELDS)[number];

const receipts = readReceipts().filter((receipt) => !isFinal(receipt));

/** Many receipts come from a few companies: each company weighs as the root of its number. */
function train(): void {
  const sizes = new Map<string, number>();
  for (const { fields } of receipts)
    sizes.set(lettersOf(fields.company), (sizes.get(lettersOf(fields.company)) ?? 0) + 1);
  const rows: Record<Field, TrainingRow[]> = { total: [], date: [], company: [], address: [] };
  receipts.forEach((receipt, i) => {
    const weight = 1 / Math.sqrt(sizes.get(lettersOf(receipt.fields.company)) ?? 1);
    const documents = [
      documentOfLines(receipt.lines),
      ...(i % 2 ? [] : [documentOfRows(receipt.lines)]),
    ];
    for (const document of documents)
      for (const [field, some] of Object.entries(
        rowsOfReceipt(receipt, document, foldOf(receipt), weight),
      ))
        rows[field as Field].push(...some);
  });
  trainScorers(BUILD, rows);
}

interface Outcome {
  receipt: Receipt;
  evidence: Record<Field, number[] | null>;
  right: Record<Field, boolean>;
}

/** What the scorers that never saw the company choose. */
function outcomes(scorers: ReadonlyMap<string, Scorer>): Outcome[] {
  return receipts.map((receipt) => {
    const gold = goldOf(receipt);
    const choices = chooseReceipt(
      contextOf(documentOfLines(receipt.lines)),
      (field) => scorers.get(`${field}.${foldOf(receipt)}`) as Scorer,
    );
    const right = Object.fromEntries(
      FIELDS.map((field) => {
        const value = choices[field]?.candidate.value ?? '';
        const letters = field === 'company' || field === 'address';
        return [
          field,
          letters ? lettersOf(value) === lettersOf(gold[field]) : value === gold[field],
        ];
      }),
    ) as Record<Field, boolean>;
    const evidence = Object.fromEntries(
      FIELDS.map((field) => [field, choices[field]?.evidence ?? null]),
    ) as Outcome['evidence'];
    return { receipt, evidence, right };
  });
}

/** In the order of RECEIPT_REQUIRED. */
const NEEDED = ['company', 'date', 'total'] as const;

function main(): void {
  if (!existsSync(join(BUILD, 'address.scorers.json')) || process.argv.includes('--train')) train();
  const scorers = readScorers(BUILD, FIELDS);
  const found = outcomes(scorers);
  const half = found.map(({ receipt }) => partOf(receipt) % 2 === 0);
  const calibrations: Record<string, LinearCalibration> = {};
  const fieldCertificates: Record<string, ReturnType<typeof certificatesOf>['certificates']> = {};
  const crossed: Record<string, Map<Outcome, number>> = {};
  const names = {
    total: 'total_gross',
    date: 'issue_date',
    company: 'seller_name',
    address: 'seller_address',
  };
  for (const field of FIELDS) {
    const kept = found.filter(({ evidence }) => evidence[field] !== null);
    const rows = kept.map(({ evidence, right, receipt }): EvidenceRow => ({
      evidence: evidence[field] as number[],
      right: right[field],
      fold: foldOf(receipt),
    }));
    const { judged, calibration } = calibrateCrossed(rows);
    calibrations[field] = calibration;
    crossed[field] = new Map(kept.map((outcome, i) => [outcome, judged[i]?.confidence ?? 0]));
    const { certificates } = certificatesOf(
      judged,
      half.filter((_, i) => found[i]?.evidence[field] !== null),
    );
    fieldCertificates[names[field]] = certificates;
    print(field, judged, found.length);
  }
  const whole = found.map((outcome): EvidenceRow => ({
    evidence: wholeEvidence(NEEDED.map((field) => crossed[field]?.get(outcome) ?? 0)),
    right: NEEDED.every((field) => outcome.right[field]),
    fold: foldOf(outcome.receipt),
  }));
  const { judged, calibration } = calibrateCrossed(whole);
  calibrations['all'] = calibration;
  print('all required', judged, found.length);
  const { certificates, reason } = certificatesOf(judged, half);
  const shipped = Object.fromEntries(
    FIELDS.map((field) => [field, scorers.get(`${field}.all`) as Scorer]),
  );
  const text = JSON.stringify({ scorers: shipped, calibrations });
  writeSpecialist('receipts', text, {
    certificates,
    noCertificateReason: certificates.length > 0 ? null : reason,
    fieldCertificates,
  });
  console.log(
    `model.json: ${text.length} characters; confidence of nothing: ${confidenceOf(calibration, wholeEvidence([0, 0, 0])).toFixed(3)}`,
  );
}

function print(name: string, judged: readonly Judged[], n: number): void {
  const sorted = [...judged].sort((a, b) => b.confidence - a.confidence);
  const seventy = sorted.slice(0, Math.round(0.7 * n));
  console.log(
    `${name}: ${share(judged.filter(({ right }) => right).length, n)}; at 70 % accepted right ${share(seventy.filter(({ right }) => right).length, seventy.length)}`,
  );
}

main();
