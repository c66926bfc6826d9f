/** Knowledge bases are made, changed, kept and handed to the task; what fails leaves the base as it was. */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { fail, ok } from '../../src/core/failure.ts';
import type { NamedBlob } from '../../src/core/intake.ts';
import type { WorkPorts } from '../../src/core/work.ts';
import { Knowledge } from '../../workers/router/knowledge.ts';
import { KnowledgeStore } from '../../workers/router/knowledge-store.ts';

const file = (name: string, text: string): NamedBlob => new File([text], name);
const vectorOf = (text: string): Float32Array => Float32Array.of(text.length, 1);

let store: KnowledgeStore;
let door: Knowledge;
let embed: ReturnType<typeof vi.fn<WorkPorts['embed']>>;
let ids = 0;

beforeEach(async () => {
  store = new KnowledgeStore();
  embed = vi.fn<WorkPorts['embed']>((_tier, texts) => Promise.resolve(ok(texts.map(vectorOf))));
  const reader = {
    read: async (blob: NamedBlob) => {
      const text = await blob.text();
      return text === '' ? fail('empty_input', 'It is empty.') : ok(documentOfText(text));
    },
  };
  door = new Knowledge({ store, reader, embed, newId: () => `id${++ids}` });
  const all = await store.list();
  for (const base of all.ok ? all.value : []) await store.remove(base.id);
});

async function made() {
  const base = await door.addKnowledge(null, ' Help ', [
    file('a.md', '# A\n\nOne.\n\n# B\n\nTwo.'),
    file('c.md', '# C\n\nThree.'),
  ]);
  if (!base.ok) throw new Error(base.failure.message);
  return base.value;
}

async function contentOf(id: string) {
  const stored = await store.get(id);
  if (!stored.ok) throw new Error(stored.failure.message);
  return stored.value;
}

describe('a base', () => {
  test('is made of files and listed', async () => {
    const base = await made();
    expect(base).toMatchObject({
      title: 'Help',
      files: [
        { name: 'a.md', chunks: 2 },
        { name: 'c.md', chunks: 1 },
      ],
    });
    expect(await door.knowledgeBases()).toEqual(ok([base]));
    const { passages, vectors } = await contentOf(base.id);
    expect(passages.map(({ id }) => id)).toEqual(['a.md#1', 'a.md#2', 'c.md#1']);
    expect(vectors).toMatchObject({ tier: 'encoder', dims: 2 });
    expect(vectors?.values).toHaveLength(6);
  });

  test('a file of the same name is replaced, the others keep their vectors', async () => {
    const base = await made();
    embed.mockClear();
    const changed = await door.addKnowledge(base.id, '', [file('a.md', '# D\n\nFour is long.')]);
    expect(changed.ok && changed.value).toMatchObject({ id: base.id, title: 'Help' });
    expect(changed.ok && changed.value.revision).not.toBe(base.revision);
    expect(embed).toHaveBeenCalledTimes(1);
    expect(embed).toHaveBeenCalledWith('encoder', ['D. Four is long.']);
    const { passages, vectors } = await contentOf(base.id);
    expect(passages.map(({ id }) => id)).toEqual(['c.md#1', 'a.md#1']);
    expect([...(vectors?.values ?? [])]).toEqual(
      ['C. Three.', 'D. Four is long.'].flatMap((text) => [...vectorOf(text)]),
    );
  });

  test('a file is removed, then the base', async () => {
    const base = await made();
    const left = await door.removeKnowledge(base.id, 'a.md');
    expect(left.ok && left.value?.files.map(({ name }) => name)).toEqual(['c.md']);
    expect((await contentOf(base.id)).vectors?.values).toHaveLength(2);
    expect(await door.removeKnowledge(base.id, null)).toEqual(ok(null));
    expect(await door.knowledgeBases()).toEqual(ok([]));
  });

  test('two changes at once follow one another', async () => {
    const { id } = await made();
    await Promise.all([
      door.addKnowledge(id, '', [file('x.md', 'Some text.')]),
      door.removeKnowledge(id, 'a.md'),
      door.addKnowledge(id, '', [file('y.md', 'Other text.')]),
    ]);
    const { base, passages } = await contentOf(id);
    expect(base.files.map(({ name }) => name)).toEqual(['c.md', 'x.md', 'y.md']);
    expect(passages.map((passage) => passage.file)).toEqual(['c.md', 'x.md', 'y.md']);
  });

  test('without an encoder the table of words stands in; without both words alone decide', async () => {
    embed.mockImplementation((tier, texts) =>
      Promise.resolve(tier === 'encoder' ? fail('out_of_memory', '') : ok(texts.map(vectorOf))),
    );
    expect((await contentOf((await made()).id)).vectors?.tier).toBe('static');
    embed.mockResolvedValue(fail('runtime_failed', ''));
    expect((await contentOf((await made()).id)).vectors).toBeNull();
  });
});

describe('what fails leaves the base as it was', () => {
  test.each([
    ['no file', [], 'bad_request'],
    ['an empty file', [file('e.md', '')], 'empty_input'],
    ['too many passages', [file('x.md', '# A\n\nB.\n'.repeat(5001))], 'input_too_long'],
  ])('%s', async (_, files, code) => {
    const base = await made();
    const result = await door.addKnowledge(base.id, 'New', files);
    expect(result.ok ? null : result.failure.code).toBe(code);
    expect(await door.knowledgeBases()).toEqual(ok([base]));
  });

  test('an id that does not exist', async () => {
    const result = await door.addKnowledge('none', '', [file('a.md', 'x')]);
    expect(result.ok ? null : result.failure.code).toBe('bad_request');
  });

  test('a full disk', async () => {
    const base = await made();
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const result = await door.addKnowledge(base.id, 'New', [file('n.md', 'Some text.')]);
    full.mockRestore();
    expect(result.ok ? null : result.failure.code).toBe('storage_full');
    expect(await door.knowledgeBases()).toEqual(ok([base]));
  });
});

describe('the input of a request', () => {
  test('an id becomes the stored base', async () => {
    const base = await made();
    const input = await door.resolve({ knowledge: base.id, tone: ['x'] });
    expect(input).toEqual(ok({ knowledge: await contentOf(base.id), tone: ['x'] }));
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [{ tone: [] }],
    [{ knowledge: [{ name: 'a', text: 'b' }] }],
  ])('%j stays as it is', async (input) => {
    expect(await door.resolve(input)).toEqual(ok(input));
  });

  test('an unknown id is a wrong call', async () => {
    const result = await door.resolve({ knowledge: 'none' });
    expect(result.ok ? null : result.failure).toMatchObject({ code: 'bad_request' });
  });
});
