/** The report of a specialist on labelled rows. */
import { describe, expect, it } from 'vitest';
import { reportOf } from '../../src/core/report.ts';
import type { TrainRow } from '../../src/core/threads.ts';

const ROWS: TrainRow[] = ['a', 'a', 'b', 'stranger'].map((label, i) => ({
  text: `text ${i}`,
  label,
}));
const SAID = [
  { label: 'a', confidence: 0.9 },
  { label: 'b', confidence: 0.6 },
  { label: 'b', confidence: 0.8 },
  { label: 'a', confidence: 0.3 },
];

describe('reportOf', () => {
  it('counts what was right, a label that the specialist does not know as wrong', () => {
    const report = reportOf(ROWS, SAID, 12);
    expect(report).toMatchObject({ n: 4, accuracy: 0.5, trainMs: 12 });
    expect(report.perLabel.find((one) => one.label === 'stranger')).toMatchObject({
      n: 1,
      recall: 0,
    });
    expect(report.riskCoverage.map((point) => point.risk)).toEqual([0, 0, 1 / 3, 0.5]);
    expect(report.reliability.reduce((sum, bin) => sum + bin.n, 0)).toBe(4);
    expect(report.dataProblems.map((one) => one.kind)).toContain('rare_label');
  });

  it('thins a long curve but keeps its end', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ text: `t ${i}`, label: 'a' }));
    const said = rows.map((_, i) => ({ label: i % 10 ? 'a' : 'b', confidence: 1 - i / 5000 }));
    const { riskCoverage } = reportOf(rows, said, 0);
    expect(riskCoverage.length).toBeLessThanOrEqual(201);
    expect(riskCoverage.at(-1)).toMatchObject({ coverage: 1, risk: 0.1 });
  });

  it('no rows: no figures that are not numbers', () => {
    const { n, accuracy, ece, aurc, ci95 } = reportOf([], [], 0);
    expect([n, accuracy, ece, aurc, ...ci95]).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
