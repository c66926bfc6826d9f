/** The outputs of the tasks, as the contract names them. `classify` and `chat` stand in answer.ts. */
import type { Box } from './document.ts';

/** UTF-16 offsets into the text that was given or read, end exclusive. */
export type Span = [start: number, end: number];

/** One field of a document. */
export interface ExtractedField {
  /** Text, number, list or object; null where the document does not name it. Money and dates are strings, see `extract`. */
  value: unknown;
  /** Calibrated P(value is right), 0..1; 0 where it was never measured. */
  confidence: number;
  /** Where it stands; null where it was worked out or is not in the text. */
  span: Span | null;
  page?: number;
  box?: Box;
  valid: boolean;
  /** Plain sentences: what a validator found wrong, or why a person should look. */
  problems: string[];
}

/** Dates are ISO 8601, currencies ISO 4217, amounts decimal strings with a point (`-12.50`). */
export interface ExtractOutput {
  fields: Record<string, ExtractedField>;
}

export interface InvoiceLine {
  name: string;
  quantity: string | null;
  unit_price: string | null;
  total: string | null;
  tax_percent: string | null;
}

export interface SummaryPoint {
  text: string;
  /** Kind of section: `issue`, `resolution`, `actions`, `decisions`, `subjective`, … */
  section?: string;
  evidence: { start: number; end: number }[];
}

export interface SummarizeOutput {
  summary: string;
  points: SummaryPoint[];
}

export interface DraftOutput {
  reply: string;
  sources: { id: string; score: number; title?: string; text?: string }[];
  /** Placeholders that a person must fill, e.g. `order number`. */
  missing: string[];
}

export interface CodeCandidate {
  code: string;
  description: string;
  confidence: number;
  evidence: { start: number; end: number } | null;
}

export interface CodeOutput {
  codes: CodeCandidate[];
}

export type ClauseVerdict = 'pass' | 'fail' | 'missing' | 'not_applicable' | 'unclear';

export interface ClauseResult {
  id: string;
  /** The clause, quoted. */
  requirement: string;
  /** What was measured or written, quoted; null where nothing was found. */
  found: string | null;
  verdict: ClauseVerdict;
  /** Where the finding stands in the text. */
  evidence: { start: number; end: number } | null;
  /** Why, in one sentence, where it is not plain. */
  reason?: string;
}

export interface CheckOutput {
  verdict: 'pass' | 'fail' | 'incomplete';
  clauses: ClauseResult[];
}

export interface GenerateOutput {
  text: string;
  missing: string[];
}

/** Types of personal data, as the contract names them. */
export const ENTITY_TYPES = [
  'person',
  'organization',
  'location',
  'address',
  'email',
  'phone',
  'url',
  'ip',
  'iban',
  'credit_card',
  'national_id',
  'tax_id',
  'passport',
  'license_plate',
  'bank_account',
  'medical_record',
  'date_of_birth',
  'date',
  'age',
  'username',
  'password',
  'other_id',
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export interface RedactedEntity {
  type: EntityType;
  start: number;
  end: number;
  confidence: number;
  /** What stands for it in the redacted text, e.g. `[PERSON_1]`: the same for the same value. */
  placeholder: string;
}

export interface RedactOutput {
  text: string;
  entities: RedactedEntity[];
}
