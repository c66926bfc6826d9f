/** Rows of a batch: counting, comparing, filtering, sorting and exporting. */
import { describe, expect, it } from 'vitest';
import {
  emptyTally,
  orderRows,
  type RowAnswer,
  type RowQuery,
  type SheetRow,
} from '../../src/core/batch-rows.ts';
import type { Job } from '../../src/core/intake.ts';
import { exportSheet } from '../../workers/intake/export.ts';
import { Sheet } from '../../workers/intake/sheet.ts';

const answer = (
  label: string | null,
  confidence: number,
  over: Partial<RowAnswer> = {},
): RowAnswer => ({
  id: 'a',
  label,
  confidence,
  status: confidence >= 0.9 ? 'accepted' : 'needs_review',
  tier: 'static',
  reason: confidence >= 0.9 ? 'local_ok' : 'low_confidence',
  specialist: 'banking-tickets',
  version: '1.0.0',
  inferenceSource: 'on_device',
  egressBytes: 0,
  receipt: null,
  ms: 1,
  ...over,
});

const ROWS = [
  ['lost my card', 'card', '=1+1'],
  ['what a loan costs', 'loan', 'plain'],
  ['sing me a song', 'oos', '"quoted", twice'],
  ['no label given', '', 'ä\nb'],
];

function sheet(): Sheet {
  const job: Job = {
    schema: 1,
    id: 'job',
    fileName: 'rows.csv',
    createdAt: '2026-11-22T00:00:00.000Z',
    columns: ['text', 'label', 'note'],
    choice: { textColumn: 0, labelColumn: 1, specialist: null },
    rows: ROWS.length,
    tally: emptyTally(),
    notices: [],
    kept: 'browser',
    storageFailure: null,
  };
  return new Sheet(
    job,
    ROWS.map((row) => [...row]),
    [],
    new Map(),
  );
}

const filled = (): Sheet => {
  const filledSheet = sheet();
  filledSheet.take(0, [
    answer('card', 0.97),
    answer('card', 0.95),
    answer(null, 0.2),
    answer('loan', 0.5, { tier: 'encoder' }),
  ]);
  return filledSheet;
};

const query = (over: Partial<RowQuery>): RowQuery => ({
  show: 'all',
  below: 0.9,
  search: '',
  sort: 'row',
  descending: false,
  ...over,
});

describe('counts', () => {
  it('counts tiers, doubt and agreement; an out-of-scope mark agrees with no label', () => {
    expect(filled().job.tally).toEqual({
      done: 4,
      accepted: { static: 2 },
      needsReview: 2,
      refused: 0,
      compared: 3,
      agreed: 2,
      acceptedCompared: 2,
      acceptedAgreed: 1,
    });
  });

  it('takes an answer once, also when a block is saved again', () => {
    const twice = sheet();
    twice.take(0, [answer('card', 0.97), answer('loan', 0.97)]);
    twice.take(1, [answer('loan', 0.97), answer(null, 0.1)]);
    expect(twice.job.tally.done).toBe(3);
    const before = twice.job.tally;
    twice.recount();
    expect(twice.job.tally).toEqual(before);
  });
});

describe('view', () => {
  const shown = (over: Partial<RowQuery>): number[] => {
    const filledSheet = filled();
    filledSheet.corrections.set(1, 'loan');
    const count = filledSheet.view(query(over));
    return filledSheet.slice(0, count).map((row) => row.row);
  };

  it.each<[Partial<RowQuery>, number[]]>([
    [{}, [0, 1, 2, 3]],
    [{ show: 'needs_review' }, [2, 3]],
    [{ show: 'accepted' }, [0, 1]],
    [{ show: 'below', below: 0.3 }, [2]],
    [{ show: 'disagrees' }, [1]],
    [{ show: 'corrected' }, [1]],
    [{ search: 'LOAN' }, [1, 3]],
    [{ sort: 'confidence' }, [2, 3, 1, 0]],
    [{ sort: 'confidence', descending: true }, [0, 1, 3, 2]],
    [{ descending: true }, [3, 2, 1, 0]],
    [{ sort: 'tier' }, [3, 0, 1, 2]],
  ])('%j', (over, rows) => expect(shown(over)).toEqual(rows));

  it('shows rows that wait for their answer', () => {
    const rows: SheetRow[] = [{ text: 'x', given: null, answer: undefined, corrected: undefined }];
    expect(orderRows(1, (i) => rows[i] as SheetRow, query({ sort: 'confidence' }))).toEqual([0]);
    expect(orderRows(1, (i) => rows[i] as SheetRow, query({ show: 'below' }))).toEqual([]);
  });
});

describe('export', () => {
  it('writes CSV that a spreadsheet does not run, with names apart from those of the file', async () => {
    const text = await (await exportSheet(filled(), 'csv', () => undefined)).text();
    const lines = text.split('\r\n');
    expect(lines[0]?.replace('\uFEFF', '')).toBe(
      'text,label,note,label (2),corrected_label,confidence,status,specialist,tier,reason',
    );
    expect(lines[1]).toMatch(
      /^lost my card,card,"?'=1\+1"?,card,,0.97,accepted,banking-tickets@1.0.0,static,local_ok$/,
    );
    expect(text).not.toMatch(/,"?[=+@]/);
    expect(text).toContain('"""quoted"", twice"');
  });

  it('writes JSON Lines with the cells as they were', async () => {
    const text = await (await exportSheet(filled(), 'jsonl', () => undefined)).text();
    const [first, , third, fourth] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      text: 'lost my card',
      note: '=1+1',
      'label (2)': 'card',
      confidence: 0.97,
      tier: 'static',
    });
    expect(third).toMatchObject({ 'label (2)': null, status: 'needs_review' });
    expect(fourth?.note).toBe('ä\nb');
  });

  it('exports rows that have no answer yet with empty cells', async () => {
    const text = await (await exportSheet(sheet(), 'csv', () => undefined)).text();
    expect(text.split('\r\n')[2]).toBe('what a loan costs,loan,plain,,,,,,,');
  });
});
