/** Geometry of a line plot: round tick values, a linear scale, the nearest point. No DOM. */

export interface PlotPoint {
  x: number;
  y: number;
  /** How many rows stand behind the point, where that is known. */
  n?: number;
}

export interface PlotSeries {
  name: string;
  points: PlotPoint[];
}

/** How a plot is labelled and framed. */
export interface PlotLook {
  title: string;
  xLabel: string;
  yLabel: string;
  xRange: [from?: number, to?: number];
  yRange: [from?: number, to?: number];
  format: (value: number) => string;
  diagonal?: boolean;
  mark?: { x: number; label: string } | undefined;
}

/** Ticks at 1, 2 or 5 × 10^k that cover [low, high], about `target` of them. */
export function ticksOf(low: number, high: number, target = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / target;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** Extent of all series along one axis; a flat extent is widened so that it can be drawn. */
export function extentOf(
  series: PlotSeries[],
  axis: 'x' | 'y',
  from?: number,
  to?: number,
): [number, number] {
  const values = series.flatMap((s) => s.points.map((p) => p[axis]));
  const low = from ?? values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = to ?? values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  return high > low ? [low, high] : [low, low + 1];
}

/** Linear map of [low, high] on [start, end]. */
export const scaleOf =
  ([low, high]: [number, number], [start, end]: [number, number]) =>
  (value: number): number =>
    start + ((value - low) / (high - low)) * (end - start);

/** SVG path through the points, in the given order. */
export const pathOf = (
  points: PlotPoint[],
  sx: (v: number) => number,
  sy: (v: number) => number,
): string =>
  points
    .map((p, i) => `${i === 0 ? 'M' : 'L'}${sx(p.x).toFixed(1)} ${sy(p.y).toFixed(1)}`)
    .join('');

/** Index of the point whose x is nearest. -1 when there is none. */
export function nearestIndex(points: PlotPoint[], x: number): number {
  let best = -1;
  let distance = Infinity;
  points.forEach((point, index) => {
    const d = Math.abs(point.x - x);
    if (d < distance) [best, distance] = [index, d];
  });
  return best;
}

/** The table behind the plot, as CSV. */
export function csvOf(series: PlotSeries[], xLabel: string, yLabel: string): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const head = ['series', xLabel, yLabel, 'n'].map(quote).join(',');
  const rows = series.flatMap((s) =>
    s.points.map((p) => [quote(s.name), p.x, p.y, p.n ?? ''].join(',')),
  );
  return [head, ...rows].join('\r\n');
}
