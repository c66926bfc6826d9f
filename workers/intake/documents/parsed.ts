/** What every reader of a kind gives back, and what it may ask for. */
import type { DocumentKind, EmailParts, ReadDocument } from '../../../src/core/document.ts';
import { fail, type Result } from '../../../src/core/failure.ts';
import type { Composed } from './compose.ts';
import { plainLines } from './compose.ts';

/** A document before its language, its name and its size are known. */
export type Parsed = Pick<
  ReadDocument,
  'kind' | 'text' | 'lines' | 'pages' | 'invoiceXml' | 'email' | 'notices'
>;

/** What a reader is given besides the file. */
export interface Reading {
  /** Aborts when the caller lost interest. */
  signal: AbortSignal;
  onProgress(stage: string, done: number, total: number): void;
}

/** Most characters of one document's text; a longer one is refused, because every later step would choke on it. */
export const MAX_TEXT_UNITS = 10_000_000;
export const MAX_LINES = 300_000;

export const cancelled = (): Result<never> => fail('cancelled', 'Reading was cancelled.');

/** A document of text without layout. */
export function parsedText(
  kind: DocumentKind,
  text: string,
  notices: string[] = [],
  more: { invoiceXml?: string | null; email?: EmailParts | null } = {},
): Parsed {
  return {
    kind,
    text,
    lines: plainLines(text),
    pages: [],
    invoiceXml: more.invoiceXml ?? null,
    email: more.email ?? null,
    notices,
  };
}

export function parsedPages(
  kind: DocumentKind,
  composed: Composed,
  notices: string[],
  invoiceXml: string | null,
): Parsed {
  return { kind, ...composed, invoiceXml, email: null, notices };
}
