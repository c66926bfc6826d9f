/** Task `check`: an e-invoice against EN 16931, or a document, record or measurements against a specification. */
import * as v from 'valibot';
import { fail } from '../../../src/core/failure.ts';
import type { CheckOutput } from '../../../src/core/outputs.ts';
import type { RunWork } from '../../../src/core/work.ts';
import { checkInvoice } from './check-invoice.ts';
import { InputSchema } from './schema.ts';
import { checkSpecification } from './specification/check-specification.ts';

const INVOICES = 'en16931';

/** Fails with bad_request, and as the two checks do. */
export const run: RunWork<CheckOutput> = async (work, ports) => {
  const input = v.safeParse(InputSchema, work.input ?? {});
  if (!input.success)
    return fail('bad_request', `The input of a check is wrong: ${input.issues[0].message}`);
  const checked = { ...work, input: input.output };
  if (input.output.specification !== undefined) return checkSpecification(checked, ports);
  if (work.manifest.id === INVOICES) return checkInvoice(checked, ports);
  return fail(
    'bad_request',
    'Nothing to check against: send the specification as input.specification.',
  );
};
