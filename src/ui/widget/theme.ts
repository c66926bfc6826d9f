/** Puts the looks that the host page chose on the document: CSS custom properties by CSSOM, never markup. */
import type { WidgetTheme } from '../../core/embed-protocol.ts';
import { cssOf, luminance, type Rgb } from './contrast.ts';
import { TOKENS, paletteOf, type Palette, type Wishes } from './palette.ts';

const COLOR = /^[#a-z0-9.,%/ ()+-]{1,64}$/i;
const NO_COLOR =
  /var\(|env\(|attr\(|url\(|^(?:inherit|initial|unset|revert|revert-layer|currentcolor)$/i;
const FONT = /^[\p{L}\p{N} ,"'_-]{1,200}$/u;
const COLOR_VALUE =
  /^color\(srgb ([\d.e+-]+|none) ([\d.e+-]+|none) ([\d.e+-]+|none)(?: \/ ([\d.e+-]+))?\)$/;
const MAX_RADIUS_PX = 24;
/** Between light and dark grounds, by luminance: black and white read equally well on it. */
const MIDDLE = 0.18;

/** What a host may write for a colour; functions that would read the page are none. */
export const isColor = (text: string): boolean =>
  COLOR.test(text) && !NO_COLOR.test(text) && CSS.supports('color', text);

/** "color(srgb 0.04 0.37 0.44 / 1)", which is how a mixed colour computes, whatever it was written in. */
export function parseComputed(text: string): { color: Rgb; alpha: number } | null {
  const found = COLOR_VALUE.exec(text);
  if (!found) return null;
  const part = (n: number): number =>
    Math.min(1, Math.max(0, Number.parseFloat(found[n] ?? '') || 0));
  return { color: [part(1), part(2), part(3)], alpha: found[4] === undefined ? 1 : part(4) };
}

/** The browser's own reading of a colour, without a canvas. */
function reader(): { read: (css: string) => ReturnType<typeof parseComputed>; stop: () => void } {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  return {
    read: (css) => {
      probe.style.color = '';
      probe.style.color = `color-mix(in srgb, ${css}, ${css})`;
      return probe.style.color === '' ? null : parseComputed(getComputedStyle(probe).color);
    },
    stop: () => probe.remove(),
  };
}

/** Takes what reads and leaves the rest as built in. Resolves the names of what was not taken. */
export function applyTheme(theme: WidgetTheme): string[] {
  const root = document.documentElement;
  for (const token of [...TOKENS, 'radius', 'font']) root.style.removeProperty(`--${token}`);
  delete root.dataset.theme;
  const { read, stop } = reader();
  const refused: string[] = [];
  const wishes: Wishes = {};
  for (const name of ['accent', 'background', 'text'] as const) {
    const css = theme[name];
    if (css === undefined || (name === 'background' && isClear(css))) continue;
    const found = isColor(css) ? read(css) : null;
    if (found?.alpha === 1) wishes[name] = found.color;
    else refused.push(name);
  }
  root.toggleAttribute('data-clear', isClear(theme.background));
  const scheme = schemeOf(theme, wishes.background);
  if (scheme) root.dataset.theme = scheme;
  refused.push(...paint(wishes, read), ...shape(theme));
  stop();
  return refused;
}

const isClear = (background: string | undefined): boolean => background === 'transparent';

/** Null: as the browser prefers. */
function schemeOf(theme: WidgetTheme, background: Rgb | undefined): 'light' | 'dark' | null {
  if (theme.scheme === 'light' || theme.scheme === 'dark') return theme.scheme;
  if (!background) return null;
  return luminance(background) > MIDDLE ? 'light' : 'dark';
}

function paint(wishes: Wishes, read: ReturnType<typeof reader>['read']): string[] {
  const built = {} as Record<keyof Palette, Rgb>;
  for (const token of TOKENS) {
    const found = read(`var(--${token})`);
    if (!found) return Object.keys(wishes);
    built[token] = found.color;
  }
  const { palette, refused } = paletteOf(built, wishes);
  for (const token of TOKENS) {
    if (palette[token] !== built[token])
      document.documentElement.style.setProperty(`--${token}`, cssOf(palette[token]));
  }
  return refused;
}

function shape({ radius, font }: WidgetTheme): string[] {
  const { style } = document.documentElement;
  const refused: string[] = [];
  if (radius !== undefined) {
    if (Number.isFinite(radius) && radius >= 0 && radius <= MAX_RADIUS_PX)
      style.setProperty('--radius', `${radius}px`);
    else refused.push('radius');
  }
  if (font !== undefined) {
    if (FONT.test(font) && CSS.supports('font-family', font))
      style.setProperty('--font', `${font}, system-ui, sans-serif`);
    else refused.push('font');
  }
  return refused;
}
