/** The real nginx and the real Caddy, with the configurations that this project writes, on this machine only. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../.ci/project.mjs';

const START_LIMIT_MS = 20_000;
const ASK_AGAIN_MS = 100;

/** Where .ci/run unpacks Debian's packages, if they are not installed. */
const UNPACKED = join(ROOT, 'node_modules/.cache/web-servers');

export type WebServer = 'nginx' | 'caddy';

/** @returns path of the executable; null where there is none */
export function findWebServer(name: WebServer): string | null {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    join(UNPACKED, 'usr/sbin'),
    join(UNPACKED, 'usr/bin'),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

interface Deployment {
  /** Document root; the build lies below it at `base`. */
  root: string;
  base: string;
  policyFile: string;
}

/** Serves a build with what `npm run headers -- nginx|caddy` prints. */
export async function startWebServer(
  name: WebServer,
  { root, base, policyFile }: Deployment,
): Promise<{ url: string; close: () => void }> {
  const executable = findWebServer(name);
  if (executable === null) throw new Error(`${name} is not installed.`);
  const folder = mkdtempSync(join(tmpdir(), `flotilla-${name}-`));
  const port = await freePort();
  const listen = name === 'nginx' ? `127.0.0.1:${port}` : `http://127.0.0.1:${port}`;
  const options = ['--policy', policyFile, '--base', base, '--root', root, '--listen', listen];
  const configuration = execFileSync(
    process.execPath,
    [join(ROOT, '.ci/headers.mjs'), name, ...options],
    { encoding: 'utf8' },
  );
  const child = START[name](executable, folder, configuration);
  const close = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}${base}`;
  try {
    await answers(`${url}policy.json`, child);
  } catch (error) {
    close();
    throw error;
  }
  return { url, close };
}

const START: Record<WebServer, (path: string, folder: string, text: string) => ChildProcess> = {
  nginx(path, folder, text) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => {
      mkdirSync(join(folder, kind));
      return `${kind}_temp_path ${folder}/${kind};`;
    });
    writeFileSync(join(folder, 'site.conf'), text);
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr warn;
      events {} http { access_log off; ${temporary.join(' ')} include ${folder}/site.conf; }`,
    );
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    return spawn(path, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  },
  caddy(path, folder, text) {
    writeFileSync(join(folder, 'Caddyfile'), text);
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const args = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
    return spawn(path, args, { env, stdio: 'ignore' });
  },
};

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}.`);
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  throw new Error(`${url} did not answer.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
