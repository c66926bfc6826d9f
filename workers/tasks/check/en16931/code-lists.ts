/** The code lists of the standard, out of the specialist's file `code-lists.json`. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../../src/core/failure.ts';

export const CODE_LISTS = [
  'currency',
  'country',
  'invoice_type',
  'credit_note_type',
  'document_type',
  'tax_point',
  'tax_point_cii',
  'object_scheme',
  'note_subject',
  'icd',
  'item_class',
  'payment_means',
  'vat_category',
  'allowance_reason',
  'charge_reason',
  'vatex',
  'unit',
  'mime',
  'eas',
] as const;
export type CodeListName = (typeof CODE_LISTS)[number];

export interface CodeList {
  codes: ReadonlySet<string>;
  /** Codes of this shape may have been added since: a value like that is `unclear`, not wrong. */
  growing: RegExp | null;
}
export type CodeLists = Record<CodeListName, CodeList>;

const FileSchema = v.object({
  version: v.string(),
  lists: v.record(v.string(), v.array(v.string())),
});

/** Lists that get new members every half year. */
const GROWING: Partial<Record<CodeListName, RegExp>> = {
  icd: /^02(4[1-9]|[5-9]\d)$/,
  eas: /^(02(4[1-9]|[5-9]\d)|99(6\d|[789]\d))$/,
  vatex: /^VATEX-[A-Z]{2}-[A-Z0-9-]{1,30}$/,
};

export function parseCodeLists(bytes: Uint8Array): Result<CodeLists> {
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const read = v.safeParse(FileSchema, json);
  if (!read.success) return fail('file_corrupt', 'The code lists cannot be read.');
  const lists = {} as CodeLists;
  for (const name of CODE_LISTS) {
    const codes = read.output.lists[name];
    if (!codes) return fail('file_corrupt', `The code list "${name}" is missing.`);
    lists[name] = { codes: new Set(codes), growing: GROWING[name] ?? null };
  }
  return ok(lists);
}
