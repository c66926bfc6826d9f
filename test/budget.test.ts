/** What a page load and the repository may weigh. Measured on the built app and on the files of the fleet. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DIST, filesBelow, ROOT } from '../.ci/project.mjs';
import type { FleetManifest, SpecialistManifest } from '../src/core/specialist.ts';

const KB = 1000;
const MB = 1000 * KB;

const FLEET = join(ROOT, 'public/fleet');
const fleetFile = join(FLEET, 'fleet.json');
const page = join(DIST, 'index.html');

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
const brotliBytes = (file: string) =>
  existsSync(`${file}.br`)
    ? statSync(`${file}.br`).size
    : brotliCompressSync(readFileSync(file)).length;

/** A page's scripts and styles with everything that they import statically. */
function shellFiles(from = page): string[] {
  const html = readFileSync(from, 'utf8');
  return withImports(
    [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) =>
      join(DIST, match[1] ?? ''),
    ),
  );
}

/** The files, and what they import statically. */
function withImports(files: string[]): string[] {
  const queue = [...files];
  const seen = new Set(queue);
  for (const file of queue) {
    if (!file.endsWith('.js')) continue;
    for (const match of readFileSync(file, 'utf8').matchAll(
      /(?:import|from)\s*["'](\.{1,2}\/[^"']+\.js)["']/g,
    )) {
      const target = join(dirname(file), match[1] ?? '');
      if (!seen.has(target)) queue.push(target);
      seen.add(target);
    }
  }
  return queue;
}

describe.skipIf(!existsSync(page))('page (needs a build: npm run build)', () => {
  it('the shell is at most 120 KB brotli', () => {
    const files = shellFiles();
    expect(files.length).toBeGreaterThan(0);
    expect(sum([page, ...files].map(brotliBytes))).toBeLessThanOrEqual(120 * KB);
  });

  it('no heavy library is reachable from the page without import()', () => {
    for (const file of shellFiles()) {
      expect(readFileSync(file, 'utf8'), file).not.toMatch(/onnxruntime|transformers\.js/);
    }
  });
});

const widget = join(DIST, 'widget.html');

describe.skipIf(!existsSync(widget))('widget (needs a build: npm run build)', () => {
  const weightOf = (files: string[]) => sum([widget, ...files].map(brotliBytes));
  const named = (name: RegExp) =>
    filesBelow(join(DIST, 'assets')).filter((file) => name.test(file.split('/').at(-1) ?? ''));

  it('a host page pays at most 30 KB brotli for the shell and the SDK', () => {
    const files = shellFiles(widget);
    expect(files.length).toBeGreaterThan(1);
    expect(weightOf([...files, join(DIST, 'sdk.js')])).toBeLessThanOrEqual(30 * KB);
  });

  it('the same holds with the form that waits to be used', () => {
    const form = named(/^mount-[^.]+\.(js|css)$/);
    expect(form, 'one script and one style').toHaveLength(2);
    const all = new Set([...shellFiles(widget), ...withImports(form), join(DIST, 'sdk.js')]);
    expect(weightOf([...all])).toBeLessThanOrEqual(30 * KB);
  });

  it('nothing of the engine is reachable without import()', () => {
    for (const file of shellFiles(widget))
      expect(readFileSync(file, 'utf8'), file).not.toMatch(/onnxruntime|router\.worker|comlink/i);
  });
});

const sdk = join(DIST, 'sdk.js');

describe.skipIf(!existsSync(sdk))('SDK (needs a build: npm run build)', () => {
  const code = existsSync(sdk) ? readFileSync(sdk, 'utf8') : '';

  it('is at most 6 KB gzip', () => {
    expect(code).not.toBe('');
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(6 * KB);
  });

  it('is one module that imports nothing', () => {
    expect(code).not.toMatch(/\bimport\b(?!\.meta)|\bfrom\s*["'`]|\brequire\(/);
    expect(code).toMatch(/export ?\{[^}]*\bconnect\b/);
  });
});

describe.skipIf(!existsSync(fleetFile))('fleet (needs public/fleet/fleet.json)', () => {
  const fleet = existsSync(fleetFile)
    ? (JSON.parse(readFileSync(fleetFile, 'utf8')) as FleetManifest)
    : null;
  const bytesOf = (files: { path: string }[], base: string) =>
    sum(files.map(({ path }) => statSync(join(base, path)).size));

  it('the encoder is at most 12 MB to transfer and 24 MB in the repository', () => {
    expect(bytesOf(fleet!.encoder.files, FLEET)).toBeLessThanOrEqual(12 * MB);
    const folder = join(FLEET, dirname(fleet!.encoder.files[0]!.path));
    expect(sum(filesBelow(folder).map((file) => statSync(file).size))).toBeLessThanOrEqual(24 * MB);
  });

  it('the static table is at most 4 MB', () => {
    expect(bytesOf(fleet!.static.files, FLEET)).toBeLessThanOrEqual(4 * MB);
  });

  it('every head is at most 300 KB', () => {
    for (const { id, manifest } of fleet!.specialists) {
      const file = join(FLEET, manifest.path);
      const { files } = JSON.parse(readFileSync(file, 'utf8')) as SpecialistManifest;
      for (const one of files)
        expect(statSync(join(dirname(file), one.path)).size, id).toBeLessThanOrEqual(300 * KB);
    }
  });

  it('every file of the fleet has the size that its manifest says', () => {
    for (const one of [
      ...fleet!.static.files,
      ...fleet!.encoder.files,
      ...fleet!.specialists.map((s) => s.manifest),
    ]) {
      expect(statSync(join(FLEET, one.path)).size, one.path).toBe(one.bytes);
    }
  });

  it('the first static answer needs at most 12 MB: page, workers, static table, heads', () => {
    const scripts = filesBelow(join(DIST, 'assets')).filter((file) => /\.(js|mjs|css)$/.test(file));
    const heads = fleet!.specialists.map(({ manifest }) => {
      const file = join(FLEET, manifest.path);
      const { files } = JSON.parse(readFileSync(file, 'utf8')) as SpecialistManifest;
      return statSync(file).size + bytesOf(files, dirname(file));
    });
    const total = sum(scripts.map(brotliBytes)) + bytesOf(fleet!.static.files, FLEET) + sum(heads);
    expect(total).toBeLessThanOrEqual(12 * MB);
  });
});
