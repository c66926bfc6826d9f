/** Finds a Chromium: CHROME_PATH, then the system's browsers, then the one that Playwright installed. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/** @returns {string[]} */
function candidates() {
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
    'microsoft-edge',
  ];
  const folders = (process.env.PATH ?? '').split(delimiter);
  /** @type {Record<string, string[]>} */
  const elsewhere = {
    darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((name) =>
      ['/Applications', join(homedir(), 'Applications')].map((at) =>
        join(at, `${name}.app/Contents/MacOS/${name}`),
      ),
    ),
    win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) =>
      ['Google\\Chrome', 'Chromium', 'Microsoft\\Edge'].flatMap((product) =>
        ['chrome.exe', 'msedge.exe'].map((exe) =>
          join(process.env[variable] ?? '', product, 'Application', exe),
        ),
      ),
    ),
  };
  return [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...(elsewhere[process.platform] ?? []),
  ];
}

/** @returns {string | null} path of the executable */
export function findChromium() {
  const given = process.env.CHROME_PATH;
  if (given) return existsSync(given) ? given : null;
  return (
    [...candidates(), chromium.executablePath()].find((path) => path && existsSync(path)) ?? null
  );
}
