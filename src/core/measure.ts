/** Figures of a classifier: accuracy, calibration and selective prediction. Higher score = surer. */
import { wilson } from './binomial.ts';

/** One scored row: how sure, and whether the answer was right. Out-of-scope rows are never right. */
export interface Scored {
  score: number;
  right: boolean;
  /** Relative weight of the row in a mix; 1 unless a mix is simulated. */
  weight?: number;
}

const weightOf = (row: Scored): number => row.weight ?? 1;
const bySurest = (rows: readonly Scored[]): Scored[] => [...rows].sort((a, b) => b.score - a.score);

/** Share of right rows with its Wilson interval. */
export function accuracyOf(rows: readonly { right: boolean }[]): {
  accuracy: number;
  ci95: [number, number];
} {
  const right = rows.filter((row) => row.right).length;
  return { accuracy: rows.length ? right / rows.length : 0, ci95: wilson(right, rows.length) };
}

/** Reliability bins of equal mass, surest last. */
export function reliabilityBins(
  rows: readonly Scored[],
  bins = 15,
): { confidence: number; accuracy: number; n: number; mass: number }[] {
  const sorted = bySurest(rows).reverse();
  const total = sorted.reduce((sum, row) => sum + weightOf(row), 0);
  const out: { confidence: number; accuracy: number; n: number; mass: number }[] = [];
  let bin = { confidence: 0, accuracy: 0, n: 0, mass: 0 };
  let seen = 0;
  for (const row of sorted) {
    const weight = weightOf(row);
    bin.confidence += row.score * weight;
    bin.accuracy += row.right ? weight : 0;
    bin.n += 1;
    bin.mass += weight;
    seen += weight;
    if (seen >= ((out.length + 1) * total) / bins - 1e-9) {
      out.push({
        ...bin,
        confidence: bin.confidence / bin.mass,
        accuracy: bin.accuracy / bin.mass,
        mass: bin.mass / total,
      });
      bin = { confidence: 0, accuracy: 0, n: 0, mass: 0 };
    }
  }
  return out;
}

/** Expected calibration error over bins of equal mass (Guo et al. 2017, with quantile bins). */
export function expectedCalibrationError(rows: readonly Scored[], bins = 15): number {
  return reliabilityBins(rows, bins).reduce(
    (sum, bin) => sum + bin.mass * Math.abs(bin.confidence - bin.accuracy),
    0,
  );
}

/** Expected calibration error over bins of equal width, the form that most papers report. */
export function equalWidthCalibrationError(rows: readonly Scored[], bins = 15): number {
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, mass: 0 }));
  let total = 0;
  for (const row of rows) {
    const bin = sums[Math.min(bins - 1, Math.floor(row.score * bins))];
    if (!bin) continue;
    bin.confidence += row.score * weightOf(row);
    bin.right += row.right ? weightOf(row) : 0;
    bin.mass += weightOf(row);
    total += weightOf(row);
  }
  return (
    sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) /
    Math.max(total, 1e-12)
  );
}

/**
 * Risk among the surest share of rows, one point per row. Rows of the same score are accepted together, so they share
 * the point at which all of them are.
 */
export function riskCoverage(
  rows: readonly Scored[],
): { coverage: number; risk: number; threshold: number }[] {
  const sorted = bySurest(rows);
  const total = sorted.reduce((sum, row) => sum + weightOf(row), 0);
  let accepted = 0;
  let wrong = 0;
  const points = sorted.map((row) => {
    accepted += weightOf(row);
    wrong += row.right ? 0 : weightOf(row);
    return { coverage: accepted / total, risk: wrong / accepted, threshold: row.score };
  });
  return points.reduceRight<typeof points>((done, point, i) => {
    const next = done[i + 1];
    done[i] = next?.threshold === point.threshold ? next : point;
    return done;
  }, points);
}

/** Area under the risk–coverage curve (Geifman & El-Yaniv 2017): 0 is perfect. */
export function areaUnderRiskCoverage(rows: readonly Scored[]): number {
  const sorted = bySurest(rows);
  const total = sorted.reduce((sum, row) => sum + weightOf(row), 0);
  const area = riskCoverage(rows).reduce(
    (sum, point, i) => sum + point.risk * weightOf(sorted[i] as Scored),
    0,
  );
  return total === 0 ? 0 : area / total;
}

/** Largest share of rows that can be accepted with an observed risk of at most `maxRisk` (no promise). */
export function coverageAtRisk(rows: readonly Scored[], maxRisk: number): number {
  return riskCoverage(rows).reduce(
    (best, point) => (point.risk <= maxRisk ? Math.max(best, point.coverage) : best),
    0,
  );
}

/** P(score of an inside row > score of an outside row), ties count half (Mann–Whitney). */
export function auroc(inside: readonly number[], outside: readonly number[]): number {
  const all = [
    ...inside.map((score) => ({ score, inside: true })),
    ...outside.map((score) => ({ score, inside: false })),
  ];
  all.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let i = 0; i < all.length;) {
    let j = i;
    while (j < all.length && all[j]?.score === all[i]?.score) j++;
    for (let k = i; k < j; k++) if (all[k]?.inside) rankSum += (i + j + 1) / 2;
    i = j;
  }
  const n = inside.length;
  return (rankSum - (n * (n + 1)) / 2) / (n * outside.length);
}

/** Share of outside rows below the score that keeps `keep` of the inside rows. */
export function outsideRecall(
  inside: readonly number[],
  outside: readonly number[],
  keep = 0.95,
): number {
  const sorted = [...inside].sort((a, b) => a - b);
  const threshold = sorted[Math.floor((1 - keep) * sorted.length)] ?? -Infinity;
  return outside.filter((score) => score < threshold).length / Math.max(outside.length, 1);
}

/** Precision and recall of each label. */
export function perLabel(
  truth: readonly string[],
  predicted: readonly string[],
): { label: string; n: number; precision: number; recall: number }[] {
  const counts = new Map<string, { n: number; predicted: number; right: number }>();
  const of = (label: string) => {
    const found = counts.get(label) ?? { n: 0, predicted: 0, right: 0 };
    counts.set(label, found);
    return found;
  };
  truth.forEach((label, i) => {
    of(label).n += 1;
    of(predicted[i] as string).predicted += 1;
    if (label === predicted[i]) of(label).right += 1;
  });
  return [...counts]
    .map(([label, c]) => ({
      label,
      n: c.n,
      precision: c.predicted ? c.right / c.predicted : 0,
      recall: c.n ? c.right / c.n : 0,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
