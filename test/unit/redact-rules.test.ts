/** Rules of `redact`: every kind of identifier is found, whatever stands around it or hides in it; no text makes them slow. */
import { describe, expect, it } from 'vitest';
import { KINDS, makeIdentifiers } from '../../models/redact/identifiers.ts';
import { ruleSpans } from '../../workers/tasks/redact/rules.ts';

const found = (text: string) =>
  ruleSpans(text).map(({ type, start, end }) => [type, text.slice(start, end)]);

describe('identifiers with right check digits', () => {
  const made = makeIdentifiers(20 * KINDS.length, 20);
  it.each(KINDS.map(({ kind }) => kind))(
    '%s: all of 20 are covered to the last character',
    (kind) => {
      const missed = made.filter((one) => {
        if (one.kind !== kind) return false;
        const spans = ruleSpans(one.text);
        return Array.from({ length: one.value.length }, (_, at) => one.start + at).some(
          (at) =>
            /[\p{L}\p{N}]/u.test(one.text[at] ?? '') &&
            !spans.some((span) => span.start <= at && at < span.end),
        );
      });
      expect(missed.map((one) => one.text)).toEqual([]);
    },
  );
});

describe('what is found', () => {
  it.each<[string, [string, string][]]>([
    [
      'Passport: V64151369, issued 2019-05-01',
      [
        ['passport', 'V64151369'],
        ['date', '2019-05-01'],
      ],
    ],
    ['DB_PASS = "KfX3813SO9l"', [['password', 'KfX3813SO9l']]],
    ['{"db_user": "mgr_6647"}', [['username', 'mgr_6647']]],
    ['She is 50 years old', [['age', '50']]],
    ['geboren am 3. April 1980 in Bonn', [['date_of_birth', '3. April 1980']]],
    ['MRN: MRN-1015952', [['medical_record', 'MRN-1015952']]],
    ['thanks @anna_b, see you', [['username', '@anna_b']]],
    ['GET /u?email=sarah.l13%40mail.example.com&x=1', [['email', 'sarah.l13%40mail.example.com']]],
    ['order no. 48151623', [['other_id', '48151623']]],
    ['see https://docs.example.com/a?b=1.', [['url', 'https://docs.example.com/a?b=1']]],
    ['MAC 0b:7a:fe:2e:80:38', [['other_id', '0b:7a:fe:2e:80:38']]],
    [
      'key eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
      [['password', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc']],
    ],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    'The total is 1,234.50 and the password is wrong.',
    'Version 1.2.3 of the order form; 100 % of 12 units at 3.50 EUR',
    'for (let i = 0; i < 10; i++) a[i] = b::c(i);',
    'Room 12, floor 3, at a speed of 120 km/h',
  ])('nothing in “%s”', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('hidden identifiers', () => {
  it.each([
    ['full-width digits', 'IBAN ＤＥ８９３７０４００４４０５３２０１３０００ ok', 'iban'],
    ['Arabic digits', 'SSN ٥١٢-٤٤-١٢٣٤ ok', 'national_id'],
    ['zero width inside', 'mail anna\u200b@exam\u200dple.com now', 'email'],
    ['direction marks', 'card \u202e4111 1111\u202c 1111 1111 ok', 'credit_card'],
    ['look-alike letters', 'mail nanсу.jоhnson@yаhoo.com now', 'email'],
    ['soft hyphen', 'IBAN DE89 3704 0044\u00ad 0532 0130 00', 'iban'],
  ])('%s', (_, text, type) => {
    const [span, ...rest] = ruleSpans(text).filter((one) => one.type === type);
    expect(rest).toEqual([]);
    expect(span).toBeDefined();
    expect(text.slice(0, span?.start)).toMatch(/^\p{L}+ [\u202e]?$/u);
    expect(text.slice(span?.end)).not.toMatch(/\p{N}/u);
  });
});

describe('a quarter of a megabyte', () => {
  const units = [
    'a',
    '1 ',
    'id: ',
    'A1 ',
    'sk-',
    '@a.',
    'www.',
    '-----BEGIN PRIVATE KEY-----\n',
    '2020-',
    'password=',
    '\u200b',
    '1:1-a',
    'é.com/',
  ];
  it.each(units)('of %j takes well under three seconds', (unit) => {
    const text = unit.repeat(Math.ceil(262_144 / unit.length));
    // Time of the processor, not of the clock: other tests run beside this one.
    const started = process.cpuUsage();
    ruleSpans(text);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
  });
});
