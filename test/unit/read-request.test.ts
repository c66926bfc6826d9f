/** Reading a request: odd text is kept or mended, wrong calls are told apart by code. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HINTS } from '../../src/core/failure.ts';
import { findSpecialist, readRequest } from '../../src/core/read-request.ts';
import { MAX_TEXT_UNITS, TASKS } from '../../src/core/request.ts';
import { COMMANDS, TICKETS } from './doubles/specialist.ts';

const FLEET = [TICKETS, COMMANDS];
const NO_MODELS = { modelFor: () => null };
const read = (text: unknown, request: object = {}) =>
  readRequest(request, text as string, FLEET, NO_MODELS);
const textOf = (text: string) => {
  const result = read(text);
  return result.ok ? result.value.text : result.failure.code;
};
const codeOf = (text: unknown, request?: object) => {
  const result = read(text, request);
  return result.ok ? 'ok' : result.failure.code;
};

describe('text', () => {
  it.each([
    ['right to left', 'أين بطاقتي؟ \u200fשלום'],
    ['emoji', 'card 👩‍👩‍👧‍👦 lost 😭🇩🇪'],
    ['markup', '<script>alert(1)</script>'],
    ['NUL inside', 'a\0b'],
    ['no space in 100,000 characters', 'x'.repeat(100_000)],
    ['line ends', 'a\r\nb\rc\n'],
  ])('%s stays as it is', (_, text) => expect(textOf(text)).toBe(text));

  it('halves of characters become the replacement character, whole ones stay', () => {
    expect(textOf('a\ud83db')).toBe('a\ufffdb');
    expect(textOf('a\ude00b')).toBe('a\ufffdb');
    expect(textOf('\ud83d\ud83d\ude00')).toBe('\ufffd😀');
    expect(textOf('\ude00\ud83d')).toBe('\ufffd\ufffd');
  });

  it('whatever comes in, what goes on is well-formed and no longer', () => {
    // Half of the units are halves of characters.
    const unit = fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
    );
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 60 }), (units) => {
        const text = String.fromCharCode(...units);
        const result = read(text);
        if (!result.ok) {
          expect(result.failure.code).toBe('empty_input');
          return;
        }
        expect(result.value.text.isWellFormed()).toBe(true);
        expect(result.value.text).toHaveLength(text.length);
      }),
    );
  });

  it.each(['', ' ', '\n\t\r ', '\u00a0\u2003', '\ufeff', '\0\0', '\u200b\u200b', '\u0007'])(
    'nothing to read in %j',
    (text) => expect(codeOf(text)).toBe('empty_input'),
  );

  it('a mebi of UTF-16 units is read, one more is refused with both figures', () => {
    expect(codeOf('x'.repeat(MAX_TEXT_UNITS))).toBe('ok');
    const result = read('x'.repeat(MAX_TEXT_UNITS + 1));
    expect(result).toMatchObject({ ok: false, failure: { code: 'input_too_long' } });
    if (!result.ok) expect(result.failure.message).toMatch(/1048577.*1048576/);
  });

  it.each([null, undefined, 7, {}, ['text']])('%j is not text', (text) =>
    expect(codeOf(text)).toBe('bad_request'),
  );
});

describe('task, mode and specialist', () => {
  it('without a task it is classified; a task of the contract that nobody does yet is unknown', () => {
    expect(read('hello')).toMatchObject({
      ok: true,
      value: { task: 'classify', specialist: null },
    });
    for (const task of TASKS)
      expect(codeOf('hello', { task })).toBe(
        { classify: 'ok', chat: 'bad_request' }[task as string] ?? 'unknown_task',
      );
    expect(codeOf('hello', { task: 'constructor' })).toBe('unknown_task');
  });

  it('knows the four modes', () => {
    expect(codeOf('hello', { mode: 'only_in_cloud' })).toBe('ok');
    expect(codeOf('hello', { mode: 'ONLY_IN_CLOUD' })).toBe('bad_request');
    expect(codeOf('hello', { mode: null })).toBe('bad_request');
  });

  it('finds a specialist by id, version or as champion', () => {
    for (const name of ['commands', 'commands@1.0.0', 'commands@champion'])
      expect(findSpecialist(name, FLEET)).toBe(COMMANDS);
    for (const name of [
      '',
      '@',
      'Commands',
      'commands@',
      'commands@1.0.1',
      'commands@1.0.0@x',
      'command',
    ])
      expect(findSpecialist(name, FLEET), name).toBeNull();
    expect(codeOf('hello', { specialist: 'nobody' })).toBe('unknown_specialist');
  });

  it.each([null, 7, {}, []])('a specialist named %j is a wrong call, not a crash', (specialist) =>
    expect(codeOf('hello', { specialist })).toBe('bad_request'),
  );

  it('every failure has a next step', () => {
    for (const code of [
      'empty_input',
      'input_too_long',
      'unknown_task',
      'unknown_specialist',
      'bad_request',
    ] as const)
      expect(HINTS[code].length).toBeGreaterThan(10);
  });
});
