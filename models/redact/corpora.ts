/**
 * The rows of the three public sets as text with spans, and the one split that training and evaluation share.
 * Held out: a quarter of the presidio_research templates (the same template in two files counts once); whole document
 * types and a quarter of the other templates of pii_anon_eval; the published validation parts of BTC and WNUT17.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_DIR } from '../heads/corpora.ts';

/** `type` as the set names it. */
export interface GoldSpan {
  start: number;
  end: number;
  type: string;
}

export interface GoldRow {
  set: 'presidio' | 'pii' | 'btc' | 'wnut' | 'sec';
  text: string;
  spans: GoldSpan[];
  /** `train`: the tagger learns from it; `tune`: thresholds and confidence; `test`: looked at once, for the report. */
  part: 'train' | 'tune' | 'test';
  /** What rows made from one pattern share: they are never on both sides. */
  template: string;
  language: string;
}

const HELD_OUT_DOCUMENTS = new Set([
  'deposition_transcript',
  'legal_memo',
  'witness_statement',
  'nursing_note',
  'radiology_report',
  'referral_letter',
  'pathology_report',
  'paired_profile_real',
]);
const PII_FILES = ['adversarial', 'clinical', 'legal', 'technology'] as const;

const linesOf = (path: string): unknown[] =>
  readFileSync(join(DATA_DIR, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** A quarter of the keys is held out, or all where `always`; half of these for tuning, half for the test. */
function partOf(key: string, always = false): GoldRow['part'] {
  const [first = 0, second = 0] = createHash('sha256').update(key, 'utf8').digest();
  if (!always && first % 4 !== 0) return 'train';
  return second % 2 === 0 ? 'tune' : 'test';
}

interface RawRow {
  source: string;
  template_id: number;
  masked: string;
  text: string;
  language: string;
  document_type: string | null;
  adversarial_type: string | null;
  spans: GoldSpan[];
}

export function presidio(): GoldRow[] {
  const rows = linesOf('presidio_research/sentences.jsonl') as RawRow[];
  const templates = new Map<string, string>();
  for (const { source, template_id, masked } of rows) {
    const id = `${source} ${template_id}`;
    if (!templates.has(id))
      templates.set(
        id,
        masked
          .replace(/\{\{.*?\}\}/g, '{}')
          .toLowerCase()
          .replace(/\W+/g, ' ')
          .trim(),
      );
  }
  return rows.map(({ source, template_id, text, spans }) => {
    const template = templates.get(`${source} ${template_id}`) ?? '';
    return { set: 'presidio', text, spans, template, part: partOf(template), language: 'en' };
  });
}

/** The row without its values: what is left of the pattern it was made from. */
function skeleton({ text, spans }: RawRow): string {
  let at = 0;
  let left = '';
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    left += `${text.slice(at, start)}{}`;
    at = end;
  }
  return (left + text.slice(at)).replace(/\d+/g, '0').slice(0, 48);
}

export function pii(): GoldRow[] {
  return PII_FILES.flatMap((file) =>
    (linesOf(`pii_anon_eval/${file}.jsonl`) as RawRow[]).map((row): GoldRow => {
      const template = `${file} ${row.document_type ?? row.adversarial_type ?? ''} ${skeleton(row)}`;
      const isHeldOut = HELD_OUT_DOCUMENTS.has(row.document_type ?? '');
      const part = partOf(isHeldOut ? (row.document_type ?? '') : template, isHeldOut);
      const { text, spans, language } = row;
      return { set: 'pii', text, spans, template, part, language };
    }),
  );
}

const NER_FILES = [
  ['btc', 'btc_train', false],
  ['btc', 'btc_val', true],
  ['wnut', 'wnut17_train', false],
  ['wnut', 'wnut17_val', true],
  ['sec', 'sec_filings_train', false],
] as const;
const NER_TYPES: Record<string, string> = {
  PER: 'PERSON',
  person: 'PERSON',
  ORG: 'ORGANIZATION',
  corporation: 'ORGANIZATION',
  group: 'ORGANIZATION',
  LOC: 'LOCATION',
  location: 'LOCATION',
};
const NO_BLANK_BEFORE = /^(?:[.,!?;:)\]'’%]|n't$)/;
const NO_BLANK_AFTER = /^[@#($[]$/;

/** Tokens joined into running text; a handle (`@` and a name) has the type HANDLE. */
export function ner(): GoldRow[] {
  return NER_FILES.flatMap(([set, file, heldOut]) =>
    (linesOf(`ner_conll/${file}.jsonl`) as { tokens: string[]; tags: string[] }[]).map(
      (row, index): GoldRow => ({
        set,
        ...joined(row.tokens, row.tags),
        part: !heldOut ? 'train' : index % 2 === 0 ? 'tune' : 'test',
        template: '',
        language: 'en',
      }),
    ),
  );
}

function joined(tokens: string[], tags: string[]): { text: string; spans: GoldSpan[] } {
  let text = '';
  const spans: GoldSpan[] = [];
  let open = null as GoldSpan | null;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const isTight =
      NO_BLANK_BEFORE.test(token) || (before !== undefined && NO_BLANK_AFTER.test(before));
    if (index > 0 && !isTight) text += ' ';
    const [mark = 'O', kind = ''] = (tags[index] ?? 'O').split(/-(.*)/);
    const isHandle = token === '@' || before === '@';
    const type = NER_TYPES[kind];
    const goes = mark === 'I' && open?.type === type && !isHandle;
    if (!goes) open = null;
    if (type !== undefined && !goes) {
      if (isHandle && before === '@' && spans.at(-1)?.type === 'HANDLE')
        open = spans.at(-1) ?? null;
      else spans.push((open = { start: text.length, end: 0, type: isHandle ? 'HANDLE' : type }));
    }
    text += token;
    if (open) open.end = text.length;
    if (isHandle && before === '@') open = null;
  }
  return { text, spans };
}
