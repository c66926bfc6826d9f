/** What the palette offers. */
import type { Shell } from '../state/shell.svelte.ts';
import { THEMES } from '../state/preferences.svelte.ts';
import { PAGES, TITLES } from './pages.ts';
import type { PickerItem } from './parts/picker-filter.ts';

export interface Command extends PickerItem {
  run: () => void;
}

export function commandsOf(shell: Shell, showShortcuts: () => void): Command[] {
  const { navigation, desk, preferences, fleet, notices } = shell;
  const pages = PAGES.map((page) => ({
    id: `page-${page}`,
    title: TITLES[page],
    detail: 'Page',
    run: () => navigation.go(page),
  }));
  const specialists = fleet.cards.map((card) => ({
    id: `specialist-${card.id}`,
    title: card.title,
    detail: `Specialist · ${card.id}`,
    run: () => navigation.go('fleet', card.id),
  }));
  const themes = THEMES.map((theme) => ({
    id: `theme-${theme}`,
    title: `Theme: ${theme}`,
    detail: 'Command',
    run: () => preferences.setTheme(theme),
  }));
  const commands = [
    {
      id: 'new',
      title: 'New request',
      detail: 'Command',
      run: () => {
        desk.clear();
        navigation.go('desk');
        requestAnimationFrame(() => document.getElementById('request-text')?.focus());
      },
    },
    {
      id: 'shortcuts',
      title: 'Show the shortcuts',
      detail: 'Command',
      shortcut: '?',
      run: showShortcuts,
    },
    {
      id: 'verify',
      title: 'Verify the audit log',
      detail: 'Command',
      run: () =>
        void shell.app.audit.verify().then(
          (verdict) =>
            notices.say(
              verdict.intact
                ? `The audit log is intact: ${verdict.rows} rows.`
                : `The audit log is broken at row ${verdict.brokenAt}: ${verdict.why}`,
            ),
          () => notices.say('The audit log could not be read. Open Audit for the reason.'),
        ),
    },
  ];
  return [...pages, ...commands, ...chatCommands(shell), ...specialists, ...themes];
}

function chatCommands({ navigation, models, notices }: Shell): Command[] {
  const conversation = {
    id: 'new-conversation',
    title: 'New conversation',
    detail: 'Chat',
    shortcut: 'N',
    run: () => {
      navigation.go('chat', 'new');
      requestAnimationFrame(() => document.getElementById('chat-text')?.focus());
    },
  };
  const tell = (done: Promise<boolean>, words: string, title: string): void =>
    void done.then((went) =>
      went ? notices.say(words) : notices.say(`${title}: that failed. Open Models for the reason.`),
    );
  const modelCommands = models.cards.flatMap(({ id, title, phase }): Command[] => {
    const detail = `Language model · ${id}`;
    if (phase === 'stored') {
      const run = (): void => tell(models.load(id), `${title} is in memory.`, title);
      return [{ id: `load-${id}`, title: `Load ${title}`, detail, run }];
    }
    if (phase !== 'ready') return [];
    const run = (): void => tell(models.unload(id), `${title} is out of memory.`, title);
    return [{ id: `unload-${id}`, title: `Unload ${title}`, detail, run }];
  });
  return [conversation, ...modelCommands];
}
