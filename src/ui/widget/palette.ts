/**
 * The colours of the widget: the built-in ones, with what the host page asks for as far as it can be read. Every other
 * colour is made from those, so that text has a contrast of 4.5 and parts of controls of 3 on each ground. Pure.
 */
import { contrast, mix, readable, worst, type Rgb } from './contrast.ts';

/** Names of the tokens in tokens.css. */
export const TOKENS = [
  'bg',
  'surface',
  'surface-2',
  'hover',
  'ink',
  'ink-2',
  'line',
  'line-strong',
  'accent',
  'accent-ink',
  'accent-soft',
  'good',
  'good-soft',
  'doubt',
  'doubt-soft',
  'bad',
  'bad-soft',
] as const;
export type Palette = Readonly<Record<(typeof TOKENS)[number], Rgb>>;

export interface Wishes {
  accent?: Rgb;
  background?: Rgb;
  text?: Rgb;
}

const TEXT = 4.5;
const PARTS = 3;
const WHITE: Rgb = [1, 1, 1];
const BLACK: Rgb = [0, 0, 0];
/** Shares of the ink in what lies on the ground: a second surface, a button under the pointer. */
const [SURFACE_2, HOVER, LINE] = [0.03, 0.07, 0.18];

/** The palette, and the wishes that could not be read and so were not taken. */
export function paletteOf(
  built: Palette,
  wishes: Wishes,
): { palette: Palette; refused: (keyof Wishes)[] } {
  const ground = groundOf(built, wishes);
  const onGround = ground ? { ...built, ...around(ground.background, ground.text) } : built;
  const grounds = groundsOf(onGround);
  const textTaken = ground?.text === wishes.text;
  const text = !textTaken && wishes.text && worst(wishes.text, grounds) >= TEXT;
  const inked = text && wishes.text ? { ...onGround, ink: wishes.text } : onGround;
  const accent = wishes.accent && worst(wishes.accent, grounds) >= TEXT ? wishes.accent : null;
  const palette = ground || accent || text ? { ...inked, ...accents(inked, accent) } : built;
  const refused: (keyof Wishes)[] = [];
  if (wishes.background && !ground) refused.push('background');
  if (wishes.text && !textTaken && !text) refused.push('text');
  if (wishes.accent && !accent) refused.push('accent');
  return { palette: ground || text ? { ...palette, ...states(palette) } : palette, refused };
}

/** The background that was asked for with the first text colour that reads on it: the host's, else the built-in one. */
function groundOf(
  built: Palette,
  { background, text }: Wishes,
): { background: Rgb; text: Rgb } | null {
  if (!background) return null;
  const inks = text ? [text, built.ink] : [built.ink];
  const ink = inks.find((one) => worst(one, [background, mix(background, one, HOVER)]) >= TEXT);
  return ink ? { background, text: ink } : null;
}

/** Everything that follows from a ground and its ink. */
function around(background: Rgb, ink: Rgb): Partial<Palette> {
  const hover = mix(background, ink, HOVER);
  const quiet = readable(mix(background, ink, 0.7), [background, hover], ink, TEXT);
  return {
    bg: background,
    surface: background,
    'surface-2': mix(background, ink, SURFACE_2),
    hover,
    ink,
    'ink-2': quiet,
    line: mix(background, ink, LINE),
    'line-strong': readable(mix(background, ink, 0.4), [background], ink, PARTS),
  };
}

const groundsOf = (palette: Palette): Rgb[] => [
  palette.surface,
  palette['surface-2'],
  palette.hover,
];

function accents(palette: Palette, wish: Rgb | null): Partial<Palette> {
  const accent = wish ?? readable(palette.accent, groundsOf(palette), palette.ink, TEXT);
  const ink = contrast(WHITE, accent) >= contrast(BLACK, accent) ? WHITE : BLACK;
  return { accent, 'accent-ink': ink, 'accent-soft': soft(palette, accent) };
}

function states(palette: Palette): Partial<Palette> {
  const made: Partial<Record<keyof Palette, Rgb>> = {};
  for (const name of ['good', 'doubt', 'bad'] as const) {
    const softened = soft(palette, palette[name]);
    made[`${name}-soft`] = softened;
    made[name] = readable(palette[name], [palette.surface, softened], palette.ink, TEXT);
  }
  return made;
}

/** A breath of a colour in the ground, little enough for text to read on it. */
function soft({ surface, ink, 'ink-2': quiet }: Palette, color: Rgb): Rgb {
  const shares = [0.12, 0.06, 0.03];
  const fits = (ground: Rgb): boolean =>
    Math.min(contrast(ink, ground), contrast(quiet, ground)) >= TEXT;
  return shares.map((share) => mix(surface, color, share)).find(fits) ?? surface;
}
