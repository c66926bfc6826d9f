/** A specification of any form held against measurements, a record or a document: one verdict a clause. */
import { fail, ok, type Result } from '../../../../src/core/failure.ts';
import type { CheckOutput, ClauseResult } from '../../../../src/core/outputs.ts';
import type { Finding, Work, WorkPorts } from '../../../../src/core/work.ts';
import type { CheckInput } from '../schema.ts';
import type { Clause } from './clause.ts';
import { contradictionsOf } from './contradictions.ts';
import { measurementsOfText } from './free-text.ts';
import { judgeClause, type Summaries } from './judge.ts';
import { judgeRule, prepareRule, type PreparedRule } from './json-logic.ts';
import { judgeSchema } from './schema-clauses.ts';
import { measurementsOfRows, rowsOfInput, type Measurements } from './measurements.ts';
import { nearestPassages } from './nearest.ts';
import { recordsOf } from './records.ts';
import { readSpecification } from './specification.ts';

type Judged = Result<Finding<CheckOutput>>;
const OPEN = { verdict: 'unclear' as const };

export function verdictOf(clauses: readonly ClauseResult[]): CheckOutput['verdict'] {
  if (clauses.some((clause) => clause.verdict === 'fail')) return 'fail';
  return clauses.some((clause) => clause.verdict === 'missing' || clause.verdict === 'unclear')
    ? 'incomplete'
    : 'pass';
}

/** Nothing was guessed: what no rule decided is a doubt. */
export function findingOf(
  clauses: ClauseResult[],
  doubts: string[],
  tier: Finding<CheckOutput>['tier'],
): Finding<CheckOutput> {
  const count = (verdict: ClauseResult['verdict']) =>
    clauses.filter((clause) => clause.verdict === verdict).length;
  const [unclear, missing] = [count('unclear'), count('missing')];
  const all = [
    ...doubts,
    ...(unclear > 0
      ? [`${unclear} of ${clauses.length} clauses cannot be decided by a rule: a person has to.`]
      : []),
    ...(missing > 0
      ? [`${missing} of ${clauses.length} clauses were not measured or not given.`]
      : []),
  ];
  return {
    output: { verdict: verdictOf(clauses), clauses },
    basis: 'exact',
    confidence: 1,
    tier,
    attempts: [],
    doubts: all,
  };
}

function measurementsFor(
  clauses: readonly Clause[],
  { document, input }: Work,
): Result<Measurements> {
  const given = (input as CheckInput).measurements;
  if (given !== undefined) {
    const rows = rowsOfInput(given);
    if (rows) return ok(measurementsOfRows(rows));
    if (typeof given !== 'string')
      return fail(
        'bad_request',
        'The measurements are no table: send rows with "parameter" and "value", or CSV text.',
      );
  }
  const text = typeof given === 'string' ? given : document.text;
  const rows = given === undefined ? recordsOf(document) : null;
  if (rows) return ok(measurementsOfRows(rowsOfInput(rows) ?? []));
  const parameters = clauses.flatMap(({ demand }) =>
    demand.kind === 'limit' || demand.kind === 'words' ? [demand.parameter] : [],
  );
  const found = measurementsOfText(text, parameters);
  if (typeof given === 'string')
    for (const list of found.values()) for (const one of list) one.at = null;
  return ok(found);
}

/** A rule that no record fails and none leaves open passes; the first that fails is quoted. */
function judgeLogic(
  prepared: PreparedRule,
  records: readonly unknown[],
): Pick<ClauseResult, 'verdict' | 'found'> & { reason?: string } {
  const judged = records.map((record) => judgeRule(prepared, record));
  const row = judged.findIndex(({ verdict }) => verdict === 'fail');
  if (row >= 0) {
    const failures = judged.filter(({ verdict }) => verdict === 'fail').length;
    const reason = `Row ${row + 1}, ${failures} of ${records.length} rows.`;
    return {
      verdict: 'fail',
      found: shown(records[row]),
      ...(records.length > 1 ? { reason } : {}),
    };
  }
  const open = judged.find(({ verdict }) => verdict !== 'pass');
  if (open?.verdict === 'missing') {
    const reason = `Not given: ${open.missing.slice(0, 5).join(', ')}.`;
    return { verdict: 'missing', found: null, reason };
  }
  if (open)
    return { verdict: 'unclear', found: null, reason: 'The rule gives neither true nor false.' };
  if (records.length === 0)
    return { verdict: 'missing', found: null, reason: 'There is no record to judge.' };
  return { verdict: 'pass', found: shown(records[0]) };
}

const shown = (record: unknown): string =>
  ((JSON.stringify(record) as string | undefined) ?? '').slice(0, 160);

async function judgeClauses(
  clauses: readonly Clause[],
  work: Work,
  ports: WorkPorts,
): Promise<Judged> {
  const measured = measurementsFor(clauses, work);
  if (!measured.ok) return measured;
  const { text } = work.document;
  const lower = text.toLowerCase();
  const kept: Summaries = new Map();
  const records = clauses.some((clause) => clause.demand.kind === 'logic') ? recordsFor(work) : [];
  const results = clauses.map((clause): ClauseResult => {
    const { id, requirement, demand } = clause;
    const none = { id, requirement, found: null, evidence: null };
    if (demand.kind === 'open') return { ...none, verdict: 'unclear', reason: demand.reason };
    if (demand.kind !== 'logic')
      return { ...none, ...(judgeClause(clause, measured.value, { text, lower }, kept) ?? OPEN) };
    const prepared = prepareRule(demand.rule);
    return typeof prepared === 'string'
      ? { ...none, verdict: 'unclear', reason: prepared }
      : { ...none, ...judgeLogic(prepared, records) };
  });
  const contradictions = contradictionsOf(clauses);
  for (const result of results) {
    const other = contradictions.get(result.id);
    if (other !== undefined)
      result.reason = [`Contradicts clause ${other}: both cannot hold.`, result.reason]
        .filter(Boolean)
        .join(' ');
  }
  const tier = await addNearest(clauses, results, work, ports);
  const doubts =
    contradictions.size > 0
      ? [
          `The specification contradicts itself: clauses ${[...contradictions.keys()].slice(0, 10).join(', ')}.`,
        ]
      : [];
  return ok(findingOf(results, doubts, tier));
}

const recordsFor = ({ document, input }: Work): unknown[] => {
  const { record, measurements } = input as CheckInput;
  if (record !== undefined) return Array.isArray(record) ? (record as unknown[]) : [record];
  if (typeof measurements === 'string') return recordsOf({ kind: 'csv', text: measurements }) ?? [];
  if (measurements !== undefined)
    return Array.isArray(measurements) ? measurements : [measurements];
  return recordsOf(document) ?? [];
};

/** Open clauses, and limits whose parameter the text does not name, show the passage that a person should read first. */
async function addNearest(
  clauses: readonly Clause[],
  results: ClauseResult[],
  work: Work,
  ports: WorkPorts,
): Promise<'rules' | 'static'> {
  const open = results.filter(({ verdict }, i) => {
    const demand = clauses[i]?.demand;
    return demand?.kind === 'open'
      ? demand.nearest
      : demand?.kind === 'limit' && verdict === 'missing';
  });
  if (open.length === 0 || work.document.text.trim() === '') return 'rules';
  const requirements = open.map((result) => result.requirement);
  const { passages, tier } = await nearestPassages(requirements, work.document.text, ports);
  open.forEach((result, i) => {
    const passage = passages[i];
    if (!passage) return;
    if (result.verdict === 'missing') {
      result.reason = [
        result.reason,
        `The name does not stand in the text. Perhaps: "${passage.text}"`,
      ]
        .filter(Boolean)
        .join(' ');
      return;
    }
    result.found = passage.text;
    result.evidence = { start: passage.start, end: passage.end };
    result.reason = `${result.reason ?? ''} The nearest passage is quoted.`.trim();
  });
  return tier;
}

/** Fails with bad_request where the specification, the record or the measurements cannot be read. */
export async function checkSpecification(work: Work, ports: WorkPorts): Promise<Judged> {
  const specification = readSpecification((work.input as CheckInput).specification);
  if (!specification.ok) return specification;
  if (specification.value.kind === 'clauses')
    return judgeClauses(specification.value.clauses, work, ports);
  const records = recordsFor(work);
  if (records.length === 0)
    return fail(
      'bad_request',
      'The specification is a JSON schema: send the record as input.record, or a document that is JSON or CSV.',
    );
  const clauses = judgeSchema(specification.value.schema, records);
  if (typeof clauses === 'string') return fail('schema_unsupported', clauses);
  return ok(findingOf(clauses, [], 'rules'));
}
