/** The door to the knowledge bases: reads files, makes passages and vectors of them, keeps them. */
import type { DocumentReader, ReadDocument } from '../../src/core/document.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { NamedBlob } from '../../src/core/intake.ts';
import {
  MAX_PASSAGES,
  type KnowledgeBase,
  type KnowledgeDoor,
  type KnowledgePassage,
  type KnowledgeVectors,
  type StoredKnowledge,
} from '../../src/core/knowledge.ts';
import type { LocalTier } from '../../src/core/route.ts';
import type { WorkPorts } from '../../src/core/work.ts';
import { embedPassages, passagesOf } from '../tasks/draft/knowledge.ts';
import type { KnowledgeStore } from './knowledge-store.ts';

export interface KnowledgePorts {
  store: Pick<KnowledgeStore, 'list' | 'get' | 'put' | 'remove'>;
  reader: Pick<DocumentReader, 'read'>;
  embed: WorkPorts['embed'];
  newId(): string;
  onProgress?: (progress: { stage: string; done: number; total: number }) => void;
}

const MAX_TITLE_UNITS = 200;
/** The encoder reads English; the table of words stands in where it cannot be loaded. */
const TIERS: readonly LocalTier[] = ['encoder', 'static'];

export class Knowledge implements KnowledgeDoor {
  readonly #ports: KnowledgePorts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: KnowledgePorts) {
    this.#ports = ports;
  }

  knowledgeBases(): Promise<Result<KnowledgeBase[]>> {
    return this.#ports.store.list();
  }

  addKnowledge(
    id: string | null,
    title: string,
    files: readonly NamedBlob[],
  ): Promise<Result<KnowledgeBase>> {
    return this.#inTurn(() => this.#add(id, title.trim().slice(0, MAX_TITLE_UNITS), files));
  }

  removeKnowledge(id: string, file: string | null): Promise<Result<KnowledgeBase | null>> {
    return this.#inTurn<Result<KnowledgeBase | null>>(() =>
      file === null ? this.#ports.store.remove(id) : this.#removeFile(id, file),
    );
  }

  /** One change after the other: each starts from what the one before it kept. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#turn.then(change);
    this.#turn = changed.catch(() => undefined);
    return changed;
  }

  async #add(
    id: string | null,
    name: string,
    files: readonly NamedBlob[],
  ): Promise<Result<KnowledgeBase>> {
    if (files.length === 0) return fail('bad_request', 'There is no file to add.');
    const before =
      id === null ? ok(emptyBase(this.#ports.newId())) : await this.#ports.store.get(id);
    if (!before.ok) return before;
    const documents = await this.#readAll(files);
    if (!documents.ok) return documents;
    const made = passagesOf(documents.value);
    if (!made.ok) return made;
    const kept = without(
      before.value,
      documents.value.map((document) => document.name),
    );
    const count = kept.passages.length + made.value.length;
    if (count > MAX_PASSAGES)
      return fail(
        'input_too_long',
        `With these files the knowledge base has ${count} passages; at most ${MAX_PASSAGES}.`,
      );
    const vectors = await this.#vectorsFor(kept, made.value);
    if (!vectors.ok) return vectors;
    const added = documents.value.map(({ name: file, bytes, notices }) => ({
      name: file,
      bytes,
      chunks: made.value.filter((passage) => passage.file === file).length,
      notices,
    }));
    const base: KnowledgeBase = {
      id: before.value.base.id,
      title: name || before.value.base.title || (files[0]?.name ?? ''),
      files: [...kept.base.files, ...added],
      revision: this.#ports.newId(),
    };
    return this.#ports.store.put({
      base,
      passages: [...kept.passages, ...made.value],
      vectors: vectors.value,
    });
  }

  async #removeFile(id: string, file: string): Promise<Result<KnowledgeBase>> {
    const stored = await this.#ports.store.get(id);
    if (!stored.ok) return stored;
    const left = without(stored.value, [file]);
    const base = { ...left.base, revision: this.#ports.newId() };
    return this.#ports.store.put({ ...left, base });
  }

  /**
   * `input.knowledge` that is an id becomes the stored base; any other input stays as it is. Fails with bad_request for
   * an id that does not exist.
   */
  async resolve(input: unknown): Promise<Result<unknown>> {
    if (typeof input !== 'object' || input === null || !('knowledge' in input)) return ok(input);
    if (typeof input.knowledge !== 'string') return ok(input);
    const stored = await this.#ports.store.get(input.knowledge);
    return stored.ok ? ok({ ...input, knowledge: stored.value }) : stored;
  }

  async #readAll(files: readonly NamedBlob[]): Promise<Result<ReadDocument[]>> {
    const documents = new Map<string, ReadDocument>();
    for (const [done, file] of files.entries()) {
      const stage = `Reading ${file.name}`;
      this.#ports.onProgress?.({ stage, done, total: files.length });
      const read = await this.#ports.reader.read(file);
      if (!read.ok) return fail(read.failure.code, `${file.name}: ${read.failure.message}`);
      documents.set(file.name, { ...read.value, name: file.name });
    }
    return ok([...documents.values()]);
  }

  /** New passages are embedded at the tier of the base; where that cannot be, all are embedded anew. */
  async #vectorsFor(
    kept: StoredKnowledge,
    added: readonly KnowledgePassage[],
  ): Promise<Result<KnowledgeVectors | null>> {
    const onProgress = (done: number, total: number): void =>
      this.#ports.onProgress?.({ stage: 'Indexing', done, total });
    const embed: WorkPorts['embed'] = (tier, texts) => this.#ports.embed(tier, texts);
    const { vectors: old } = kept;
    if (old?.tier === 'encoder') {
      const fresh = await embedPassages(added, embed, { tiers: ['encoder'], onProgress });
      if (!fresh.ok) return fresh;
      if (fresh.value?.dims === old.dims || added.length === 0)
        return ok({ ...old, values: joined(old.values, fresh.value?.values) });
    }
    return embedPassages([...kept.passages, ...added], embed, { tiers: TIERS, onProgress });
  }
}

const emptyBase = (id: string): StoredKnowledge => ({
  base: { id, title: '', files: [], revision: '' },
  passages: [],
  vectors: null,
});

/** The base without some of its files. */
function without(stored: StoredKnowledge, names: readonly string[]): StoredKnowledge {
  const { base, passages, vectors } = stored;
  const rows = passages.flatMap(({ file }, row) => (names.includes(file) ? [] : [row]));
  return {
    base: { ...base, files: base.files.filter(({ name }) => !names.includes(name)) },
    passages: passages.filter(({ file }) => !names.includes(file)),
    vectors: vectors && { ...vectors, values: rowsOf(vectors, rows) },
  };
}

function rowsOf(
  { dims, values }: KnowledgeVectors,
  rows: readonly number[],
): Float32Array<ArrayBuffer> {
  const kept = new Float32Array(rows.length * dims);
  for (const [i, row] of rows.entries())
    kept.set(values.subarray(row * dims, (row + 1) * dims), i * dims);
  return kept;
}

function joined(a: Float32Array, b: Float32Array = new Float32Array(0)): Float32Array<ArrayBuffer> {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
