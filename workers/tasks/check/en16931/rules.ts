/** All business rules that are implemented, and an invoice held against them. */
import type { ClauseResult } from '../../../../src/core/outputs.ts';
import type { Invoice } from '../../../einvoice/invoice.ts';
import type { CodeLists } from './code-lists.ts';
import { codeRules } from './codes.ts';
import { conditionRules } from './conditions.ts';
import { decimalRules } from './decimals.ts';
import { furtherRules } from './further.ts';
import { mandatoryRules } from './mandatory.ts';
import { NOT_APPLICABLE, type Rule } from './rule.ts';
import { absentRules } from './ubl-absent.ts';
import { structureRules } from './ubl-structure.ts';
import { typeRules } from './ubl-types.ts';
import { specialVatRules } from './vat-special.ts';
import { vatRules } from './vat.ts';

const ALL: readonly Rule[] = [
  ...mandatoryRules,
  ...furtherRules,
  ...conditionRules,
  ...vatRules,
  ...specialVatRules,
  ...decimalRules,
  ...codeRules,
  ...structureRules,
  ...typeRules,
  ...absentRules,
];

/** Families in the order of the standard, then by number. */
const FAMILIES = [
  'BR-',
  'BR-CO-',
  'BR-S-',
  'BR-Z-',
  'BR-E-',
  'BR-AE-',
  'BR-IC-',
  'BR-G-',
  'BR-O-',
  'BR-AF-',
  'BR-AG-',
  'BR-B-',
  'BR-DEC-',
  'BR-CL-',
  'UBL-SR-',
  'UBL-DT-',
  'UBL-CR-',
];
export const familyOf = (id: string): string => id.replace(/\d+$/, '');

const place = ({ id }: Rule) => FAMILIES.indexOf(familyOf(id));
export const RULES: readonly Rule[] = [...ALL].sort(
  (a, b) => place(a) - place(b) || a.id.localeCompare(b.id),
);

/** The id of every rule that is implemented, in the order of the answer. */
export const implementedRules = (): string[] => RULES.map((rule) => rule.id);

export interface JudgedClause extends ClauseResult {
  severity: Rule['severity'];
}

/** Every rule once. `offset` is null where the answer's text is not the XML: then there is no evidence to point at. */
export function judgeInvoice(
  invoice: Invoice,
  lists: CodeLists,
  evidence: boolean,
): JudgedClause[] {
  return RULES.map((rule) => {
    const concerns = rule.syntax !== 'ubl' || invoice.syntax !== 'cii';
    const { verdict, found, at, reason } = concerns ? rule.check(invoice, lists) : NOT_APPLICABLE;
    const warned = verdict === 'fail' && rule.severity === 'warning';
    const why = [warned ? 'Only a warning.' : null, reason].filter(Boolean).join(' ');
    return {
      id: rule.id,
      requirement: rule.requirement,
      found,
      verdict,
      evidence: evidence && at ? at : null,
      severity: rule.severity,
      ...(why ? { reason: why } : {}),
    };
  });
}
