/** A dropped table: its progress comes on another port than its result, so the last figures may be late. */
import { describe, expect, it } from 'vitest';
import { ok } from '../../src/core/failure.ts';
import type { Intake, ReadProgress, TableSummary } from '../../src/core/intake.ts';
import { DroppedTable } from '../../src/state/dropped-table.svelte.ts';

const TABLE = { id: 'one', fileName: 'rows.csv' } as TableSummary;
const PROGRESS: ReadProgress = { rows: 5, bytes: 10, totalBytes: 10 };

describe('a dropped table', () => {
  it('is read when its result is there, also if progress comes after it', async () => {
    let tell: (progress: ReadProgress) => void = () => undefined;
    const open: Intake['open'] = (_file, onProgress) => {
      tell = onProgress;
      onProgress(PROGRESS);
      return Promise.resolve(ok(TABLE));
    };
    const dropped = new DroppedTable({ open } as Intake);
    const opening = dropped.open({ name: 'rows.csv', size: 10 } as File);
    expect(dropped.reading).toEqual({ ...PROGRESS, fileName: 'rows.csv' });
    expect(await opening).toBe(true);
    tell(PROGRESS);
    expect(dropped.reading).toBeNull();
    expect(dropped.table).toBe(TABLE);
  });
});
