/** Choices of the person about the interface itself: theme and single-key shortcuts. */
import { keep, recall } from './kept.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const isTheme = (value: string | null): value is Theme =>
  (THEMES as readonly (string | null)[]).includes(value);

export class Preferences {
  theme = $state<Theme>('system');
  singleKeys = $state(true);

  constructor() {
    const theme = recall('theme');
    if (isTheme(theme)) this.theme = theme;
    this.singleKeys = recall('single-keys') !== 'off';
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep('theme', theme);
  }

  setSingleKeys(on: boolean): void {
    this.singleKeys = on;
    keep('single-keys', on ? 'on' : 'off');
  }
}
