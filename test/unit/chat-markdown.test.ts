/** Generated text as blocks: nothing becomes markup, finished blocks stay, hostile text costs no time. */
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-api.ts';
import { messagesOf } from '../../src/core/conversation.ts';
import { examplesFor, isGenerated, jsonWords, whoWords } from '../../src/ui/chat/chat-words.ts';
import { NOTHING, readMarkdown } from '../../src/ui/chat/markdown.ts';
import { answerOf, cardOf } from './doubles/app.ts';
import { generatedAnswer } from './doubles/language.ts';
import type { Outcome } from '../../src/core/conversation.ts';

const plain = (text: string): string => text.replaceAll('\u202F', ' ');
const kinds = (text: string): string[] => readMarkdown(text).blocks.map(({ token }) => token.type);

const TEXT =
  '# Title\n\nA *word* and `code`.\n\n- one\n- two\n  - three\n\n```js\nlet a = 1;\n\nlet b;\n```\n\n' +
  '| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\nthe end\r\nof it';

describe('Markdown', () => {
  it('is read into blocks', () => {
    expect(kinds(TEXT)).toEqual([
      'heading',
      'paragraph',
      'list',
      'code',
      'table',
      'blockquote',
      'paragraph',
    ]);
  });

  it('comes out the same, however the text was cut, and finished blocks are left alone', () => {
    let read = NOTHING;
    let reused = 0;
    for (let end = 1; end <= TEXT.length; end++) {
      const next = readMarkdown(TEXT.slice(0, end), read);
      if (read.blocks.length > 1 && next.blocks[0] === read.blocks[0]) reused++;
      read = next;
    }
    expect(read).toEqual(readMarkdown(TEXT));
    expect(reused).toBeGreaterThan(TEXT.length / 2);
  });

  it('starts anew where the text is another one', () => {
    const before = readMarkdown('# a\n\nb');
    expect(readMarkdown('c\n\nd', before)).toEqual(readMarkdown('c\n\nd'));
  });

  it.each([
    ['quotes', '>'.repeat(30_000)],
    ['spaced quotes', '> '.repeat(5_000)],
    ['brackets', '['.repeat(30_000)],
    ['stars', '*a'.repeat(15_000)],
    ['backticks', '`a'.repeat(15_000)],
    ['images', '![]('.repeat(8_000)],
    ['tags', '<'.repeat(30_000)],
    ['a nested list', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i * 2)}- a`).join('\n')],
    ['a wide table', `${'|'.repeat(30_000)}\n${'|-'.repeat(10_000)}`],
    ['definitions', '[a]: b\n'.repeat(4_000)],
    ['much text', 'word '.repeat(100_000)],
  ])('hostile %s are shown, quickly', (_name, text) => {
    readMarkdown(text);
    const from = performance.now();
    const { blocks } = readMarkdown(text);
    expect(performance.now() - from).toBeLessThan(100);
    expect(blocks.map(({ token }) => token.raw).join('')).not.toBe('');
  });
});

describe('words of an answer', () => {
  const outcome: Outcome = {
    state: 'done',
    model: 'house-slm@1.0.0',
    answer: generatedAnswer('text'),
    failure: null,
    finish: 'stop',
    backend: 'WebAssembly, 2 threads',
    firstTextMs: 300,
    tokensPerSecond: 61.4,
    format: 'text',
  };

  it('a model without a calibrated confidence is not given one', () => {
    const sure = { ...generatedAnswer('text'), confidence: 0.93 };
    expect(plain(whoWords({ ...outcome, answer: sure }))).toBe(
      'house-slm 1.0.0 · certainty not measured · WebAssembly, 2 threads · 61 tok/s · on this device',
    );
  });

  it('a specialist says how sure it is', () => {
    const answer = answerOf('Where is my card?');
    const known = { ...outcome, answer, model: 'banking-tickets@1.0.0', backend: '' };
    expect(plain(whoWords({ ...known, tokensPerSecond: null }))).toBe(
      'banking-tickets 1.0.0 · 97 % sure · 6 ms · on this device',
    );
    expect(isGenerated(known)).toBe(false);
    expect(isGenerated(outcome)).toBe(true);
  });

  it('JSON is laid out, and shown as it is where it is not whole', () => {
    expect(jsonWords('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(jsonWords('{"a":')).toBe('{"a":');
  });

  it('one example is for a specialist, three are open', () => {
    expect(examplesFor([cardOf('banking-tickets')])).toHaveLength(4);
    expect(examplesFor([])).toHaveLength(3);
  });

  it('answers that never came are not told to the model', () => {
    const turn = { id: '', conversation: '', seq: 1, time: '', text: 'half', outcome };
    const failed = { ...turn, outcome: { ...outcome, state: 'failed' as const } };
    const expected: ChatMessage[] = [{ role: 'assistant', content: 'half' }];
    expect(messagesOf([turn, failed, { ...turn, text: '' }])).toEqual(expected);
  });
});
