/** The shape of the house: import directions, sizes, names and first lines, as written in the README. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { filesBelow, ROOT } from '../.ci/project.mjs';

const MAX_LINES = 300;
const MAX_COMPOSITION_LINES = 150;
const MAX_SVELTE_LINES = 220;
/** The habit is 40; a little room is left so that nobody splits a function against its sense. */
const MAX_FUNCTION_LINES = 50;
const COMPOSITION = ['src/main.ts', 'src/widget.ts', 'workers/router.worker.ts'];
const BANNED_NAMES = /^(utils?|helpers?|common|misc|managers?|services?|types)(\.|$)/i;
const TASK_FILES = ['README.md', 'golden.json', 'run.ts', 'schema.ts'];

const path = (file: string) => relative(ROOT, file).replaceAll('\\', '/');
const sources = ['src', 'workers']
  .flatMap((folder) => filesBelow(join(ROOT, folder)))
  .map(path)
  .filter((file) => /\.(ts|svelte|css)$/.test(file));
const code = sources.filter((file) => !file.endsWith('.css'));
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Top folder of a source file in the sense of the import rules. */
function partOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top === 'workers') return 'workers';
  return file.split('/').length > 2 ? second : 'root';
}

/** Local files that a file imports, also by `import()` and `new URL(…, import.meta.url)`. */
function importsOf(file: string): string[] {
  const found = text(file).matchAll(/(?:from|import|import\(|new URL\()\s*['"](\.[^'"]+)['"]/g);
  return [...found].map((match) => path(resolve(ROOT, dirname(file), match[1] ?? '')));
}

const ALLOWED: Record<string, string[]> = {
  core: ['core'],
  platform: ['core', 'platform'],
  bridge: ['core', 'platform', 'bridge'],
  state: ['core', 'state'],
  ui: ['core', 'state', 'ui'],
  sdk: ['core', 'sdk'],
  guest: ['core', 'guest'],
  workers: ['core', 'platform', 'workers'],
  root: ['core', 'platform', 'bridge', 'guest', 'state', 'ui', 'root'],
};

/** The places where a page or a worker starts another thread: only its address is imported. */
const STARTS_THREADS = /^(src\/bridge\/|workers\/)/;
/** It knows how to start one in a frame without an origin. */
const STARTER = 'src/platform/start-thread.ts';

describe('imports point one way', () => {
  it.each(code)('%s', (file) => {
    const allowed = ALLOWED[partOf(file)];
    expect(allowed, `${file} lies in a folder that the architecture does not know`).toBeDefined();
    const wrong = importsOf(file).filter((target) => {
      if (STARTS_THREADS.test(file) && /\.worker\.ts(\?|$)/.test(target)) return false;
      return /^(src|workers)\//.test(target) && !allowed?.includes(partOf(target));
    });
    expect(wrong, `${file} may import only from ${allowed?.join(', ')}`).toEqual([]);
  });

  it('threads are started in one place', () => {
    expect(code.filter((file) => /\bnew Worker\(/.test(text(file)))).toEqual([STARTER]);
  });

  it('local imports name their ending', () => {
    const without = code.flatMap((file) =>
      importsOf(file)
        .filter((target) => !/\.[a-z0-9]+$/i.test(target.replace(/\?.*$/, '')))
        .map((target) => `${file} → ${target}`),
    );
    expect(without).toEqual([]);
  });
});

describe('core is pure', () => {
  // Effects of the web platform do not compile there (lib ES2023, no types); these belong to the language.
  const EFFECTS = /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/;
  it.each(code.filter((file) => file.startsWith('src/core/')))('%s', (file) => {
    const withoutComments = text(file)
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
    expect(EFFECTS.exec(withoutComments)?.[0]).toBeUndefined();
  });

  it('its project sees no platform', () => {
    const { compilerOptions } = JSON.parse(text('src/core/tsconfig.json')) as {
      compilerOptions: { lib: string[]; types: string[] };
    };
    expect(compilerOptions).toMatchObject({ lib: ['ES2023'], types: [] });
  });
});

describe('files stay small', () => {
  it('no file is longer than its limit', () => {
    const tooLong = code
      .map((file) => ({ file, lines: text(file).trimEnd().split('\n').length }))
      .filter(({ file, lines }) => lines > limitOf(file))
      .map(({ file, lines }) => `${file}: ${lines} lines, at most ${limitOf(file)}`);
    expect(tooLong).toEqual([]);
  });

  it('no function is longer than its limit', () => {
    const tooLong = code.filter((file) => file.endsWith('.ts')).flatMap(longFunctions);
    expect(tooLong).toEqual([]);
  });
});

describe('names and shape', () => {
  it('no file or folder has a name that says nothing', () => {
    const parts = [...sources, ...filesBelow(join(ROOT, 'test')).map(path)].flatMap((file) =>
      file.split('/'),
    );
    expect([...new Set(parts)].filter((part) => BANNED_NAMES.test(part))).toEqual([]);
  });

  it('every source file begins with what it is for', () => {
    const silent = sources.filter(
      (file) => !/^(\/\*\*?|\/\/|<!--)\s+\S/.test(text(file).trimStart()),
    );
    expect(silent).toEqual([]);
  });

  it('every task folder has its four files', () => {
    const tasks = join(ROOT, 'workers/tasks');
    const folders = existsSync(tasks)
      ? readdirSync(tasks, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      : [];
    for (const { name } of folders) {
      expect(readdirSync(join(tasks, name)), name).toEqual(expect.arrayContaining(TASK_FILES));
    }
  });
});

function limitOf(file: string): number {
  if (COMPOSITION.includes(file)) return MAX_COMPOSITION_LINES;
  return file.endsWith('.svelte') ? MAX_SVELTE_LINES : MAX_LINES;
}

/** Functions above the limit. Functions inside a function count for themselves, so a factory may hold several. */
function longFunctions(file: string): string[] {
  const source = ts.createSourceFile(basename(file), text(file), ts.ScriptTarget.ES2023, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const found: string[] = [];
  /** Lines of all functions directly inside `node`. */
  const visit = (node: ts.Node): number => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += visit(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return inner;
    const lines = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
    if (lines - inner > MAX_FUNCTION_LINES) {
      found.push(`${file}:${lineOf(node.getStart()) + 1}: ${lines - inner} lines of its own`);
    }
    return lines > 1 ? lines : 0;
  };
  visit(source);
  return found;
}
