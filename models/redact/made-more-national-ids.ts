/** How national identity numbers are made: the second half. */
import {
  below,
  checked,
  day,
  digits,
  dotted,
  group,
  isoDigit,
  lead,
  letters,
  luhnDigit,
  month,
  verhoeffDigit,
  type Kind,
} from './draw.ts';

export const MORE_NATIONAL: readonly Kind[] = [
  {
    kind: 'AT SVNR',
    type: 'national_id',
    make: (r) => {
      for (;;) {
        const body = lead(r, 3);
        const date = `${day(r)}${month(r)}${digits(r, 2)}`;
        const check = dotted([3, 7, 9, 5, 8, 4, 2, 1, 6], body + date) % 11;
        if (check < 10) return `${body}${check} ${date}`;
      }
    },
  },
  {
    kind: 'CH AHV',
    type: 'national_id',
    make: (r) => {
      const body = `756${digits(r, 9)}`;
      return group(
        `${body}${(10 - (dotted([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], body) % 10)) % 10}`,
        [3, 4, 4, 2],
        '.',
      );
    },
  },
  {
    kind: 'IE PPS',
    type: 'national_id',
    make: (r) => {
      const body = digits(r, 7);
      return `${body}${'WABCDEFGHIJKLMNOPQRSTUV'[dotted([8, 7, 6, 5, 4, 3, 2], body) % 23]}`;
    },
  },
  {
    kind: 'BR CPF',
    type: 'national_id',
    make: (r) => {
      const a = digits(r, 9);
      const one = ((dotted([10, 9, 8, 7, 6, 5, 4, 3, 2], a) * 10) % 11) % 10;
      const b = `${a}${one}`;
      const full = `${b}${((dotted([11, 10, 9, 8, 7, 6, 5, 4, 3, 2], b) * 10) % 11) % 10}`;
      return r() < 0.5 ? full : `${group(full, [3, 3, 3], '.')}-${full.slice(9)}`;
    },
  },
  {
    kind: 'IN Aadhaar',
    type: 'national_id',
    make: (r) =>
      group(
        checked(r, () => `${2 + below(r, 8)}${digits(r, 10)}`, verhoeffDigit),
        [4, 4, 4],
        ' ',
      ),
  },
  {
    kind: 'IN PAN',
    type: 'national_id',
    make: (r) => `${letters(r, 3)}P${letters(r, 1)}${digits(r, 4)}${letters(r, 1)}`,
  },
  {
    kind: 'AU TFN',
    type: 'national_id',
    make: (r) =>
      group(
        checked(
          r,
          () => lead(r, 8),
          (b) => {
            for (let c = 0; c < 10; c++)
              if ((dotted([1, 4, 3, 7, 5, 8, 6, 9], b) + 10 * c) % 11 === 0) return String(c);
            return null;
          },
        ),
        [3, 3, 3],
        ' ',
      ),
  },
  {
    kind: 'AU Medicare',
    type: 'national_id',
    make: (r) => {
      const body = `${2 + below(r, 5)}${digits(r, 7)}`;
      return `${body}${dotted([1, 3, 7, 9, 1, 3, 7, 9], body) % 10}${1 + below(r, 9)}`;
    },
  },
  {
    kind: 'CA SIN',
    type: 'national_id',
    make: (r) =>
      group(
        checked(r, () => lead(r, 8), luhnDigit),
        [3, 3, 3],
        ['-', ' '][below(r, 2)] as string,
      ),
  },
  {
    kind: 'MX CURP',
    type: 'national_id',
    make: (r) =>
      `${letters(r, 4)}${digits(r, 2)}${month(r)}${day(r)}${letters(r, 1, 'HM')}${letters(r, 5)}${letters(r, 1)}${below(r, 10)}`,
  },
  {
    kind: 'ZA ID',
    type: 'national_id',
    make: (r) =>
      checked(r, () => `${digits(r, 2)}${month(r)}${day(r)}${digits(r, 4)}08`, luhnDigit),
  },
  {
    kind: 'TR kimlik',
    type: 'national_id',
    make: (r) => {
      const b = lead(r, 9);
      const odd = dotted([1, 0, 1, 0, 1, 0, 1, 0, 1], b);
      const even = dotted([0, 1, 0, 1, 0, 1, 0, 1, 0], b);
      const ten = (((odd * 7 - even) % 10) + 10) % 10;
      return `${b}${ten}${(odd + even + ten) % 10}`;
    },
  },
  { kind: 'HR OIB', type: 'national_id', make: (r) => checked(r, () => digits(r, 10), isoDigit) },
  {
    kind: 'RO CNP',
    type: 'national_id',
    make: (r) => {
      const b = `${1 + below(r, 2)}${digits(r, 2)}${month(r)}${day(r)}${digits(r, 5)}`;
      const c = dotted([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], b) % 11;
      return `${b}${c === 10 ? 1 : c}`;
    },
  },
  {
    kind: 'KR RRN',
    type: 'national_id',
    make: (r) => `${digits(r, 2)}${month(r)}${day(r)}-${1 + below(r, 4)}${digits(r, 6)}`,
  },
  {
    kind: 'SG NRIC',
    type: 'national_id',
    make: (r) => `${letters(r, 1, 'STFG')}${digits(r, 7)}${letters(r, 1)}`,
  },
];
