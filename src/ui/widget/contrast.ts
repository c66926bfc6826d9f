/** Contrast of colours by WCAG 2.2, and colours made readable on a ground. Pure. */

/** sRGB, each 0..1. */
export type Rgb = readonly [red: number, green: number, blue: number];

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

/** Relative luminance, 0 (black) .. 1 (white). */
export const luminance = ([r, g, b]: Rgb): number =>
  0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

/** 1 (none) .. 21 (black on white). */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** `share` of `b` in `a`, 0..1. */
export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Lowest contrast of a colour with several grounds. */
export const worst = (color: Rgb, grounds: readonly Rgb[]): number =>
  Math.min(...grounds.map((ground) => contrast(color, ground)));

/** The colour itself, or as little as needed of `ink` mixed into it, so that it reads on all the grounds. */
export function readable(color: Rgb, grounds: readonly Rgb[], ink: Rgb, atLeast: number): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(color, ink, share);
    if (worst(mixed, grounds) >= atLeast) return mixed;
  }
  return ink;
}

export const cssOf = (color: Rgb): string =>
  `rgb(${color.map((c) => Math.round(Math.min(1, Math.max(0, c)) * 255)).join(' ')})`;
