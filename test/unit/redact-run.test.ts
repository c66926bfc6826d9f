/** Task `redact` as it is shipped: the golden texts through run.ts and the files of the specialist, and the wrong calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { fail, ok } from '../../src/core/failure.ts';
import type { Work, WorkManifest, WorkPorts } from '../../src/core/work.ts';
import golden from '../../workers/tasks/redact/golden.json' with { type: 'json' };
import { restoreText } from '../../workers/tasks/redact/placeholders.ts';
import { run } from '../../workers/tasks/redact/run.ts';
import { OutputSchema } from '../../workers/tasks/redact/schema.ts';

const FOLDER = join(import.meta.dirname, '../../public/fleet/personal-data/1.0.0');
const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as WorkManifest;

const ports = (changes: Partial<WorkPorts> = {}): WorkPorts => ({
  now: () => 0,
  deadlineAt: 1000,
  signal: undefined,
  tiers: ['rules'],
  embed: () => Promise.resolve(fail('runtime_failed', 'not asked')),
  tokens: () => Promise.resolve(fail('runtime_failed', 'not asked')),
  file: (name) =>
    Promise.resolve(ok(new Uint8Array(gunzipSync(readFileSync(join(FOLDER, `${name}.gzip`)))))),
  slm: {
    modelFor: () => Promise.resolve(null),
    generate: () => Promise.resolve(fail('unknown_model', 'not asked')),
  },
  onProgress: () => undefined,
  ...changes,
});
const work = (text: string, input?: unknown, language: string | null = null): Work => ({
  document: {
    ...documentOfText(text),
    language: language === null ? null : { code: language, score: 1 },
  },
  input,
  manifest,
});

async function redacted(text: string, input?: unknown) {
  const result = await run(work(text, input), ports());
  if (!result.ok || result.value.output === null) throw new Error(JSON.stringify(result));
  return { ...result.value, output: result.value.output };
}

describe('golden', () => {
  it.each(golden)('$text', async ({ text, input, redacted: expected }) => {
    const { output, basis, confidence } = await redacted(text, input);
    expect(output.text).toBe(expected);
    expect(v.is(OutputSchema, output)).toBe(true);
    expect(restoreText(output, text)).toBe(text);
    expect([basis, confidence > 0 && confidence <= 1]).toEqual(['measured', true]);
  });

  it.each(manifest.examples.map(({ title, text }) => [title, text ?? '']))(
    'example “%s”: sorted, without overlaps, no value in the output',
    async (_, text) => {
      const { output } = await redacted(text);
      expect(output.entities.length).toBeGreaterThan(8);
      let end = 0;
      for (const entity of output.entities) {
        expect(entity.start).toBeGreaterThanOrEqual(end);
        end = entity.end;
        const value = text.slice(entity.start, entity.end);
        if (value.length > 5) expect(output.text).not.toContain(value);
      }
    },
  );
});

describe('wrong calls and limits', () => {
  const codeOf = async (text: string, input?: unknown, changes?: Partial<WorkPorts>) => {
    const result = await run(work(text, input), ports(changes));
    return result.ok ? 'ok' : result.failure.code;
  };

  it('say what is wrong', async () => {
    expect(await codeOf(' \n')).toBe('empty_input');
    expect(await codeOf('x', { types: ['nonsense'] })).toBe('bad_request');
    expect(await codeOf('x', { keep: [''] })).toBe('bad_request');
    expect(await codeOf('x'.repeat(1_048_577))).toBe('input_too_long');
    expect(await codeOf('Anna Meier', undefined, { now: () => 2000 })).toBe('deadline');
    expect(await codeOf('Anna Meier', undefined, { signal: AbortSignal.abort() })).toBe(
      'cancelled',
    );
  });

  it('a language that was not practised is a doubt', async () => {
    const result = await run(work('Jina langu ni Asha', undefined, 'sw'), ports());
    expect(result.ok && result.value.doubts.length).toBe(1);
  });
});
