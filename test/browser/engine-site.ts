/** A site whose policy allows one server of the test and one host page: for pages that share an engine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { completion } from '../servers/hostile.ts';
import { expect, test as base, watch } from './fixture.ts';

/** A server of the policy that answers at once, or when the test lets it. */
export interface Upstairs {
  origin: string;
  /** The `Authorization` header of each question; undefined where there was none. */
  tokens: (string | undefined)[];
  /** From now on questions wait for `release`. */
  hold: () => void;
  release: () => void;
}

interface WorkerFixtures {
  upstairs: Upstairs;
  portal: string;
}

interface Fixtures {
  /** Opens the app in a further tab; the test fails when a tab misbehaves. */
  openTab: () => Promise<Page>;
}

const ANSWER = completion({ label: 'card_arrival', evidence: '' });

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  upstairs: [
    async ({ browserName: _ }, use) => {
      const tokens: Upstairs['tokens'] = [];
      const held: ServerResponse[] = [];
      let isHolding = false;
      const answer = (response: ServerResponse): void => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
      };
      const server = createServer((request, response) => {
        response.setHeader('access-control-allow-origin', '*');
        response.setHeader('access-control-allow-headers', 'content-type, authorization');
        if (request.method === 'OPTIONS') return void response.writeHead(204).end();
        tokens.push(request.headers.authorization);
        request.resume();
        if (isHolding) held.push(response);
        else answer(response);
      });
      const release = (): void => {
        isHolding = false;
        held.splice(0).forEach(answer);
      };
      const origin = await listen(server);
      await use({ origin, tokens, hold: () => (isHolding = true), release });
      await close(server);
    },
    { scope: 'worker' },
  ],
  portal: [
    async ({ browserName: _ }, use) => {
      const server = createServer((_request, response) => {
        response
          .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
          .end(
            '<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,">',
          );
      });
      await use(await listen(server));
      await close(server);
    },
    { scope: 'worker' },
  ],
  policyFile: [
    async ({ upstairs, portal }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-policy-'));
      const file = join(folder, 'policy.json');
      await writeFile(file, JSON.stringify(policyFor(upstairs.origin, portal)));
      await use(file);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  openTab: async ({ context, site, upstairs, portal, allowedProblems }, use) => {
    const watched: string[][] = [];
    await use(async () => {
      const page = await context.newPage();
      watched.push(watch(page, new URL(site.url).origin));
      await page.goto(site.url);
      await page.waitForFunction(() => 'flotilla' in window);
      return page;
    });
    const isExpected = (problem: string): boolean =>
      problem.includes(upstairs.origin) || problem.includes(portal);
    const problems = watched.flat().filter((problem) => !isExpected(problem));
    expect(problems.filter((problem) => !allowedProblems?.test(problem))).toEqual([]);
    upstairs.release();
    upstairs.tokens.length = 0;
  },
});

const policyFor = (origin: string, portal: string): object => ({
  version: 1,
  defaults: {
    tiers: ['rules', 'static', 'encoder', 'slm', 'server', 'person'],
    egress: 'masked',
    consent: 'ask',
    deadline_ms: 120_000,
  },
  servers: [
    { id: 'onprem', base_url: `${origin}/v1`, model: 'any', region: 'eu', timeout_ms: 120_000 },
  ],
  regions: ['eu'],
  embeds: [{ origin: portal }],
});
