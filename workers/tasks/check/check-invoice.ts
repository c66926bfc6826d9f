/** An e-invoice held against the business rules of EN 16931. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { CheckOutput, ClauseResult } from '../../../src/core/outputs.ts';
import type { Finding, Work, WorkPorts } from '../../../src/core/work.ts';
import { readInvoice } from '../../einvoice/read-invoice.ts';
import { parseCodeLists, type CodeLists } from './en16931/code-lists.ts';
import { judgeInvoice, type JudgedClause } from './en16931/rules.ts';

const FILE = 'code-lists.json';
let kept: { bytes: Uint8Array; lists: CodeLists } | null = null;

async function codeLists(ports: WorkPorts): Promise<Result<CodeLists>> {
  const file = await ports.file(FILE);
  if (!file.ok) return file;
  if (kept?.bytes === file.value) return ok(kept.lists);
  const lists = parseCodeLists(file.value);
  if (lists.ok) kept = { bytes: file.value, lists: lists.value };
  return lists;
}

/** What is broken comes first, then what cannot be told; within that the order of the standard. */
function rank({ verdict, severity }: JudgedClause): number {
  if (verdict === 'fail') return severity === 'fatal' ? 0 : 2;
  if (verdict === 'unclear') return 1;
  return verdict === 'pass' ? 3 : 4;
}

function finding(judged: JudgedClause[]): Finding<CheckOutput> {
  const broken = judged.some((clause) => rank(clause) === 0);
  const unclear = judged.filter((clause) => clause.verdict === 'unclear');
  const clauses = [...judged]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ severity: _, ...clause }): ClauseResult => clause);
  const doubts = unclear.map(
    ({ id, found }) => `${id} cannot be decided: ${found ?? 'see the rule'}.`,
  );
  return {
    output: { verdict: broken ? 'fail' : unclear.length > 0 ? 'incomplete' : 'pass', clauses },
    basis: 'exact',
    confidence: 1,
    tier: 'rules',
    attempts: [],
    doubts,
  };
}

/** Fails with empty_input, unsupported_input, file_broken, input_too_long, and as `ports.file` does. */
export async function checkInvoice(
  { document }: Work,
  ports: WorkPorts,
): Promise<Result<Finding<CheckOutput>>> {
  const xml = document.invoiceXml ?? document.text;
  if (!/^[\s\uFEFF]*</.test(xml))
    return fail(
      'unsupported_input',
      'This is no e-invoice: drop the XML of an invoice (UBL or CII), or a PDF that carries it.',
    );
  const invoice = readInvoice(xml);
  if (!invoice.ok) return invoice;
  const lists = await codeLists(ports);
  if (!lists.ok) return lists;
  return ok(finding(judgeInvoice(invoice.value, lists.value, xml === document.text)));
}
