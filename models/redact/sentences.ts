/** Made-up sentences in several languages, and rows of the public sets with other values put in: practice for the tagger. */
import { readFileSync } from 'node:fs';
import type { GoldRow, GoldSpan } from './corpora.ts';
import {
  capital,
  COMPANY_ENDS,
  COMPANY_FIRST,
  COMPANY_SECOND,
  INSTITUTIONS,
  LEGAL,
  madeUp,
  pick,
  STREETS,
  TITLES,
  type Random,
} from './name-parts.ts';

export type Kind = 'PER' | 'ORG' | 'LOC' | 'ADR';
export interface Practice {
  text: string;
  spans: { start: number; end: number; kind: Kind }[];
}

interface LocaleValues {
  first: string[];
  last: string[];
  person: string[];
  company: string[];
  city: string[];
  country: string[];
  street: string[];
  address: string[];
}
export interface Values {
  locales: Record<string, LocaleValues>;
  cities: string[];
  countries: string[];
  states: [name: string, code: string][];
  surnames: string[];
  first_names: string[];
}

export const readValues = (path: string): Values =>
  JSON.parse(readFileSync(path, 'utf8')) as Values;

export const KIND_OF: Record<string, Kind> = {
  PERSON: 'PER',
  PERSON_NAME: 'PER',
  ORGANIZATION: 'ORG',
  ORGANIZATION_NAME: 'ORG',
  LOCATION: 'LOC',
  GPE: 'LOC',
  STREET_ADDRESS: 'ADR',
  ADDRESS: 'ADR',
};

/** Half of the values are of English, the rest of any locale. */
const ENGLISH = ['en_US', 'en_US', 'en_GB', 'en_IE', 'en_IN', 'en_NZ'];

export class Maker {
  readonly #values: Values;
  readonly #random: Random;
  readonly #locales: string[];

  constructor(values: Values, random: Random) {
    this.#values = values;
    this.#random = random;
    this.#locales = Object.keys(values.locales);
  }

  #of(what: keyof LocaleValues, locale: string | null): string {
    for (let tries = 0; tries < 20; tries++) {
      const name =
        locale ??
        (this.#random() < 0.4 ? pick(this.#random, ENGLISH) : pick(this.#random, this.#locales));
      const list = this.#values.locales[name]?.[what] ?? [];
      if (list.length > 5) return pick(this.#random, list);
    }
    return 'Smith';
  }

  person(locale: string | null): string {
    const r = this.#random();
    const name =
      locale ??
      (this.#random() < 0.5 ? pick(this.#random, ENGLISH) : pick(this.#random, this.#locales));
    const first = this.#of('first', name);
    const last =
      name === 'en_US' && this.#random() < 0.6
        ? capital(pick(this.#random, this.#values.surnames))
        : this.#of('last', name);
    if (r < 0.28) return first;
    if (r < 0.36) return last;
    if (r < 0.42)
      return `${first} ${String.fromCharCode(65 + Math.floor(this.#random() * 26))}. ${last}`;
    if (r < 0.46)
      return `${first} ${String.fromCharCode(65 + Math.floor(this.#random() * 26))} ${last}`;
    if (r < 0.5) return `${last}, ${first}`;
    if (r < 0.54) return `${first[0]}. ${last}`;
    if (r < 0.58) return `${pick(this.#random, TITLES)} ${last}`;
    if (r < 0.62) return this.#of('person', name);
    if (r < 0.65) return `${first} ${last}-${this.#of('last', name)}`;
    if (r < 0.68) return `${first} ${this.#of('first', name)} ${last}`;
    return `${first} ${last}`;
  }

  company(locale: string | null): string {
    const r = this.#random();
    if (r < 0.25) return `${madeUp(this.#random)}${pick(this.#random, COMPANY_ENDS)}`;
    if (r < 0.45)
      return `${pick(this.#random, COMPANY_FIRST)} ${pick(this.#random, COMPANY_SECOND)}${this.#random() < 0.3 ? ` ${pick(this.#random, LEGAL)}` : ''}`;
    if (r < 0.52)
      return `${pick(this.#random, INSTITUTIONS)} ${pick(this.#random, this.#values.cities)}`;
    if (r < 0.57)
      return `${pick(this.#random, this.#values.cities)} ${pick(this.#random, ['University', 'Hospital', 'General Hospital', 'City Council', 'Airport Authority', 'Chamber of Commerce', 'School District'])}`;
    return this.#of('company', locale);
  }

  place(locale: string | null): string {
    const r = this.#random();
    if (r < 0.45) return pick(this.#random, this.#values.cities.slice(0, 12_000));
    if (r < 0.6) return pick(this.#random, this.#values.countries);
    if (r < 0.7) return pick(this.#random, this.#values.states)[0];
    if (r < 0.8)
      return `${pick(this.#random, this.#values.cities)}, ${this.#random() < 0.5 ? pick(this.#random, this.#values.states)[1] : pick(this.#random, this.#values.countries)}`;
    return this.#of(this.#random() < 0.6 ? 'city' : 'country', locale);
  }

  address(locale: string | null): string {
    const r = this.#random();
    const street = this.#of('street', locale);
    if (r < 0.35) return this.#of('address', locale);
    if (r < 0.5) return this.#of('address', locale).replace(/\n/g, ', ');
    if (r < 0.75) return street;
    if (r < 0.85) return `${street}, ${this.#of('city', locale)}`;
    const us = `${1 + Math.floor(this.#random() * 9999)} ${capital(pick(this.#random, this.#values.surnames))} ${pick(this.#random, STREETS)}`;
    if (r < 0.93) return us;
    return `${us}, ${pick(this.#random, this.#values.cities)}, ${pick(this.#random, this.#values.states)[1]} ${10000 + Math.floor(this.#random() * 89999)}`;
  }

  /** A street, with or without a number. */
  street(locale: string | null): string {
    const street =
      this.#random() < 0.7
        ? this.#of('street', locale)
        : (this.address(locale).split(/[\n,]/)[0] ?? '');
    const named = `${capital(pick(this.#random, this.#values.surnames))} ${pick(this.#random, STREETS)}`;
    const r = this.#random();
    if (r < 0.35) return street;
    if (r < 0.7)
      return street.replace(/^[\d-]+[a-z]?,? (?=\p{L})|(?<=\p{L}\.?),? \d+[a-z]?$/gu, '');
    return r < 0.9 ? named : `${named} ${1 + Math.floor(this.#random() * 200)}`;
  }

  valueOf(kind: Kind, locale: string | null): string {
    if (kind === 'PER') return this.person(locale);
    if (kind === 'ORG') return this.company(locale);
    return kind === 'LOC' ? this.place(locale) : this.address(locale);
  }

  /** A row of a set with other names in its places. */
  refill(row: GoldRow): Practice {
    let text = '';
    let at = 0;
    const spans: Practice['spans'] = [];
    const told = new Map<string, string>();
    for (const span of withoutOverlap(row.spans)) {
      const kind = KIND_OF[span.type];
      if (kind === undefined) continue;
      const old = row.text.slice(span.start, span.end);
      let value = told.get(old) ?? this.valueOf(kind, null);
      if (kind === 'PER' && !told.has(old) && !/\s/.test(old) && this.#random() < 0.8)
        value = value.split(' ')[0] ?? value;
      told.set(old, value);
      text += row.text.slice(at, span.start);
      spans.push({ start: text.length, end: text.length + value.length, kind });
      text += value;
      at = span.end;
    }
    return { text: text + row.text.slice(at), spans };
  }

  #slot(name: string, locale: string | null): string {
    if (name === 'STR') return this.street(locale);
    if (name !== 'NUM') return this.valueOf(name as Kind, locale);
    return String(Math.floor(this.#random() * 10 ** (1 + Math.floor(this.#random() * 8))));
  }

  /** A sentence of a pattern with `{PER}`, `{ORG}`, `{LOC}`, `{ADR}` in it. */
  fill(pattern: string, locales: readonly string[]): Practice {
    const locale = this.#random() < 0.8 ? pick(this.#random, locales) : null;
    let text = '';
    const spans: Practice['spans'] = [];
    for (const part of pattern.split(/(\{[A-Z0-9]+\})/)) {
      const name = /^\{([A-Z]+)\}$/.exec(part)?.[1];
      const value = name === undefined ? part : this.#slot(name, locale);
      const kind = name === 'STR' ? 'ADR' : name;
      if (kind !== undefined && kind !== 'NUM')
        spans.push({ start: text.length, end: text.length + value.length, kind: kind as Kind });
      text += value;
    }
    return { text, spans };
  }
}

export const withoutOverlap = (spans: readonly GoldSpan[]): GoldSpan[] => {
  let end = 0;
  return [...spans]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter((span) => {
      if (span.start < end) return false;
      end = span.end;
      return true;
    });
};
