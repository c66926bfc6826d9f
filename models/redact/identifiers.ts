/** Makes identifiers with right check digits, in sentences with and without a word that explains them: for tests. */
import type { EntityType } from '../../src/core/outputs.ts';
import { seeded } from '../../src/core/random.ts';
import { below, type Kind } from './draw.ts';
import { CODES } from './made-codes.ts';
import { MORE_NATIONAL } from './made-more-national-ids.ts';
import { NATIONAL } from './made-national-ids.ts';

export interface Made {
  kind: string;
  type: EntityType;
  value: string;
  text: string;
  start: number;
}

export const KINDS: readonly Kind[] = [...NATIONAL, ...MORE_NATIONAL, ...CODES];

const BEFORE = [
  '',
  'It is ',
  'Please note ',
  'We have on file: ',
  'Bitte beachten Sie ',
  'Voici ',
  'Checked twice: ',
  'Value = ',
  'The record shows ',
  '- ',
  '\t',
  '("',
  'Hello, this concerns ',
];
const AFTER = [
  '',
  '.',
  ', thanks',
  ' and nothing else',
  '\n',
  ') was noted',
  '; see above',
  '" in the file',
  ' ist richtig',
  ' / done',
];

/** `count` identifiers of all kinds in turn. */
export function makeIdentifiers(count: number, seed: number): Made[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at % KINDS.length] as Kind;
    const value = kind.make(random);
    const before = `${BEFORE[below(random, BEFORE.length)]}${kind.label === undefined ? '' : `${kind.label} `}`;
    const text = `${before}${value}${AFTER[below(random, AFTER.length)]}`;
    return { kind: kind.kind, type: kind.type, value, text, start: before.length };
  });
}
