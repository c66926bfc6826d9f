/** The doors between the page and the system around it: installing, launches, the badge of the icon. Types only. */
import type { NamedBlob } from './intake.ts';

export interface Launch {
  files: readonly NamedBlob[];
  /** Files that the system named and that could not be read. */
  unread: number;
  /** Fragment of the address that was opened, e.g. `#/batch`; empty: none. */
  place: string;
}

export interface LaunchDoor {
  onLaunch(listener: (launch: Launch) => void): void;
}

/** How this browser installs a site: by its own question, by a menu that the person opens, or not at all. */
export type InstallWay = 'question' | 'ios_menu' | 'firefox' | 'menu';

export interface InstallDoor {
  /** Runs as an installed app already. */
  isInstalled(): boolean;
  way(): InstallWay;
  /** Hears when the browser's question can be put or no longer can. */
  onChange(listener: () => void): void;
  /** Puts the browser's question. Resolves to false when the person says no, or when it could not be put. */
  ask(): Promise<boolean>;
}

export interface BadgeDoor {
  /** 0 takes the badge away. Does nothing where the icon has none. */
  show(count: number): void;
}
