/** docs/serving: the committed configurations are those of the shipped policy, and the container file can be followed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../.ci/project.mjs';
import { caddyConfiguration, nginxConfiguration } from '../../.ci/server-configurations.mjs';

const headers = (...args: string[]): string =>
  execFileSync(process.execPath, ['.ci/headers.mjs', ...args], { cwd: ROOT, encoding: 'utf8' });
const committed = (name: string): string => readFileSync(join(ROOT, 'docs/serving', name), 'utf8');

describe('committed configurations', () => {
  it.each([
    ['nginx', 'nginx.conf'],
    ['caddy', 'Caddyfile'],
  ])('%s: written by the command for the shipped policy', (server, file) => {
    expect(committed(file)).toBe(headers(server));
  });
});

describe.each([
  ['nginx', nginxConfiguration],
  ['caddy', caddyConfiguration],
])('%s', (_name, write) => {
  const site = { policy: null, base: '/', root: '/srv/www', listen: ':8080' };

  it('takes hosts and servers from the policy, and no other words', () => {
    const policy = {
      servers: [{ base_url: 'https://models.example/v1' }],
      frame_ancestors: ['https://a.example', 'https://b.example"; add_header Evil "'],
    };
    const text = write({ ...site, policy });
    expect(text).toContain("connect-src 'self' https://models.example;");
    expect(text).toContain("frame-ancestors 'self' https://a.example\"");
    expect(text).not.toContain('Evil');
  });

  it('lets files be read only where the policy has sandboxed frames', () => {
    const shared = (policy: unknown) => write({ ...site, policy }).match(/"\*"/g)?.length;
    const embed = { origin: 'https://a.example' };
    expect(shared({ embeds: [embed] })).toBe(1);
    expect(shared({ embeds: [{ ...embed, sandboxed: true }] })).toBe(2);
  });
});

describe('the command', () => {
  it.each([
    [['nginx', '--root', '/srv; include /etc/passwd']],
    [['caddy', '--listen', ':80 {\n}']],
    [['nginx', '--base', '/a b/']],
    [['nginx', '--policy', 'missing.json']],
    [['apache']],
    [['check']],
    [['check', 'file:///etc/passwd']],
    [['nginx', '--unknown', 'x']],
  ])('refuses %j with exit code 2', (args) => {
    const run = () =>
      execFileSync(process.execPath, ['.ci/headers.mjs', ...args], { cwd: ROOT, stdio: 'pipe' });
    expect(run).toThrow(expect.objectContaining({ status: 2 }));
  });
});

describe('Containerfile', () => {
  const KNOWN = /^(FROM|ARG|ENV|WORKDIR|COPY|RUN|USER|EXPOSE|HEALTHCHECK)$/;
  const instructions = committed('Containerfile')
    .replace(/^#.*$/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/);
      return { name, words };
    });
  const all = (name: string) => instructions.filter((one) => one.name === name);

  it('has only instructions that every builder knows', () => {
    for (const { name } of instructions) expect(name).toMatch(KNOWN);
    expect(instructions[0]?.name).toBe('FROM');
  });

  it('copies only what is there: from the repository, or from a stage above', () => {
    const stages = all('FROM').flatMap(({ words }) => (words[1] === 'AS' ? [words[2]] : []));
    for (const { words } of all('COPY')) {
      const [first = '', ...rest] = words;
      const stage = /^--from=(.*)$/.exec(first)?.[1];
      const sources = (stage ? rest : words).slice(0, -1);
      if (stage) expect(stages).toContain(stage);
      else for (const source of sources) expect(existsSync(join(ROOT, source)), source).toBe(true);
    }
  });

  it('ends as a user without rights, and says whether it is well', () => {
    expect(all('USER').at(-1)?.words[0]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(all('HEALTHCHECK')).toHaveLength(1);
    for (const { words } of all('FROM')) expect(words[0]).toMatch(/:\d[\w.-]*$/);
  });

  it('leaves out of the copy what the build makes itself', () => {
    const left = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(left).toEqual(expect.arrayContaining(['node_modules', 'dist', '.git']));
  });
});
