/** How national identity numbers are made: the first half. */
import {
  below,
  checked,
  day,
  digit,
  digits,
  dotted,
  fiscal,
  group,
  isoDigit,
  lead,
  letters,
  luhnDigit,
  mod,
  month,
  two,
  type Kind,
} from './draw.ts';

export const NATIONAL: readonly Kind[] = [
  {
    kind: 'US SSN',
    type: 'national_id',
    make: (r) => `${lead(r, 3)}-${two(1 + below(r, 98))}-${digits(r, 4)}`,
  },
  {
    kind: 'UK NINO',
    type: 'national_id',
    make: (r) =>
      `${letters(r, 1, 'ABCEHJLMPRSTWY')}${letters(r, 1, 'ABCEHJKLMPRSWXYZ')} ${digits(r, 2)} ${digits(r, 2)} ${digits(r, 2)} ${letters(r, 1, 'ABCD')}`.replace(
        /^(BG|GB|KN|NK|NT|TN|ZZ)/,
        'AB',
      ),
  },
  {
    kind: 'UK NHS',
    type: 'national_id',
    label: 'NHS number',
    make: (r) =>
      group(
        checked(
          r,
          () => digits(r, 9),
          (b) => digit((11 - (dotted([10, 9, 8, 7, 6, 5, 4, 3, 2], b) % 11)) % 11),
        ),
        [3, 3, 4],
        ' ',
      ),
  },
  {
    kind: 'DE tax number (IdNr)',
    type: 'national_id',
    make: (r) =>
      group(
        checked(r, () => lead(r, 10), isoDigit),
        [2, 3, 3, 3],
        r() < 0.5 ? ' ' : '',
      ),
  },
  {
    kind: 'FR NIR',
    type: 'national_id',
    make: (r) => {
      const body = `${1 + below(r, 2)}${digits(r, 2)}${month(r)}${two(1 + below(r, 95))}${digits(r, 6)}`;
      return group(body + two(97 - mod(body, 97)), [1, 2, 2, 2, 3, 3, 2], r() < 0.5 ? ' ' : '');
    },
  },
  {
    kind: 'IT codice fiscale',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () =>
          `${letters(r, 6)}${digits(r, 2)}${letters(r, 1, 'ABCDEHLMPRST')}${day(r)}${letters(r, 1)}${digits(r, 3)}`,
        fiscal,
      ),
  },
  {
    kind: 'ES DNI',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => digits(r, 8),
        (b) => 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(b) % 23] as string,
      ),
  },
  {
    kind: 'ES NIE',
    type: 'national_id',
    make: (r) => {
      const x = below(r, 3);
      const body = digits(r, 7);
      return `${'XYZ'[x]}${body}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(`${x}${body}`) % 23]}`;
    },
  },
  {
    kind: 'NL BSN',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => lead(r, 8),
        (b) => digit(dotted([9, 8, 7, 6, 5, 4, 3, 2], b) % 11),
      ),
  },
  {
    kind: 'BE national number',
    type: 'national_id',
    make: (r) => {
      const body = `${two(30 + below(r, 70))}${month(r)}${day(r)}${digits(r, 3)}`;
      return `${group(body, [2, 2, 2], '.')}-${body.slice(6)}.${two(97 - mod(body, 97))}`;
    },
  },
  {
    kind: 'PL PESEL',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => `${digits(r, 2)}${month(r)}${day(r)}${digits(r, 4)}`,
        (b) => digit((10 - (dotted([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], b) % 10)) % 10),
      ),
  },
  {
    kind: 'PT NIF',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => `2${digits(r, 7)}`,
        (b) => digit(((11 - (dotted([9, 8, 7, 6, 5, 4, 3, 2], b) % 11)) % 11) % 10),
      ),
  },
  {
    kind: 'SE personnummer',
    type: 'national_id',
    make: (r) => {
      const body = `${digits(r, 2)}${month(r)}${day(r)}${digits(r, 3)}`;
      return `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`;
    },
  },
  {
    kind: 'NO fødselsnummer',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () =>
          checked(
            r,
            () => `${day(r)}${month(r)}${digits(r, 2)}${digits(r, 3)}`,
            (b) => digit((11 - (dotted([3, 7, 6, 1, 8, 9, 4, 5, 2], b) % 11)) % 11),
          ),
        (b) => digit((11 - (dotted([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], b) % 11)) % 11),
      ),
  },
  {
    kind: 'FI HETU',
    type: 'national_id',
    make: (r) => {
      const date = `${day(r)}${month(r)}${digits(r, 2)}`;
      const n = digits(r, 3);
      return `${date}-${n}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(date + n) % 31]}`;
    },
  },
  {
    kind: 'DK CPR',
    type: 'national_id',
    make: (r) => `${day(r)}${month(r)}${digits(r, 2)}-${digits(r, 4)}`,
  },
];
