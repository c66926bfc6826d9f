/** The shipped specialists of task `extract` on the documents of golden.json: what must come out, with its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../.ci/project.mjs';
import { documentOfText } from '../../src/core/document.ts';
import type { ExtractedField } from '../../src/core/outputs.ts';
import type { WorkManifest, WorkPorts } from '../../src/core/work.ts';
import golden from '../../workers/tasks/extract/golden.json' with { type: 'json' };
import { run } from '../../workers/tasks/extract/run.ts';
import { OutputSchema } from '../../workers/tasks/extract/schema.ts';
import { readModel } from '../../workers/tasks/extract/trees.ts';

const read = (id: string, name: string): Buffer =>
  readFileSync(join(ROOT, 'public/fleet', id, '1.0.0', name));
const manifestOf = (id: string): WorkManifest =>
  JSON.parse(read(id, 'manifest.json').toString('utf8')) as WorkManifest;
const portsOf = (id: string): WorkPorts =>
  ({
    now: () => performance.now(),
    deadlineAt: Infinity,
    signal: undefined,
    tiers: ['rules'],
    file: () =>
      Promise.resolve({ ok: true, value: new Uint8Array(gunzipSync(read(id, 'model.json.gzip'))) }),
  }) as unknown as WorkPorts;

const extract = (id: string, text: string, invoiceXml: string | null = null) =>
  run(
    {
      document: { ...documentOfText(text), invoiceXml },
      input: undefined,
      manifest: manifestOf(id),
    },
    portsOf(id),
  );

describe('golden.json', () => {
  it.each(golden.cases)('$name', async ({ specialist, text, expected, doubts, ...more }) => {
    const xml = 'xml' in more ? more.xml : null;
    const result = await extract(specialist, text, xml);
    if (!result.ok) throw new Error(result.failure.message);
    const { output, basis, confidence } = result.value;
    expect(v.is(OutputSchema, output)).toBe(true);
    const fields = output?.fields ?? {};
    for (const [name, value] of Object.entries(expected))
      expect([name, fields[name]?.value]).toEqual([name, value]);
    for (const words of doubts) expect(result.value.doubts.join(' ')).toContain(words);
    if (doubts.length === 0) expect(result.value.doubts).toEqual([]);
    expect(basis).toBe(xml ? 'exact' : 'measured');
    expect(confidence).toBeGreaterThanOrEqual(0);
    if (!xml) for (const field of Object.values(fields)) spanHolds(text, field);
  });

  /** The span of a text value holds its letters. */
  function spanHolds(text: string, { value, span, problems }: ExtractedField): void {
    if (typeof value !== 'string' || !span) return;
    const letters = (some: string): string => some.replace(/[^\p{L}\d]/gu, '').toLowerCase();
    const shown = letters(text.slice(...span));
    if (
      !/^\d{4}-\d\d-\d\d$/.test(value) &&
      !/^-?\d+\.\d+$/.test(value) &&
      value.length > 3 &&
      problems.length === 0
    )
      expect(shown).toContain(letters(value));
    else expect(shown.length).toBeGreaterThan(0);
  }
});

describe('bad input', () => {
  it('an empty document is told so', async () => {
    const result = await extract('receipts', '  \n ');
    expect(result.ok ? 'ok' : result.failure.code).toBe('empty_input');
  });

  it.each(['receipts', 'invoices'])(
    '%s: text that is none of its business names nothing surely',
    async (id) => {
      const result = await extract(
        id,
        'Dear all,\nthe picnic is moved to the park.\nBring some bread.\nSee you there',
      );
      if (!result.ok) throw new Error(result.failure.message);
      expect(result.value.output?.fields['total_gross']?.value).toBeNull();
      expect(result.value.confidence).toBeLessThan(0.5);
    },
  );

  it('XML that is broken is read from the page instead, and says so', async () => {
    const { text } = golden.cases.find(({ name }) => name === 'a German invoice as text') ?? {
      text: '',
    };
    const result = await extract('invoices', text, '<Invoice><a></Invoice>');
    expect(result.ok && result.value.doubts.join()).toMatch(/cannot be read/);
    expect(result.ok && result.value.basis).toBe('measured');
  });

  it('ten thousand lines of digits end in time', async () => {
    const from = performance.now();
    const result = await extract(
      'receipts',
      Array.from({ length: 10_000 }, (_, i) => `${i}  ${i}.00  TOTAL`).join('\n'),
    );
    expect(result.ok && result.value.doubts.join()).toMatch(/longer than/);
    expect(performance.now() - from).toBeLessThan(20_000);
  });

  it('a model file of another shape is refused', () => {
    for (const text of [
      '',
      '{}',
      '[]',
      '{"scorers":{"a":{"width":1,"base":0,"trees":[{"feature":[0],"threshold":[0],"left":[0],"right":[0],"value":[0]}]}},"calibrations":{}}',
    ]) {
      const model = readModel(new TextEncoder().encode(text));
      expect(model.ok ? 'read' : model.failure.code).toBe('file_corrupt');
    }
  });
});
