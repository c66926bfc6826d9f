/** The browser's offer to install the app, kept until a sensible time, and the badge of the installed icon. */
import type { BadgeDoor, InstallDoor, InstallWay } from '../core/installed.ts';

/** Chromium's event; not part of a standard yet. */
interface InstallQuestion extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** To be called as the page starts: the browser makes its offer once, early. */
export function openInstall(): InstallDoor {
  let question: InstallQuestion | null = null;
  let isInstalled = matchMedia('(display-mode: standalone), (display-mode: minimal-ui)').matches;
  const listeners: (() => void)[] = [];
  const settle = (kept: InstallQuestion | null): void => {
    question = kept;
    for (const listener of listeners) listener();
  };
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault(); // the browser's own bar would come at the first visit
    settle(event as InstallQuestion);
  });
  addEventListener('appinstalled', () => {
    isInstalled = true;
    settle(null);
  });
  return {
    isInstalled: () => isInstalled,
    way: () => (question ? 'question' : wayOf(navigator)),
    onChange: (listener) => listeners.push(listener),
    ask: async () => {
      const asked = question;
      settle(null); // it can be put once
      const answer = await asked?.prompt().catch(() => null);
      return answer?.outcome === 'accepted';
    },
  };
}

function wayOf({
  userAgent,
  platform,
  maxTouchPoints,
}: Navigator): Exclude<InstallWay, 'question'> {
  // An iPad calls itself a Mac, but has a touch screen.
  const isIos =
    /iPhone|iPad|iPod/.test(userAgent) || (platform === 'MacIntel' && maxTouchPoints > 1);
  if (isIos) return 'ios_menu';
  return userAgent.includes('Firefox/') ? 'firefox' : 'menu';
}

export const openBadge = (): BadgeDoor => ({
  show: (count) => {
    if (!('setAppBadge' in navigator)) return;
    const shown = count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count);
    shown.catch(() => undefined); // an app that is not installed has no icon
  },
});
