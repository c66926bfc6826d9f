/** How `summarize` reads transcripts: the usual forms, what is no transcript, roles, kinds, hostile lines. */
import { describe, expect, test } from 'vitest';
import { readCandidates } from '../../workers/tasks/summarize/candidates.ts';
import { findKind, withRoles } from '../../workers/tasks/summarize/find-kind.ts';
import { readTurns } from '../../workers/tasks/summarize/read-turns.ts';
import { tidy } from '../../workers/tasks/summarize/tidy.ts';

const said = (text: string) =>
  readTurns(text).turns.map(({ speaker, lines }) => [
    speaker,
    lines.map(([a, b]) => text.slice(a, b)).join(' | '),
  ]);
const kindOf = (text: string) => {
  const transcript = readTurns(text);
  return findKind(transcript, readCandidates(text, transcript));
};

describe('forms of transcripts', () => {
  test.each([
    ['labels', 'Doctor: Hello.\nPatient: Hi there.'],
    ['brackets', '[Doctor] Hello.\n[Patient] Hi there.'],
    ['times before', '[00:01:12] Doctor: Hello.\n[00:01:15] Patient: Hi there.'],
    ['times after', 'Doctor (00:01:12): Hello.\nPatient (00:01:15): Hi there.'],
    ['one line', 'Doctor: Hello. Patient: Hi there. Doctor: How are you? Patient: Fine.'],
    ['headings', 'Doctor  00:01\nHello.\nPatient  00:04\nHi there.'],
    [
      'WebVTT voices',
      'WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Doctor>Hello.\n\n2\n00:00:03.000 --> 00:00:04.000\n<v Patient>Hi there.',
    ],
    [
      'SRT',
      '1\n00:00:01,000 --> 00:00:02,000\nDoctor: Hello.\n\n2\n00:00:03,000 --> 00:00:04,000\nPatient: Hi there.',
    ],
    ['messenger', '[12.03.26, 10:22:01] Doctor: Hello.\n[12.03.26, 10:22:09] Patient: Hi there.'],
    ['CRLF', 'Doctor: Hello.\r\nPatient: Hi there.\r\n'],
  ])('%s', (_, text) => {
    expect(said(text).slice(0, 2)).toEqual([
      ['Doctor', 'Hello.'],
      ['Patient', 'Hi there.'],
    ]);
  });

  test('letters as labels, and lines that go on', () => {
    expect(said('A: One\ntwo.\nB: Three.\nA: Four.\nB: Five.')[0]).toEqual(['A', 'One | two.']);
  });

  test('captions without speakers', () => {
    const text =
      '1\n00:00:01,000 --> 00:00:02,000\nwe agreed on\n\n2\n00:00:02,000 --> 00:00:03,000\nthe blue one.';
    expect(
      readCandidates(text, readTurns(text))
        .map((c) => c.said)
        .join(' '),
    ).not.toContain('-->');
  });

  test.each([
    [
      'an e-mail',
      'Subject: Order\nFrom: Anna\nDear team,\nplease note: the order is late.\nRegards',
    ],
    ['addresses', 'See https://example.org/a\nand http://example.org/b'],
    ['prose', 'The doctor came. The patient said: I am well.'],
  ])('no speakers in %s', (_, text) => {
    expect(readTurns(text).speakers).toEqual([]);
  });
});

test('where sentences end', () => {
  const text =
    'A: The pressure is 128 over 82. Your lungs are clear. Dr. Weber saw 3.5 mg. Am 12. Mai kommt er.\nB: Fine.';
  expect(readCandidates(text, readTurns(text)).map((c) => c.said)).toEqual([
    'The pressure is 128 over 82.',
    'Your lungs are clear.',
    'Dr. Weber saw 3.5 mg.',
    'Am 12. Mai kommt er.',
    'Fine.',
  ]);
});

describe('kinds', () => {
  test.each([
    ['consultation', 'Doctor: Where does it hurt?\nPatient: In my back.'],
    ['consultation', 'Arzt: Wo tut es weh?\nPatientin: Im Rücken.'],
    ['consultation', 'Médecin : Où avez-vous mal ?\nPatient : Au dos.'],
    ['call', 'Agent: How can I help?\nCustomer: My parcel is missing.'],
    ['call', 'Kundenservice: Guten Tag.\nKundin: Mein Paket fehlt.'],
    [
      'meeting',
      'Anna: Shall we begin?\nBen: Yes.\nCarla: The agenda is long.\nAnna: Then let us decide.\nBen: Agreed.\nCarla: Fine.',
    ],
    ['text', 'The quarterly report shows more sales. Costs fell by two percent.'],
  ])('%s', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });

  test('two letters in a consultation: the one who asks is the doctor', () => {
    const text =
      'A: What brings you in?\nB: I have a fever and a cough.\nA: Any pain in the chest?\nB: No pain.\nA: Do you take any medication?\nB: Aspirin tablets, and insulin for my diabetes.\nA: Any allergies?\nB: No.';
    const transcript = readTurns(text);
    const candidates = readCandidates(text, transcript);
    expect(findKind(transcript, candidates)).toBe('consultation');
    const roles = withRoles(candidates, 'consultation', transcript.speakers);
    expect(new Set(roles.filter(({ speaker }) => speaker === 'A').map(({ role }) => role))).toEqual(
      new Set(['doctor']),
    );
  });
});

describe('tidying', () => {
  test.each([
    [
      'uh , i was {disfmarker} golfing , um , you know , and i hurt my back .',
      'i was golfing, and i hurt my back.',
    ],
    ["I , I do n't know", "I don't know"],
    [
      'Er kommt um 12 Uhr, um die Leitung zu prüfen',
      'Er kommt um 12 Uhr, um die Leitung zu prüfen',
    ],
    ['No, no, I have not.', 'No, no, I have not.'],
    ['It was two two five.', 'It was two two five.'],
    ['{vocalsound} Mm-hmm .', ''],
    ['<b>Well</b> the router works', 'the router works'],
  ])('%s', (text, tidied) => {
    expect(tidy(text)).toBe(tidied);
  });

  test('numbers and negations survive in every row of words', () => {
    const text = "um no , i did n't take 25 mg , 25 , not 30 , uh , not ever";
    expect(tidy(text).match(/\d+|\bno\b|n't|\bnot\b/g)).toEqual([
      'no',
      "n't",
      '25',
      '25',
      'not',
      '30',
      'not',
    ]);
  });
});

describe('hostile text is read in linear time', () => {
  const mega = 131_072;
  test.each([
    ['one line of words', 'word '.repeat(mega / 5)],
    ['one word', 'x'.repeat(mega)],
    ['colons', 'a: '.repeat(mega / 3)],
    ['brackets', '['.repeat(mega)],
    ['spaces', ' '.repeat(mega)],
    ['dots', '. '.repeat(mega / 2)],
    ['times', '00:00 '.repeat(mega / 6)],
    ['marks', '{a'.repeat(mega / 2)],
    ['roles in one line', 'Go on. Doctor: yes. '.repeat(mega / 20)],
    ['10,000 lines', 'A: b\n'.repeat(10_000)],
    ['10,000 speakers', Array.from({ length: 10_000 }, (_, i) => `S${i}: b`).join('\n')],
  ])(
    '%s',
    (_, text) => {
      const started = process.cpuUsage();
      readCandidates(text, readTurns(text));
      const { user, system } = process.cpuUsage(started);
      // Time of the processor: a busy machine says nothing about the code.
      expect((user + system) / 1000).toBeLessThan(2500);
    },
    10_000,
  );
});
