/** Prints what share of the structured identifiers in the presidio_research sentences is masked. No figure decides it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findIdentifiers } from '../../src/core/identifiers.ts';

const FILE = join(
  process.env['FLOTILLA_DATA'] ?? '../shared/data',
  'presidio_research/sentences.jsonl',
);
const TYPES: Record<string, string> = {
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  IBAN_CODE: 'IBAN',
  CREDIT_CARD: 'CARD',
  IP_ADDRESS: 'IP',
};

interface Sentence {
  template_id: number;
  text: string;
  spans: { type: string; start: number; end: number; text: string }[];
}

function figures(sentences: Sentence[]) {
  const table: Record<
    string,
    { spans: number; masked: number; rightType: number; missed: string[] }
  > = {};
  const falseAlarms: string[] = [];
  for (const { text, spans } of sentences) {
    const found = findIdentifiers(text);
    for (const span of spans) {
      const type = TYPES[span.type];
      if (!type) continue;
      const row = (table[type] ??= { spans: 0, masked: 0, rightType: 0, missed: [] });
      row.spans++;
      const cover = found.filter((one) => one.start <= span.start && one.end >= span.end);
      if (cover.length === 0) row.missed.push(span.text);
      else row.masked++;
      if (cover.some((one) => one.type === type)) row.rightType++;
    }
    for (const one of found) {
      const meets = spans.some(
        (span) => TYPES[span.type] && span.start < one.end && one.start < span.end,
      );
      if (!meets) falseAlarms.push(`${one.type} ${text.slice(one.start, one.end)}`);
    }
  }
  return { table, falseAlarms };
}

describe.skipIf(!existsSync(FILE))('recall on presidio_research', () => {
  const all = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Sentence)
    : [];
  // The rules were written while looking at sentences of even templates only; the odd ones are the honest figure.
  for (const [name, parity] of [
    ['even templates (seen)', 0],
    ['odd templates (unseen)', 1],
  ] as const) {
    it(name, () => {
      const part = all.filter((sentence) => sentence.template_id % 2 === parity);
      const { table, falseAlarms } = figures(part);
      console.log(`mask recall, ${name}, ${part.length} sentences`);
      for (const [type, row] of Object.entries(table)) {
        console.log(
          `  ${type}: ${row.masked} of ${row.spans} masked (${((100 * row.masked) / row.spans).toFixed(1)} %), ${row.rightType} with the right type`,
        );
        if (process.env['SHOW_MISSES'] !== undefined)
          console.log(`    missed: ${row.missed.join(' | ')}`);
      }
      console.log(`  masked outside such a span: ${falseAlarms.length}`);
      if (process.env['SHOW_MISSES'] !== undefined) console.log(`    ${falseAlarms.join(' | ')}`);
      expect(part.length).toBeGreaterThan(0);
    });
  }
});
