/** The file on the desk: read at once, stopped, kept over a reload, and asked about with what the work needs. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DocumentReader, ReadDocument } from '../../src/core/document.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { HistoryStore } from '../../src/core/history.ts';
import { DeskDocument } from '../../src/state/desk-document.svelte.ts';
import { examplesByTask, examplesOfChoice } from '../../src/state/desk-examples.ts';
import { Desk } from '../../src/state/desk.svelte.ts';
import { currentOutputOf } from '../../src/state/history-entry.ts';
import { found, History } from '../../src/state/history.svelte.ts';
import type { WorkCard } from '../../src/core/specialist.ts';
import { appDouble, cardOf } from './doubles/app.ts';
import { memoryDrafts } from './doubles/drafts.ts';
import { INVOICE, invoiceDocument, workAnswer } from './doubles/work.ts';

const file = (name = 'invoice.pdf'): File => new File(['bytes'], name);

/** A reader whose readings end when the test says so. */
function heldReader(): {
  reader: DocumentReader;
  reads: { resolve: (result: Result<ReadDocument>) => void; signal: AbortSignal | undefined }[];
} {
  const reads: {
    resolve: (result: Result<ReadDocument>) => void;
    signal: AbortSignal | undefined;
  }[] = [];
  const reader: DocumentReader = {
    read: (_file, options) =>
      new Promise((resolve) => {
        options?.onProgress?.({ stage: 'Reading page 1 of 3', done: 0, total: 3 });
        reads.push({ resolve, signal: options?.signal });
      }),
    pageImage: () => Promise.resolve(fail('file_broken', 'no')),
    attachment: () => Promise.resolve(ok(file('attached.pdf'))),
  };
  return { reader, reads };
}

const noHistory: HistoryStore = {
  all: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});

describe('a dropped file', () => {
  it('is kept at once, shows how far it is read, and then what was read', async () => {
    const { reader, reads } = heldReader();
    const drafts = memoryDrafts();
    const document = new DeskDocument(reader, drafts);
    const opened = document.open(file());
    expect(drafts.held.get('desk')?.file?.name).toBe('invoice.pdf');
    expect(document.reading?.stage).toBe('Reading page 1 of 3');
    reads[0]?.resolve(ok(invoiceDocument()));
    expect(await opened).toBe(true);
    expect(document.read?.text).toBe(INVOICE);
    expect(document.reading).toBe(null);
  });

  it('gives way to a newer one, whichever is read first', async () => {
    const { reader, reads } = heldReader();
    const document = new DeskDocument(reader, memoryDrafts());
    const first = document.open(file('a.pdf'));
    const second = document.open(file('b.pdf'));
    expect(reads[0]?.signal?.aborted).toBe(true);
    reads[1]?.resolve(ok({ ...invoiceDocument(), name: 'b.pdf' }));
    expect(await second).toBe(true);
    reads[0]?.resolve(ok({ ...invoiceDocument(), name: 'a.pdf' }));
    expect(await first).toBe(false);
    expect(document.read?.name).toBe('b.pdf');
  });

  it('stays when its reading is stopped or fails, and can be read again', async () => {
    const { reader, reads } = heldReader();
    const document = new DeskDocument(reader, memoryDrafts());
    void document.open(file());
    document.stop();
    expect(reads[0]?.signal?.aborted).toBe(true);
    expect([document.file?.name, document.reading]).toEqual(['invoice.pdf', null]);
    const again = document.readAgain();
    reads[1]?.resolve(fail('file_locked', 'It needs a password.'));
    expect(await again).toBe(false);
    expect(document.trouble?.hint).toContain('password');
    expect(document.file?.name).toBe('invoice.pdf');
  });

  it('comes back after a reload, unless another one was dropped before', async () => {
    const { reader, reads } = heldReader();
    const drafts = memoryDrafts();
    void new DeskDocument(reader, drafts).open(file());
    const after = new DeskDocument(reader, drafts);
    const restored = after.restore();
    await vi.waitFor(() => expect(reads).toHaveLength(2));
    reads[1]?.resolve(ok(invoiceDocument()));
    await restored;
    expect(after.read?.name).toBe('invoice.pdf');
    const busy = new DeskDocument(reader, drafts);
    const late = busy.restore();
    void busy.open(file('newer.pdf'));
    await late;
    expect(busy.file?.name).toBe('newer.pdf');
    busy.clear();
    expect(drafts.held.get('desk')?.file).toBe(null);
  });

  it('an attachment takes the place of its message and knows the way back', async () => {
    const { reader, reads } = heldReader();
    const document = new DeskDocument(reader, memoryDrafts());
    const message = file('mail.eml');
    void document.open(message);
    reads[0]?.resolve(ok(invoiceDocument()));
    const opened = document.openAttachment(0);
    await vi.waitFor(() => expect(reads).toHaveLength(2));
    reads[1]?.resolve(ok(invoiceDocument()));
    expect(await opened).toBe(true);
    expect(document.file?.name).toBe('attached.pdf');
    expect(document.parent).toBe(message);
  });

  it('a page that cannot be drawn says why', async () => {
    const { reader } = heldReader();
    const document = new DeskDocument(reader, memoryDrafts());
    void document.open(file());
    expect(await document.page(1, 800)).toMatchObject({ code: 'file_broken' });
  });

  it('a browser that keeps no file costs the memory, not the work', async () => {
    const { reader, reads } = heldReader();
    const full = { ...memoryDrafts(), saveDraft: () => Promise.resolve(fail('storage_full', 'x')) };
    const document = new DeskDocument(reader, full);
    const opened = document.open(file());
    reads[0]?.resolve(ok(invoiceDocument()));
    expect(await opened).toBe(true);
    expect(document.kept).toBe(false);
  });
});

describe('the desk with a file', () => {
  const desk = () => {
    const { reader, reads } = heldReader();
    const app = { ...appDouble(), documents: reader };
    const run = vi
      .spyOn(app, 'run')
      .mockResolvedValue(workAnswer('extract', { input_text: INVOICE }));
    const drafts = memoryDrafts();
    return { app, run, reads, drafts, desk: new Desk(app, new History(noHistory), drafts) };
  };

  it('asks about the file with the work and what it needs, and keeps the text that was typed', async () => {
    const { desk: it, run } = desk();
    it.write('half a sentence');
    it.chooseTask('extract');
    it.needs.write('extract', 'fields', 'po number');
    void it.document.open(file());
    expect(await it.run()).toBe(true);
    expect(run.mock.calls[0]?.[0]).toEqual({
      file: it.document.file,
      task: 'extract',
      input: { fields: [{ name: 'po number' }] },
    });
    expect(it.shown).toMatchObject({ text: '', answer: { task: 'extract' } });
    expect(it.isAbout(it.shown!)).toBe(true);
    expect(it.marks.list.length).toBeGreaterThan(5);
    it.document.clear();
    expect(it.isAbout(it.shown!)).toBe(false);
    expect(it.text).toBe('half a sentence');
  });

  it('changes are kept with the entry, and accepting keeps them as a correction', async () => {
    vi.useFakeTimers();
    const { desk: it, app } = desk();
    await it.run();
    it.edit({ fields: {} });
    expect(currentOutputOf(it.shown!)).toEqual({ fields: {} });
    vi.runAllTimers();
    const record = vi.spyOn(app, 'recordVerdict');
    expect(await it.judge({ correctedOutput: { fields: {} } })).toBe(true);
    expect(record.mock.calls[0]?.[1]).toBe(INVOICE);
    it.undoEdits();
    expect(currentOutputOf(it.shown!)).toBe(it.shown!.answer.output);
    expect(it.shown!.verdict).toBe(null);
    vi.useRealTimers();
  });

  it('what the work needs comes back after a reload', async () => {
    const { desk: it, drafts, app } = desk();
    it.needs.fill('check', { specification: 'a,b' });
    await it.needs.keep();
    const later = new Desk(app, new History(noHistory), drafts);
    await later.restore();
    expect(later.needs.input('check')).toEqual({ specification: 'a,b' });
  });

  it('the history finds a file by its name', () => {
    const answer = workAnswer('extract');
    const entry = {
      id: '1',
      time: '',
      text: '',
      file: file('Rechnung 7.pdf'),
      answer,
      verdict: null,
    };
    expect(found([entry], 'rechnung')).toHaveLength(1);
  });
});

describe('examples', () => {
  const work = (id: string, task: WorkCard['task'], n: number): WorkCard => ({
    kind: 'work',
    ...cardOf(id),
    task,
    origin: 'shipped',
    evaluation: null,
    certificate: null,
    fieldCertificates: {},
    figures: [],
    examples: Array.from({ length: n }, (_, i) => ({ title: `${id} ${i}`, text: 'x' })),
  });
  const fleet = {
    cards: [cardOf('banking-tickets'), cardOf('home-commands')],
    works: [work('receipts', 'extract', 2), work('invoices', 'extract', 1), work('cc', 'code', 1)],
  };

  it('one for each kind of work; those of a specialist or task where one was chosen', () => {
    expect(examplesByTask(fleet).map(({ specialist }) => specialist)).toEqual([
      'banking-tickets',
      'receipts',
      'cc',
    ]);
    expect(examplesOfChoice(fleet, 'extract', '').map(({ title }) => title)).toEqual([
      'receipts 0',
      'invoices 0',
    ]);
    expect(examplesOfChoice(fleet, '', 'receipts')).toHaveLength(2);
    expect(examplesOfChoice(fleet, '', '')).toEqual([]);
  });
});
