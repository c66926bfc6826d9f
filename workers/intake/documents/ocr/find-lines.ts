/**
 * From the detector's map of "here is text" to one slanted rectangle for each piece of a line. After differentiable
 * binarisation (DB, Liao et al. 2020): threshold, connected parts, and growth by area / perimeter.
 */
import type { Slanted } from './picture.ts';

const THRESHOLD = 0.3;
/** Mean of the map over a part, below which it is no text. */
const LEAST_SCORE = 0.5;
const GROWTH = 1.6;
const LEAST_PIXELS = 12;
/** A page of more parts than this is noise; the largest are kept. */
const MOST_PARTS = 1500;
/** Slants above this (radians, about 20°) are no slightly skewed scan. */
const MOST_SLANT = 0.35;

interface Part {
  /** Sums over its pixels, for its centre and its direction. */
  n: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
  score: number;
  /** Pixels of its outline, as x and y in turn. */
  edge: number[];
}

/** Connected parts of the map above the threshold (8 neighbours). */
export function findParts(map: Float32Array, width: number, height: number): Part[] {
  const seen = new Uint8Array(map.length);
  const stack: number[] = [];
  const parts: Part[] = [];
  const isText = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && (map[y * width + x] as number) > THRESHOLD;
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || (map[start] as number) <= THRESHOLD) continue;
    const part: Part = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0, score: 0, edge: [] };
    seen[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      let inside = true;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          if (!isText(x + dx, y + dy)) {
            inside = false;
            continue;
          }
          const next = at + dy * width + dx;
          if (seen[next] === 1) continue;
          seen[next] = 1;
          stack.push(next);
        }
      addPixel(part, x, y, map[at] as number, inside);
    }
    if (part.n >= LEAST_PIXELS && part.score / part.n >= LEAST_SCORE) parts.push(part);
  }
  return parts.sort((a, b) => b.n - a.n).slice(0, MOST_PARTS);
}

function addPixel(part: Part, x: number, y: number, value: number, inside: boolean): void {
  part.n += 1;
  part.x += x;
  part.y += y;
  part.xx += x * x;
  part.yy += y * y;
  part.xy += x * y;
  part.score += value;
  if (!inside) part.edge.push(x, y);
}

/** Direction of a part's longer axis in radians, −π/2..π/2, and how much longer it is than the other one. */
function axisOf(part: Part): { angle: number; stretch: number } {
  const xx = part.xx / part.n - (part.x / part.n) ** 2;
  const yy = part.yy / part.n - (part.y / part.n) ** 2;
  const xy = part.xy / part.n - (part.x * part.y) / part.n ** 2;
  const root = Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
  const mean = (xx + yy) / 2;
  return {
    angle: 0.5 * Math.atan2(2 * xy, xx - yy),
    stretch: Math.sqrt((mean + root + 0.1) / (Math.max(0, mean - root) + 0.1)),
  };
}

/** True when most of the text runs up or down the page. */
export function runsVertically(parts: readonly Part[]): boolean {
  let across = 0;
  let along = 0;
  for (const part of parts) {
    const { angle, stretch } = axisOf(part);
    if (stretch < 2) continue;
    if (Math.abs(angle) > Math.PI / 4) across += part.n;
    else along += part.n;
  }
  return across > along;
}

/** The slant of the page: the weighted median of the directions of its long parts. 0 where there are too few. */
export function slantOf(parts: readonly Part[]): number {
  const angles = parts
    .map((part) => ({ ...axisOf(part), weight: part.n }))
    .filter(({ angle, stretch }) => stretch >= 4 && Math.abs(angle) < MOST_SLANT)
    .sort((a, b) => a.angle - b.angle);
  if (angles.length < 3) return 0;
  const half = angles.reduce((sum, one) => sum + one.weight, 0) / 2;
  let sum = 0;
  const median = angles.find((one) => (sum += one.weight) >= half)?.angle ?? 0;
  return Math.abs(median) < 0.003 ? 0 : median;
}

/**
 * A rectangle around each part, along the page's slant, grown to hold whole letters.
 * @param scaleX pixels of the picture for each pixel of the map
 */
export function rectangles(
  parts: readonly Part[],
  slant: number,
  scaleX: number,
  scaleY: number,
): Slanted[] {
  const cos = Math.cos(slant);
  const sin = Math.sin(slant);
  return parts.flatMap(({ edge }) => {
    const area: Slanted = {
      u0: Infinity,
      v0: Infinity,
      u1: -Infinity,
      v1: -Infinity,
      angle: slant,
    };
    for (let index = 0; index < edge.length; index += 2) {
      const x = ((edge[index] as number) + 0.5) * scaleX;
      const y = ((edge[index + 1] as number) + 0.5) * scaleY;
      const u = x * cos + y * sin;
      const v = y * cos - x * sin;
      area.u0 = Math.min(area.u0, u - scaleX / 2);
      area.u1 = Math.max(area.u1, u + scaleX / 2);
      area.v0 = Math.min(area.v0, v - scaleY / 2);
      area.v1 = Math.max(area.v1, v + scaleY / 2);
    }
    const width = area.u1 - area.u0;
    const height = area.v1 - area.v0;
    const grow = (width * height * GROWTH) / (2 * (width + height));
    if (height + 2 * grow < 5) return [];
    return [
      {
        ...area,
        u0: area.u0 - grow,
        u1: area.u1 + grow,
        v0: area.v0 - grow,
        v1: area.v1 + grow,
      },
    ];
  });
}
