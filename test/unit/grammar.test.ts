/** The masks of a schema: what is allowed at each place, and that the value ends. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { createGrammars, type Grammar } from '../../workers/runtimes/grammar.ts';

// Under Node the library looks for these CommonJS names.
Object.assign(globalThis, {
  require: createRequire(import.meta.url),
  __dirname: import.meta.dirname,
  __filename: import.meta.filename,
});

const TOKENS = [
  '<end>',
  '"',
  '{',
  '}',
  ':',
  ',',
  'a',
  'b',
  'billing',
  'shipping',
  'Ġ',
  'true',
  '1',
];
const END = 0;
const grammars = createGrammars(() => ({
  tokens: TOKENS,
  method: 'byte_level',
  logits: 64,
  stopIds: [END],
}));

const allowed = async (grammar: Grammar) => {
  const bits = await grammar.allowed();
  return Array.from({ length: 64 }, (_, id) => id)
    .filter((id) => ((bits[id >> 5] as number) >>> (id & 31)) & 1)
    .map((id) => TOKENS[id]);
};

async function open(schema: object): Promise<Grammar> {
  const opened = await grammars.open(JSON.stringify(schema));
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

async function walk(grammar: Grammar, tokens: string[]): Promise<(string | undefined)[][]> {
  const seen = [];
  for (const token of tokens) {
    seen.push(await allowed(grammar));
    grammar.accept(TOKENS.indexOf(token));
  }
  return [...seen, await allowed(grammar)];
}

describe('a schema', () => {
  test('an enum leaves its values, then nothing but the end', async () => {
    const grammar = await open({ type: 'string', enum: ['billing', 'shipping'] });
    expect(await walk(grammar, ['"', 'billing', '"'])).toEqual([
      ['"'],
      ['b', 'billing', 'shipping'],
      ['"'],
      ['<end>'],
    ]);
  });

  test('an object in one line, with one space after the colon', async () => {
    const grammar = await open({
      type: 'object',
      properties: { a: { type: 'boolean' } },
      required: ['a'],
    });
    const seen = await walk(grammar, ['{', '"', 'a', '"', ':', 'Ġ', 'true', '}']);
    expect(seen.every((one) => one.length === 1)).toBe(true);
    expect(seen.at(-1)).toEqual(['<end>']);
  });

  test('the same schema again starts anew', async () => {
    const schema = { enum: [1] };
    expect(await walk(await open(schema), ['1'])).toEqual([['1'], ['<end>']]);
    expect(await walk(await open(schema), ['1'])).toEqual([['1'], ['<end>']]);
  });

  test('what is no schema is refused, and the next one is not', async () => {
    const opened = await grammars.open('{"type": "nothing"}');
    expect(opened).toMatchObject({ ok: false, failure: { code: 'schema_unsupported' } });
    expect(await walk(await open({ enum: [1] }), ['1'])).toEqual([['1'], ['<end>']]);
  });
});
