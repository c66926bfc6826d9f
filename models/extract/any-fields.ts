/**
 * Measures the rules of `any-fields` on 20 own texts, by how a value was found, and writes the specialist's folder. The
 * shares go into RIGHT_BY_GROUND of run-any-fields.ts by hand. `tsx models/extract/any-fields.ts`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOfText } from '../../src/core/document.ts';
import { findFields, type Ground } from '../../workers/tasks/extract/any-fields/find-fields.ts';
import type { AskedField } from '../../workers/tasks/extract/any-fields/schema-fields.ts';
import { share } from './judge.ts';
import { writeSpecialist } from './write-specialist.ts';

type Wanted = [name: string, value: string | boolean | null, form?: string];

/** What a schema of the contract's kind would ask for. */
function askedFor([name, , form]: Wanted): AskedField {
  const type = form === 'integer' || form === 'boolean' ? form : 'string';
  const format = form && type === 'string' ? form : name === 'email' ? 'email' : null;
  return {
    name,
    type,
    list: false,
    format,
    choices: null,
    description: '',
    examples: [],
    required: false,
  };
}

/** Counts of right and wrong values by ground, and of fields that were rightly or wrongly left empty. */
export function measureAnyFields(): {
  byGround: Map<Ground, [right: number, n: number]>;
  rightOfAll: number;
  all: number;
  wrong: string[];
} {
  const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'any-fields.json'), 'utf8')) as {
    text: string;
    fields: Wanted[];
  }[];
  const byGround = new Map<Ground, [number, number]>();
  const wrong: string[] = [];
  let [rightOfAll, all] = [0, 0];
  for (const { text, fields } of rows) {
    const found = findFields(documentOfText(text), fields.map(askedFor));
    for (const [name, value] of fields) {
      const got = found.get(name);
      const right = value === null ? got === undefined : String(got?.value ?? '') === String(value);
      all++;
      if (right) rightOfAll++;
      else wrong.push(`${name}: ${String(got?.value ?? 'nothing')}, not ${String(value)}`);
      if (!got) continue;
      const [good, n] = byGround.get(got.ground) ?? [0, 0];
      byGround.set(got.ground, [good + (right ? 1 : 0), n + 1]);
    }
  }
  return { byGround, rightOfAll, all, wrong };
}

if (process.argv[1]?.endsWith('any-fields.ts')) {
  const { byGround, rightOfAll, all, wrong } = measureAnyFields();
  console.log(`rules alone: ${share(rightOfAll, all)}`);
  for (const [ground, [right, n]] of byGround)
    console.log(
      `  ${ground}: ${share(right, n)}; (right + 1) / (n + 2) = ${((right + 1) / (n + 2)).toFixed(3)}`,
    );
  console.log(wrong.join('\n'));
  writeSpecialist('any-fields', null, {
    noCertificateReason:
      'Fields that a person names are too different from each other for one promise.',
  });
}
