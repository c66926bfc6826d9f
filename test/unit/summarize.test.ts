/** Task `summarize` over its shipped scorer: golden answer, examples, hard cases, what stops it. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { portsInNode, shippedManifest, workOf } from '../../models/transcripts/ports-in-node.ts';
import { fail } from '../../src/core/failure.ts';
import type { SummarizeOutput } from '../../src/core/outputs.ts';
import type { Finding, WorkPorts } from '../../src/core/work.ts';
import golden from '../../workers/tasks/summarize/golden.json' with { type: 'json' };
import { run } from '../../workers/tasks/summarize/run.ts';
import { OutputSchema } from '../../workers/tasks/summarize/schema.ts';
import { supportProblems } from '../../workers/tasks/summarize/support.ts';

const ports = portsInNode();

async function summarize(text: string, input?: unknown, changes: Partial<WorkPorts> = {}) {
  const found = await run(workOf(text, input), { ...ports, ...changes });
  if (!found.ok) throw new Error(`${found.failure.code}: ${found.failure.message}`);
  const { output } = found.value;
  if (!output) throw new Error('no output');
  expect(v.is(OutputSchema, output)).toBe(true);
  for (const point of output.points)
    for (const { start, end } of point.evidence) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  return { ...found.value, output } satisfies Finding<SummarizeOutput>;
}

const codeOf = async (...given: Parameters<typeof run>): Promise<string> => {
  const found = await run(...given);
  return found.ok ? 'ok' : found.failure.code;
};

const VISIT =
  'Doctor: What brings you in?\nPatient: I have had a bad cough for three weeks.\nDoctor: Do you smoke?\nPatient: No.\nDoctor: Are you allergic to any medication?\nPatient: Yes, penicillin gives me a rash.\nDoctor: Your lungs are clear and your blood pressure is 128 over 82.\nDoctor: I think this is bronchitis. I will prescribe an inhaler, two puffs twice a day.';

test('golden answer', async () => {
  const { output } = await summarize(golden.call.text);
  expect(output).toEqual(golden.call.output);
});

test.each(
  shippedManifest().examples.map(({ title, text = '', input }) => ({ title, text, input })),
)('example: $title', async ({ text, input }) => {
  const { output, basis, doubts } = await summarize(text, input);
  expect(basis).toBe('draft');
  expect(doubts).toEqual([]);
  expect(new Set(output.points.map(({ section }) => section)).size).toBeGreaterThanOrEqual(3);
});

describe('a consultation', () => {
  test('is a SOAP note in report style, every point supported by its lines', async () => {
    const { output, confidence, tier } = await summarize(VISIT);
    expect(output.summary).toContain('Has had a bad cough for 3 weeks.');
    expect(output.summary).toMatch(/Does not smoke\./);
    expect(tier).toBe('static');
    expect(confidence).toBeGreaterThan(0.2);
    for (const { text, evidence } of output.points)
      expect(
        supportProblems(
          text,
          evidence.map(({ start, end }) => VISIT.slice(start, end)),
          true,
        ),
      ).toEqual([]);
  });

  test('without the static tier the heads without vectors answer, and nothing is claimed', async () => {
    const { output, confidence, tier } = await summarize(VISIT, undefined, { tiers: ['rules'] });
    expect(tier).toBe('rules');
    expect(confidence).toBe(0);
    expect(output.points.length).toBeGreaterThan(1);
    const failing = await summarize(VISIT, undefined, {
      embed: () => Promise.resolve(fail('runtime_failed', 'gone')),
    });
    expect(failing.output).toEqual(output);
  });

  test('contradictions are both kept and named', async () => {
    const { output, doubts } = await summarize(
      'Doctor: Hello.\nPatient: I take 5 milligrams of ramipril every morning for my blood pressure.\nDoctor: I see.\nPatient: I take 10 milligrams of ramipril every morning for my blood pressure.',
    );
    expect(output.points.filter(({ text }) => text.includes('ramipril'))).toHaveLength(2);
    expect(doubts.join()).toContain('may contradict');
  });
});

describe('calls in other languages', () => {
  test.each([
    [
      'German',
      'Kundenservice: Guten Tag, was kann ich für Sie tun?\nKundin: Mein Internet funktioniert nicht seit Montag, die Leitung ist gestört.\nKundenservice: Ich habe Ihnen 12 Euro gutgeschrieben, die Störung ist behoben.\nKundenservice: Ich werde Sie bis Freitag zurückrufen, um die Leitung zu prüfen.\nKundin: Danke.',
      ['seit Montag', 'gutgeschrieben', 'bis Freitag'],
    ],
    [
      'French',
      "Conseiller : Bonjour, en quoi puis-je vous aider ?\nCliente : Ma commande 4471 n'est pas arrivée, il y a un problème de livraison.\nConseiller : Je vois que le colis est perdu, le remboursement de 25 euros est validé.\nConseiller : Vous recevrez un nouveau colis d'ici vendredi.\nCliente : Merci.",
      ['4471', 'remboursement', "d'ici vendredi"],
    ],
  ])('%s', async (_, text, wanted) => {
    const { output } = await summarize(text);
    const sections = ['issue', 'resolution', 'actions'];
    wanted.forEach((words, i) => {
      const point = output.points.find(({ text: said }) => said.includes(words));
      expect(point?.section, words).toBe(sections[i]);
    });
  });
});

describe('what it is asked', () => {
  test('a question moves the summary', async () => {
    const text =
      'Anna: The budget for the trade fair is 12,000 euros this year.\nBen: The new logo should be blue, the old green one looks tired.\nCarla: The hall is booked from the third of May.\nAnna: Fine.\nBen: The logo colours were tested with forty customers.\nCarla: Travel costs are part of the budget.';
    const { output, confidence } = await summarize(text, {
      query: 'What was said about the logo?',
    });
    expect(output.points[0]?.text).toContain('logo');
    expect(output.points.every(({ section }) => section === undefined)).toBe(true);
    expect(confidence).toBe(0);
  });

  test('the kind can be named', async () => {
    const { doubts } = await summarize('I have a cough. It hurts. My lungs burn when I run.', {
      kind: 'consultation',
    });
    expect(doubts.join()).toContain('No speakers');
  });

  test.each([[{ kind: 'opera' }], [{ query: 'x'.repeat(501) }], ['short'], [7]])(
    '%j is a bad request',
    async (input) => {
      expect(await codeOf(workOf('Some text.', input), ports)).toBe('bad_request');
    },
  );
});

describe('short and odd texts', () => {
  test.each([
    ['one line', 'Patient: I have a headache.'],
    ['one word', 'Hello'],
    ['no letters', '... --- ...'],
    [
      'prototype names',
      'constructor: __proto__ is here.\ntoString: hasOwnProperty said so.\nconstructor: valueOf too.',
    ],
    [
      'an e-mail',
      'Dear team,\n\nthe delivery of 40 chairs is late by two weeks.\nPlease move the opening to 12 May.\n\nRegards\nAnna',
    ],
  ])('%s', async (_, text) => {
    const { output, basis } = await summarize(text);
    expect(basis).toBe('draft');
    if (output.points.length === 0) expect(output.summary).toBe('');
  });

  test('an e-mail is read without quotes and signature', async () => {
    const text = 'The delivery of chairs is late.\n> The secret of the quote stays out.';
    const work = workOf(text);
    const email = {
      from: '',
      to: '',
      subject: '',
      date: '',
      body: [0, 31] as [number, number],
      quoted: null,
      signature: null,
      attachments: [],
    };
    const found = await run({ ...work, document: { ...work.document, email } }, ports);
    expect(found.ok && found.value.output?.summary).toBe('The delivery of chairs is late.');
  });
});

describe('what stops it', () => {
  test('nothing to read, too much, a broken scorer', async () => {
    expect(await codeOf(workOf(' \n'), ports)).toBe('empty_input');
    expect(await codeOf(workOf('a'.repeat(4 * 1_048_576 + 1)), ports)).toBe('input_too_long');
    const broken = {
      ...ports,
      file: () => Promise.resolve({ ok: true as const, value: new Uint8Array([123]) }),
    };
    expect(await codeOf(workOf(VISIT), broken)).toBe('file_corrupt');
  });

  test('cancel between chunks, and the deadline', async () => {
    const stop = new AbortController();
    const embed: WorkPorts['embed'] = async (tier, texts) => {
      stop.abort();
      return ports.embed(tier, texts);
    };
    const text = VISIT.repeat(60);
    expect(await codeOf(workOf(text), { ...ports, embed, signal: stop.signal })).toBe('cancelled');
    expect(await codeOf(workOf(text), { ...ports, deadlineAt: 0, now: () => 1 })).toBe('deadline');
  });
});
