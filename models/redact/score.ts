/** Compares found entities with the spans of a set: by type, exact and overlapping, and by covered characters. */
import type { EntityType } from '../../src/core/outputs.ts';
import type { GoldRow } from './corpora.ts';

/** Types of the sets as ours; what is missing (jobs, illnesses, medicines, nationalities) is neither right nor wrong. */
export const TYPE_OF: Record<string, EntityType> = {
  PERSON: 'person',
  PERSON_NAME: 'person',
  HANDLE: 'username',
  ORGANIZATION: 'organization',
  ORGANIZATION_NAME: 'organization',
  LOCATION: 'location',
  GPE: 'location',
  LATITUDE_LONGITUDE: 'location',
  ADDRESS: 'address',
  STREET_ADDRESS: 'address',
  ZIP_CODE: 'address',
  POSTAL_CODE: 'address',
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  URL: 'url',
  DOMAIN_NAME: 'url',
  IP_ADDRESS: 'ip',
  IBAN: 'iban',
  IBAN_CODE: 'iban',
  CREDIT_CARD: 'credit_card',
  CREDIT_CARD_NUMBER: 'credit_card',
  SOCIAL_SECURITY_NUMBER: 'national_id',
  NATIONAL_ID_NUMBER: 'national_id',
  TAX_ID: 'tax_id',
  PASSPORT_NUMBER: 'passport',
  VISA_NUMBER: 'passport',
  LICENSE_PLATE: 'license_plate',
  BANK_ACCOUNT_NUMBER: 'bank_account',
  BANK_ROUTING_NUMBER: 'bank_account',
  SWIFT_BIC_CODE: 'bank_account',
  CRYPTOCURRENCY_ADDRESS: 'bank_account',
  MEDICAL_RECORD_NUMBER: 'medical_record',
  DATE_OF_BIRTH: 'date_of_birth',
  DATE_TIME: 'date',
  TIMESTAMP: 'date',
  AGE: 'age',
  USERNAME: 'username',
  SOCIAL_MEDIA_HANDLE: 'username',
  PASSWORD: 'password',
  API_KEY: 'password',
  AUTHENTICATION_TOKEN: 'password',
  ...Object.fromEntries(
    'HEALTH_INSURANCE_ID NPI_NUMBER COURT_CASE_NUMBER BAR_NUMBER DOCKET_NUMBER DRIVER_LICENSE_NUMBER MAC_ADDRESS EMPLOYEE_ID INSURANCE_POLICY_NUMBER DEA_NUMBER PRESCRIPTION_NUMBER BIOMETRIC_ID DEVICE_IDENTIFIER VEHICLE_IDENTIFICATION_NUMBER'
      .split(' ')
      .map((type): [string, EntityType] => [type, 'other_id']),
  ),
};

export interface Span {
  type: EntityType;
  start: number;
  end: number;
}

export interface Counts {
  gold: number;
  found: number;
  goldExact: number;
  goldOverlap: number;
  foundOverlap: number;
}

export class Score {
  readonly byType = new Map<EntityType, Counts>();
  readonly characters = { gold: 0, found: 0, both: 0 };
  rows = 0;
  /** Rows of which no character of a gold span was left in the text. */
  clean = 0;

  of(type: EntityType): Counts {
    let counts = this.byType.get(type);
    if (!counts) {
      counts = { gold: 0, found: 0, goldExact: 0, goldOverlap: 0, foundOverlap: 0 };
      this.byType.set(type, counts);
    }
    return counts;
  }

  get all(): Counts {
    const sum: Counts = { gold: 0, found: 0, goldExact: 0, goldOverlap: 0, foundOverlap: 0 };
    for (const counts of this.byType.values())
      for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
    return sum;
  }

  /** Adds the counts of another score. */
  join(other: Score): void {
    for (const [type, counts] of other.byType)
      for (const key of Object.keys(counts) as (keyof Counts)[]) this.of(type)[key] += counts[key];
    for (const key of ['gold', 'found', 'both'] as const)
      this.characters[key] += other.characters[key];
    this.rows += other.rows;
    this.clean += other.clean;
  }

  /** Adds a row; true where nothing of the gold spans was left. `only`: other types are not looked at. */
  add(row: GoldRow, found: readonly Span[], only?: ReadonlySet<EntityType>): boolean {
    const wanted = (type: EntityType): boolean => only === undefined || only.has(type);
    const gold = row.spans.flatMap(({ start, end, type }): Span[] => {
      const ours = TYPE_OF[type];
      return ours !== undefined && wanted(ours) ? [{ type: ours, start, end }] : [];
    });
    const ignored = row.spans.filter(({ type }) => TYPE_OF[type] === undefined);
    const meets = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
      a.start < b.end && b.start < a.end;
    const looked = found.filter(
      (span) => wanted(span.type) && !ignored.some((one) => meets(one, span)),
    );
    for (const span of gold) {
      const counts = this.of(span.type);
      const same = found.filter((one) => one.type === span.type);
      counts.gold++;
      if (same.some((one) => one.start === span.start && one.end === span.end)) counts.goldExact++;
      if (same.some((one) => meets(one, span))) counts.goldOverlap++;
    }
    for (const span of looked) {
      const counts = this.of(span.type);
      counts.found++;
      if (gold.some((one) => one.type === span.type && meets(one, span))) counts.foundOverlap++;
    }
    return this.#addCharacters(row, gold, found, ignored);
  }

  #addCharacters(
    row: GoldRow,
    gold: readonly Span[],
    found: readonly Span[],
    ignored: readonly { start: number; end: number }[],
  ): boolean {
    const marks = new Uint8Array(row.text.length);
    for (const { start, end } of gold)
      for (let at = start; at < end; at++) marks[at] = (marks[at] ?? 0) | 1;
    for (const { start, end } of found)
      for (let at = start; at < end; at++) marks[at] = (marks[at] ?? 0) | 2;
    for (const { start, end } of ignored) marks.fill(0, start, end);
    let isClean = true;
    for (let at = 0; at < marks.length; at++) {
      if (marks[at] === 0 || !/[\p{L}\p{N}]/u.test(row.text[at] ?? '')) continue;
      if (((marks[at] ?? 0) & 1) !== 0) this.characters.gold++;
      if (((marks[at] ?? 0) & 2) !== 0) this.characters.found++;
      if (marks[at] === 3) this.characters.both++;
      if (marks[at] === 1) isClean = false;
    }
    this.rows++;
    if (isClean) this.clean++;
    return isClean;
  }
}

export interface Rates {
  precision: number;
  recall: number;
  f2: number;
}

/** F with recall counted twice as much as precision (van Rijsbergen 1979). */
export function ratesOf(hits: number, found: number, goldHits: number, gold: number): Rates {
  const precision = found === 0 ? 0 : hits / found;
  const recall = gold === 0 ? 0 : goldHits / gold;
  const f2 = precision + recall === 0 ? 0 : (5 * precision * recall) / (4 * precision + recall);
  return { precision, recall, f2 };
}

export const overlapRates = (c: Counts): Rates =>
  ratesOf(c.foundOverlap, c.found, c.goldOverlap, c.gold);
export const exactRates = (c: Counts): Rates => ratesOf(c.goldExact, c.found, c.goldExact, c.gold);
export const characterRates = ({ characters: c }: Score): Rates =>
  ratesOf(c.both, c.found, c.both, c.gold);
