/** The file on the desk: read at once with progress, kept over a reload, its pages drawn when they are looked at. */
import type { DocumentReader, PageImage, ReadDocument, ReadingProgress } from '../core/document.ts';
import type { Intake, NamedBlob } from '../core/intake.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

/** Where the file is kept until it is removed. */
export type Drafts = Pick<Intake, 'saveDraft' | 'draft'>;

const DRAFT = 'desk';

export class DeskDocument {
  file = $state.raw<NamedBlob | null>(null);
  reading = $state.raw<ReadingProgress | null>(null);
  /** Null while it is read, and where it cannot be read. */
  read = $state.raw<ReadDocument | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** False when the browser refused to keep the file. */
  kept = $state(true);
  /** The message that this file was attached to. */
  parent = $state.raw<NamedBlob | null>(null);
  /** Resolves when what lies here now is kept, or refused. */
  stored: Promise<void> = Promise.resolve();
  #abort: AbortController | null = null;
  readonly #reader: DocumentReader;
  readonly #drafts: Drafts;

  constructor(reader: DocumentReader, drafts: Drafts) {
    this.#reader = reader;
    this.#drafts = drafts;
  }

  /** Takes the place of the file before. Resolves to true when it could be read. */
  async open(file: NamedBlob, parent: NamedBlob | null = null): Promise<boolean> {
    this.#drop();
    this.file = file;
    this.parent = parent;
    this.stored = this.#keep();
    return this.readAgain();
  }

  async readAgain(): Promise<boolean> {
    const file = this.file;
    if (!file) return false;
    const abort = new AbortController();
    this.#abort?.abort();
    this.#abort = abort;
    this.trouble = null;
    this.reading = { stage: 'Reading', done: 0, total: 0 };
    const mine = (): boolean => this.#abort === abort;
    const onProgress = (progress: ReadingProgress): void => {
      if (mine() && this.reading) this.reading = progress; // not what comes after the result
    };
    try {
      const result = await this.#reader.read(file, { signal: abort.signal, onProgress });
      if (!mine()) return false;
      if (result.ok) this.read = result.value;
      else this.trouble = troubleOfFailure(result.failure);
      return result.ok;
    } catch (error) {
      if (mine()) this.trouble = troubleOf(error);
      return false;
    } finally {
      if (mine()) this.reading = null;
    }
  }

  /** Ends the reading; the file stays. */
  stop(): void {
    if (!this.reading) return;
    this.#abort?.abort();
    this.#abort = null;
    this.reading = null;
  }

  clear(): void {
    this.#drop();
    this.stored = this.#keep();
  }

  /** Opens an attachment in the place of its message. */
  async openAttachment(index: number): Promise<boolean> {
    const message = this.file;
    if (!message) return false;
    const found = await this.#reader.attachment(message, index).catch(troubled);
    if (this.file !== message) return false;
    if (found.ok) return this.open(found.value, message);
    this.trouble = troubleOfFailure(found.failure);
    return false;
  }

  /** A page as an image, or why it cannot be drawn. */
  async page(page: number, maxWidth: number): Promise<PageImage | Trouble> {
    const file = this.file;
    if (!file) return { code: 'cancelled', message: 'The file was removed.', hint: '' };
    try {
      const drawn = await this.#reader.pageImage(file, page, maxWidth);
      return drawn.ok ? drawn.value : troubleOfFailure(drawn.failure);
    } catch (error) {
      return troubleOf(error);
    }
  }

  /** The file that lay here before a reload. */
  async restore(): Promise<void> {
    if (!this.#isEmpty()) return;
    const draft = await this.#drafts.draft(DRAFT).catch(troubled);
    const file = draft.ok ? draft.value?.file : null;
    if (!file || !this.#isEmpty()) return;
    this.file = file;
    await this.readAgain();
  }

  #isEmpty(): boolean {
    return this.file === null;
  }

  async #keep(): Promise<void> {
    const kept = await this.#drafts
      .saveDraft(DRAFT, { file: this.file, choice: null })
      .catch(troubled);
    this.kept = kept.ok;
  }

  #drop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.file = null;
    this.parent = null;
    this.read = null;
    this.reading = null;
    this.trouble = null;
  }
}

/** A thread that broke: the same as a failure. */
const troubled = (
  error: unknown,
): { ok: false; failure: { code: 'runtime_failed'; message: string } } => ({
  ok: false,
  failure: { code: 'runtime_failed', message: troubleOf(error).message },
});
