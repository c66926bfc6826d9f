/** Masking: what is found, what is left alone, that it comes back, and that no input makes it slow. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifiersIn, mask, unmask } from '../../src/core/mask.ts';

const typesIn = (text: string) => Object.keys(mask(text).counts);

describe('is masked', () => {
  it.each([
    ['write to anna.meier+shop@mail.example.co.uk.', 'email', 'write to [EMAIL_1].'],
    ['mail jörg@müller.de now', 'email', 'mail [EMAIL_1] now'],
    ['<a@b.io>', 'email', '<[EMAIL_1]>'],
    ['call +49 30 1234567 today', 'phone', 'call [PHONE_1] today'],
    ['+1 (212) 555-0199', 'phone', '[PHONE_1]'],
    ['(212) 555-0199', 'phone', '[PHONE_1]'],
    ['my number is 555-0199', 'phone', 'my number is [PHONE_1]'],
    ['06 12 34 56 78', 'phone', '[PHONE_1]'],
    ['020 7946 0958', 'phone', '[PHONE_1]'],
    ['IBAN DE89 3704 0044 0532 0130 00, thanks', 'iban', 'IBAN [IBAN_1], thanks'],
    ['gb82west12345698765432', 'iban', '[IBAN_1]'],
    ['card 4111 1111 1111 1111 exp', 'card', 'card [CARD_1] exp'],
    ['4111-1111-1111-1111', 'card', '[CARD_1]'],
    ['378282246310005', 'card', '[CARD_1]'],
    ['from 192.168.0.12 at', 'ip', 'from [IP_1] at'],
    ['host 2001:db8::8a2e:370:7334.', 'ip', 'host [IP_1].'],
    ['::1', 'ip', '[IP_1]'],
    ['https://bob:s3cret@host.example/x', 'secret', 'https://[SECRET_1]@host.example/x'],
    [
      'https://h.example/?a=1&api_key=abc%20d&b=2',
      'secret',
      'https://h.example/?a=1&api_key=[SECRET_1]&b=2',
    ],
    [
      'https://h.example/cb#access_token=ey.J0',
      'secret',
      'https://h.example/cb#access_token=[SECRET_1]',
    ],
  ])('%s', (text, type, masked) => {
    expect(mask(text).masked).toBe(masked);
    expect(typesIn(text)).toEqual([type]);
  });
});

describe('is left alone', () => {
  it.each([
    'order 4711 0815 2342',
    'invoice no. 2024-000123456',
    'order number 0301234567',
    'delivered on 2024-01-15 at 08:30',
    'from 01.02.2024 to 05.02.2024',
    '12/11/2023',
    'IBAN DE89 3704 0044 0532 0130 03',
    'card 4111 1111 1111 1112',
    'version 1.2.3',
    'std::vector and a::b',
    '12:34:56',
    'it costs 1,234,567.89 or 1.234.567,89',
    'the ratio 3.14159265358979',
    'me@home and @you',
    'https://h.example/?page=2&tokens=5',
    '256.1.1.1',
  ])('%s', (text) => {
    expect(mask(text).masked).toBe(text);
  });
});

describe('placeholders', () => {
  it('are the same for the same value and differ for others', () => {
    expect(mask('a@b.io, c@d.io, a@b.io').masked).toBe('[EMAIL_1], [EMAIL_2], [EMAIL_1]');
  });

  it('that the text holds already are not given out and not restored', () => {
    const { masked, restore } = mask('[EMAIL_1] is not a@b.io');
    expect(masked).toBe('[EMAIL_1] is not [EMAIL_2]');
    expect(unmask(masked, restore)).toBe('[EMAIL_1] is not a@b.io');
  });

  it('do not shield a secret that holds one', () => {
    expect(mask('https://x.example/?token=[EMAIL_1]s3cret').masked).toBe(
      'https://x.example/?token=[SECRET_1]',
    );
  });

  it('are restored inside the strings of a JSON text', () => {
    const { masked, restore } = mask('mail "x" a@b.io');
    const answer = unmask(JSON.stringify({ label: 'x', evidence: masked }), restore);
    expect(JSON.parse(answer)).toEqual({ label: 'x', evidence: 'mail "x" a@b.io' });
  });
});

const pieces = fc.oneof(
  fc.constantFrom(
    'a.b@c.example',
    'x@y.de',
    '+49 30 1234567',
    '(212) 555-0199',
    'DE89370400440532013000',
    'GB82 WEST 1234 5698 7654 32',
    '4111 1111 1111 1111',
    '378282246310005',
    '10.0.0.1',
    'fe80::1',
    'https://u:p@h.example/?token=abc',
    '?key=',
    '[EMAIL_1]',
    '[SECRET_1]',
    'call ',
    '@',
    '.',
    ' ',
    '-',
    '\n',
    ']',
    '[',
    '_1]',
    '0',
    '00',
    '+',
    '::',
    '"',
    '\\',
    '\u0000',
    '\ud800',
  ),
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.stringMatching(/^[0-9 .:()+@a-f-]{0,24}$/),
);
const texts = fc.array(pieces, { maxLength: 24 }).map((all) => all.join(''));

describe('for any text', () => {
  it('nothing that is found remains, and restoring gives the text back', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { masked, restore, complete } = mask(text);
        expect(complete).toBe(true);
        expect(identifiersIn(masked, restore)).toEqual([]);
        expect(unmask(masked, restore)).toBe(text);
        expect(JSON.parse(unmask(JSON.stringify(masked), restore))).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });

  it('a well-formed address in it does not leave', () => {
    const email = fc.emailAddress().filter((one) => /^[a-z0-9][^/=?&]*@/i.test(one));
    fc.assert(
      fc.property(email, fc.ipV4(), texts, (mail, ip, text) => {
        const { masked } = mask(`${mail} ${text} ${ip} end`);
        expect(masked.startsWith(mail)).toBe(false);
        expect(masked.endsWith(` ${ip} end`)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('one megabyte', () => {
  const units = [
    'a',
    '1',
    '@',
    'a@',
    'a@a.',
    '1 ',
    '1.',
    '(1',
    ':',
    '1:',
    'a::',
    '+',
    '[EMAIL_1]',
    'DE89',
    'a://',
    'a://b',
    '?key=',
    'document-1',
    ' ',
    'é',
    '\ud83d\ude00',
    'a'.repeat(250) + '(@',
    '4111 ',
  ];
  it.each(units)('of %j does not stall', (unit) => {
    const text = unit.repeat(Math.ceil(1_048_576 / unit.length));
    const started = performance.now();
    const { masked, restore } = mask(text);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(unmask(masked, restore)).toBe(text);
  });
});
