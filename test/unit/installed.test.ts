/** What comes from outside, and when the app offers to be installed: rules without a browser. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openLaunches } from '../../src/bridge/launches.ts';
import { bytesOf } from '../../src/bridge/stored-records.ts';
import { pageForFiles, sharedText } from '../../src/core/arrival.ts';
import type { InstallDoor, Launch } from '../../src/core/installed.ts';
import { buildLockOf, openEntries } from '../../src/core/offline.ts';
import {
  countVisit,
  Install,
  isTimeToOffer,
  usefulAnswers,
} from '../../src/state/install.svelte.ts';
import { Notices } from '../../src/state/notices.svelte.ts';
import { pageInForce, pageOf } from '../../workers/shell/pages.ts';
import { workAnswer } from './doubles/work.ts';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});

describe('where something from outside goes', () => {
  it('tables and several files to Batch, the rest to the desk', () => {
    expect(pageForFiles([])).toBe('desk');
    expect(pageForFiles(['letter.eml'])).toBe('desk');
    expect(pageForFiles(['notes.txt'])).toBe('desk');
    expect(pageForFiles(['Tickets.CSV'])).toBe('batch');
    expect(pageForFiles(['a.pdf', 'b.pdf'])).toBe('batch');
  });

  it('one text of title, text and address, nothing twice', () => {
    expect(sharedText(['Title', 'Text', null])).toBe('Title\nText');
    expect(sharedText(['Ticket', 'Ticket: block my card', ''])).toBe('Ticket: block my card');
    expect(sharedText(['same', 'same', 'same'])).toBe('same');
    expect(sharedText([null, 'see https://a.example/x', 'https://a.example/x'])).toBe(
      'see https://a.example/x',
    );
    expect(sharedText([null, '  ', null])).toBe('');
  });
});

describe('launches', () => {
  it('hands over the files that can be read, counts the others, and names the place', async () => {
    let consumer: (params: unknown) => void = () => undefined;
    const heard: Launch[] = [];
    openLaunches({ setConsumer: (taken) => (consumer = taken as typeof consumer) }).onLaunch(
      (launch) => heard.push(launch),
    );
    consumer({
      targetURL: 'https://flotilla.example/app/#/batch',
      files: [
        { getFile: () => Promise.resolve(new File(['x'], 'a.pdf')) },
        { getFile: () => Promise.reject(new Error('moved')) },
      ],
    });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard[0]?.files.map(({ name }) => name)).toEqual(['a.pdf']);
    expect(heard[0]).toMatchObject({ unread: 1, place: '#/batch' });
  });

  it('a browser without a queue is no trouble', () => {
    vi.stubGlobal('window', {});
    expect(() => openLaunches().onLaunch(() => undefined)).not.toThrow();
  });
});

describe('the offer to install', () => {
  const entry = (status: 'accepted' | 'needs_review', verdict: 'accepted' | null = null) => ({
    id: 'x',
    time: '2026-01-01',
    text: 'x',
    answer: workAnswer('redact', { status }),
    verdict,
  });

  it('counts answers that were of use', () => {
    const entries = [entry('accepted'), entry('needs_review'), entry('needs_review', 'accepted')];
    expect(usefulAnswers(entries)).toBe(2);
    expect(isTimeToOffer(5, 1)).toBe(false);
    expect(isTimeToOffer(4, 2)).toBe(false);
    expect(isTimeToOffer(5, 2)).toBe(true);
  });

  it('a reload is no second visit, coming back later is', () => {
    const hour = 3_600_000;
    expect(countVisit(10 * hour)).toBe(1);
    expect(countVisit(10 * hour + 1000)).toBe(1);
    expect(countVisit(12 * hour)).toBe(2);
  });

  it('comes once, and not where it cannot be taken', () => {
    const notices = new Notices();
    let way: ReturnType<InstallDoor['way']> = 'menu';
    let changed: () => void = () => undefined;
    const door: InstallDoor = {
      isInstalled: () => false,
      way: () => way,
      onChange: (listener) => (changed = listener),
      ask: () => Promise.resolve(true),
    };
    const entries = Array.from({ length: 6 }, () => entry('accepted'));
    localStorage.setItem('flotilla.visits', '1');
    const install = new Install(door, notices);
    install.start({ entries: [] } as never)();
    install.offerAfter(entries);
    expect(notices.list).toHaveLength(0);
    way = 'question';
    changed();
    install.offerAfter(entries);
    install.offerAfter(entries);
    expect(notices.list).toHaveLength(1);
  });
});

describe('the offline shell', () => {
  it('sees open builds by their locks', () => {
    const names = [buildLockOf('https://a.example/assets/app-1.js'), 'another lock'];
    expect([...openEntries(names)]).toEqual(['https://a.example/assets/app-1.js']);
  });

  it('answers navigations with the page, and files with themselves', () => {
    expect(pageOf('')).toBe('index.html');
    expect(pageOf('settings')).toBe('index.html');
    expect(pageOf('index.html')).toBe('index.html');
    expect(pageOf('widget.html')).toBe('widget.html');
    expect(pageOf('sdk.js')).toBeNull();
    expect(pageOf('fleet/fleet.json')).toBeNull();
  });

  it('shows the kept page of another build under the policy of the server', async () => {
    const html = (policy: string, build: string): string =>
      `<meta http-equiv="Content-Security-Policy" content="${policy}"><script src="${build}"></script>`;
    const headers = { 'Content-Security-Policy': 'new', 'Content-Type': 'text/html' };
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(html('new', 'b.js'), { headers })));
    const kept = () => Promise.resolve(new Response(html('old', 'a.js')));
    const shown = await pageInForce('https://a.example/', kept);
    expect(await shown.text()).toBe(html('new', 'a.js'));
    expect(shown.headers.get('Content-Security-Policy')).toBe('new');
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    expect(await (await pageInForce('https://a.example/', kept)).text()).toBe(html('old', 'a.js'));
  });
});

it('sizes of stored values', () => {
  expect(bytesOf('four')).toBe(4);
  expect(bytesOf(new Blob(['12345']))).toBe(5);
  expect(bytesOf({ a: new Float32Array(2), b: ['xy', null] })).toBe(1 + 8 + 1 + 1 + 2 + 1 + 8);
});
