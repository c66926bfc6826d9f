/** How tax numbers, addresses of the net, payment numbers and labelled codes are made. */
import {
  below,
  checked,
  day,
  digit,
  digits,
  dotted,
  group,
  iban,
  isoDigit,
  lead,
  letters,
  luhnDigit,
  month,
  two,
  type Kind,
} from './draw.ts';

export const CODES: readonly Kind[] = [
  {
    kind: 'e-mail',
    type: 'email',
    make: (r) =>
      `${letters(r, 4).toLowerCase()}.${letters(r, 5).toLowerCase()}${below(r, 99)}@${letters(r, 6).toLowerCase()}.${['com', 'de', 'co.uk', 'io', 'museum'][below(r, 5)]}`,
  },
  {
    kind: 'phone, international',
    type: 'phone',
    make: (r) =>
      `+${['49 30', '44 20', '33 1', '34 91', '39 06', '1 212', '91 22', '81 3'][below(r, 8)]} ${lead(r, 3)} ${digits(r, 4)}`,
  },
  {
    kind: 'phone, US',
    type: 'phone',
    make: (r) =>
      `(${2 + below(r, 8)}${digits(r, 2)}) ${2 + below(r, 8)}${digits(r, 2)}-${digits(r, 4)}`,
  },
  {
    kind: 'URL',
    type: 'url',
    make: (r) => `https://www.${letters(r, 7).toLowerCase()}.com/${letters(r, 5).toLowerCase()}`,
  },
  {
    kind: 'IPv4',
    type: 'ip',
    make: (r) => `${1 + below(r, 250)}.${below(r, 256)}.${below(r, 256)}.${below(r, 256)}`,
  },
  {
    kind: 'IPv6',
    type: 'ip',
    make: (r) =>
      `2001:db8:${letters(r, 4, '0123456789abcdef')}::${letters(r, 3, '123456789abcdef')}`,
  },
  {
    kind: 'IBAN, DE',
    type: 'iban',
    make: (r) => group(iban('DE', 22, digits(r, 18)), [4, 4, 4, 4, 4, 2], r() < 0.5 ? ' ' : ''),
  },
  { kind: 'IBAN, GB', type: 'iban', make: (r) => iban('GB', 22, letters(r, 4) + digits(r, 14)) },
  { kind: 'IBAN, FR', type: 'iban', make: (r) => iban('FR', 27, digits(r, 23)) },
  { kind: 'IBAN, NL', type: 'iban', make: (r) => iban('NL', 18, letters(r, 4) + digits(r, 10)) },
  {
    kind: 'card',
    type: 'credit_card',
    make: (r) =>
      group(
        checked(
          r,
          () => `${['4', '51', '55', '2221'][below(r, 4)]}${digits(r, 14)}`.slice(0, 15),
          luhnDigit,
        ),
        [4, 4, 4, 4],
        ['', ' ', '-'][below(r, 3)] as string,
      ),
  },
  {
    kind: 'card, Amex',
    type: 'credit_card',
    make: (r) => checked(r, () => `37${digits(r, 12)}`, luhnDigit),
  },
  {
    kind: 'passport',
    type: 'passport',
    label: 'passport no.',
    make: (r) => `${letters(r, 1)}${digits(r, 8)}`,
  },
  {
    kind: 'plate',
    type: 'license_plate',
    label: 'license plate',
    make: (r) =>
      [
        `B-${letters(r, 2)} ${lead(r, 4)}`,
        `${letters(r, 3)} ${digits(r, 4)}`,
        `${letters(r, 2)}${digits(r, 2)} ${letters(r, 3)}`,
      ][below(r, 3)] as string,
  },
  {
    kind: 'routing number',
    type: 'bank_account',
    label: 'routing number',
    make: (r) =>
      checked(
        r,
        () => `0${digits(r, 7)}`,
        (b) => digit((10 - (dotted([3, 7, 1, 3, 7, 1, 3, 7], b) % 10)) % 10),
      ),
  },
  {
    kind: 'sort code',
    type: 'bank_account',
    label: 'sort code',
    make: (r) => group(digits(r, 6), [2, 2, 2], '-'),
  },
  {
    kind: 'bank account',
    type: 'bank_account',
    label: 'account number',
    make: (r) => lead(r, 8 + below(r, 3)),
  },
  { kind: 'medical record', type: 'medical_record', label: 'MRN', make: (r) => digits(r, 7) },
  {
    kind: 'date of birth',
    type: 'date_of_birth',
    label: 'born on',
    make: (r) => `${day(r)}.${month(r)}.${1930 + below(r, 80)}`,
  },
  {
    kind: 'password',
    type: 'password',
    label: 'password:',
    make: (r) => `${letters(r, 3).toLowerCase()}${digits(r, 2)}!${letters(r, 4)}`,
  },
  {
    kind: 'API key',
    type: 'password',
    make: (r) => `sk-${letters(r, 32, 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNP0123456789')}`,
  },
  {
    kind: 'user name',
    type: 'username',
    label: 'username:',
    make: (r) => `${letters(r, 6).toLowerCase()}_${below(r, 99)}`,
  },
  { kind: 'order number', type: 'other_id', label: 'order no.', make: (r) => lead(r, 8) },
  { kind: 'VAT, DE', type: 'tax_id', make: (r) => `DE${checked(r, () => lead(r, 8), isoDigit)}` },
  { kind: 'VAT, AT', type: 'tax_id', make: (r) => `ATU${digits(r, 8)}` },
  {
    kind: 'VAT, FR',
    type: 'tax_id',
    make: (r) => `FR${digits(r, 2)}${checked(r, () => lead(r, 8), luhnDigit)}`,
  },
  { kind: 'VAT, NL', type: 'tax_id', make: (r) => `NL${digits(r, 9)}B${digits(r, 2)}` },
  { kind: 'US EIN', type: 'tax_id', make: (r) => `${two(10 + below(r, 80))}-${digits(r, 7)}` },
  {
    kind: 'IN GSTIN',
    type: 'tax_id',
    make: (r) =>
      `${two(1 + below(r, 36))}${letters(r, 5)}${digits(r, 4)}${letters(r, 1)}1Z${letters(r, 1)}`,
  },
  {
    kind: 'BR CNPJ',
    type: 'tax_id',
    make: (r) => `${digits(r, 2)}.${digits(r, 3)}.${digits(r, 3)}/0001-${digits(r, 2)}`,
  },
];
