/**
 * The recipe of the specialist `invoices`: trains the scorers on invented invoices, calibrates on those of the fold that each
 * scorer did not see, and writes model.json and manifest.json. `tsx models/extract/invoices.ts` (FLOTILLA_PYTHON).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contextOf } from '../../workers/tasks/extract/context.ts';
import { chooseInvoice } from '../../workers/tasks/extract/invoice-fields.ts';
import { evidenceOf, extractInvoice, REQUIRED } from '../../workers/tasks/extract/invoices.ts';
import { wholeEvidence } from '../../workers/tasks/extract/receipts.ts';
import { type LinearCalibration, type Scorer } from '../../workers/tasks/extract/trees.ts';
import { lettersOf } from './documents.ts';
import { rowsOfInvoice, synthetic, type Synthetic } from './invoice-rows.ts';
import { calibrateCrossed, share, type EvidenceRow } from './judge.ts';
import { readScorers, trainScorers, type TrainingRow } from './rows.ts';
import { writeSpecialist } from './write-specialist.ts';

const BUILD =
  process.env['FLOTILLA_BUILD'] ?? join(import.meta.dirname, '../build/extract/invoices');
/** Invoices that are trained on; each is calibrated on by scorers that did not see it. */
const COUNT = 480;
const SCORERS = ['net', 'tax', 'gross', 'issue', 'due', 'number', 'seller', 'buyer', 'address'];

function train(): void {
  const rows: Record<string, TrainingRow[]> = {};
  for (let i = 0; i < COUNT; i++)
    for (const [field, some] of Object.entries(rowsOfInvoice(synthetic(i), i)))
      (rows[field] ??= []).push(...some);
  trainScorers(BUILD, rows, { iterations: 60, leaves: 10 });
}

const sameAs = (name: string, value: unknown, wanted: string | null): boolean =>
  name.endsWith('_name') ? lettersOf(String(value ?? '')) === lettersOf(wanted) : value === wanted;

/** The seller's street and town, with or without the country. */
function isSellersAddress(value: string, { facts }: Synthetic): boolean {
  const { street, town, country } = facts.seller.address;
  return [street + town, street + town + country].map(lettersOf).includes(lettersOf(value));
}

/** Evidence and judgement of every calibrated field of one invoice. */
function judged(
  invoice: Synthetic,
  scorers: ReadonlyMap<string, Scorer>,
): Record<string, EvidenceRow> {
  const { fold, truth, document, facts } = invoice;
  const scorerOf = (field: string): Scorer => scorers.get(`${field}.${fold}`) as Scorer;
  const evidence = evidenceOf(chooseInvoice(contextOf(document), scorerOf));
  const out: Record<string, EvidenceRow> = {};
  for (const [name, found] of Object.entries(evidence)) {
    if (!found) continue;
    const { value } = found.choice.candidate;
    const right =
      name === 'seller_address'
        ? isSellersAddress(value, invoice)
        : sameAs(name, value, truth[name] ?? null);
    out[name] = { evidence: found.evidence, right, fold };
  }
  const model = {
    scorers: Object.fromEntries(SCORERS.map((field) => [field, scorerOf(field)])),
    calibrations: {},
  };
  const { fields } = extractInvoice(document, model);
  for (const name of ['iban', 'seller_vat_id', 'currency'] as const) {
    const field = fields[name];
    if (!field || field.value === null) continue;
    const two = field.problems.some((problem) => problem.includes('several')) ? 1 : 0;
    const wrong = field.problems.some((problem) =>
      problem.includes(name === 'currency' ? 'No currency' : 'check digits'),
    )
      ? 1
      : 0;
    out[name] = {
      evidence: name === 'currency' ? [wrong, two] : [two, wrong],
      right: field.value === truth[name],
      fold,
    };
  }
  const lines = fields['lines']?.value;
  if (Array.isArray(lines))
    out['lines'] = {
      evidence: [1],
      right: lines.length === facts.lines.length && (fields['lines']?.valid ?? false),
      fold,
    };
  return out;
}

function main(): void {
  if (!existsSync(join(BUILD, 'address.scorers.json')) || process.argv.includes('--train')) train();
  const scorers = readScorers(BUILD, SCORERS);
  const invoices = Array.from({ length: COUNT }, (_, i) => synthetic(i));
  const all = invoices.map((invoice) => judged(invoice, scorers));
  const calibrations: Record<string, LinearCalibration> = {};
  const confidences = all.map((): Record<string, number> => ({}));
  for (const name of [...new Set(all.flatMap((row) => Object.keys(row)))]) {
    const kept = all
      .map((row, i) => ({ row: row[name], i }))
      .filter(({ row }) => row !== undefined);
    const crossed = calibrateCrossed(kept.map(({ row }) => row as EvidenceRow));
    calibrations[name] = crossed.calibration;
    crossed.judged.forEach(
      ({ confidence }, k) =>
        ((confidences[kept[k]?.i ?? 0] as Record<string, number>)[name] = confidence),
    );
    console.log(
      `${name}: found and right ${share(crossed.judged.filter(({ right }) => right).length, kept.length)} of those found`,
    );
  }
  const whole = all.map((row, i): EvidenceRow => ({
    evidence: wholeEvidence(REQUIRED.map((name) => confidences[i]?.[name] ?? 0)),
    right: REQUIRED.every((name) => row[name]?.right ?? false),
    fold: invoices[i]?.fold ?? 0,
  }));
  const crossed = calibrateCrossed(whole);
  calibrations['all'] = crossed.calibration;
  console.log(`all required: ${share(crossed.judged.filter(({ right }) => right).length, COUNT)}`);
  const shipped = Object.fromEntries(
    SCORERS.map((field) => [field, scorers.get(`${field}.all`) as Scorer]),
  );
  const noCertificateReason =
    'Text without XML: its confidence comes from invented invoices, and no promise is made on those. XML is exact and needs none.';
  writeSpecialist('invoices', JSON.stringify({ scorers: shipped, calibrations }), {
    certificates: [],
    noCertificateReason,
    fieldCertificates: {},
  });
}

main();
