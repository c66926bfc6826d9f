/** Parts that made-up names of people, companies and streets are put together from. */
export type Random = () => number;
export const pick = <T>(random: Random, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

export const capital = (word: string): string => (word[0] ?? '').toUpperCase() + word.slice(1);
export const TITLES = [
  'Mr.',
  'Mrs.',
  'Ms.',
  'Dr.',
  'Prof.',
  'Mr',
  'Mrs',
  'Herr',
  'Frau',
  'Monsieur',
  'Madame',
  'Sr.',
  'Sra.',
  'Dr. med.',
  'Judge',
  'Hon.',
  'Officer',
  'Sir',
];
export const LEGAL = [
  'Inc',
  'Inc.',
  'LLC',
  'Ltd',
  'Ltd.',
  'GmbH',
  'AG',
  'SA',
  'S.A.',
  'BV',
  'plc',
  'Corp',
  'Corp.',
  'Co.',
  'SE',
  'Oy',
  'AB',
  'KG',
  'e.V.',
  'SARL',
  'S.r.l.',
  'S.L.',
];
export const COMPANY_ENDS = [
  '',
  '',
  '',
  ' Inc',
  ' Corp',
  ' Systems',
  ' Industries',
  ' Technologies',
  ' Labs',
  ' Group',
  ' Solutions',
  ' LLC',
  ' GmbH',
  ' Ltd',
  ' Bank',
  ' Health',
  ' Partners',
];
export const COMPANY_FIRST =
  'Pacific Atlantic Northern Southern Global National United First Summit Pinnacle Blue Red Golden Silver Green Bright Quantum Apex Vertex Metro Central Alpine River Oak Maple Cedar Iron Crystal Harbor Lake Ocean Sky Star Sun Royal Liberty Heritage Legacy Modern Advanced Dynamic Universal American European Continental Evergreen Riverside Lakeside Valley Mountain'.split(
    ' ',
  );
export const COMPANY_SECOND =
  'Financial Healthcare Logistics Insurance Bank Trust Capital Systems Technologies Software Research Industries Foods Motors Airlines Energy Media Partners Holdings Consulting Analytics Dynamics Electronics Pharma Biotech Mutual Savings Legal Associates Construction Clinic Hospital Foundation Networks Robotics Steel Chemicals Group Services Solutions Orchestra Theatre University College'.split(
    ' ',
  );
export const INSTITUTIONS = [
  'University of',
  'Bank of',
  'City of',
  'Klinikum',
  'Stadtwerke',
  'Universität',
  'Université de',
  'Universidad de',
  'Hospital de',
  'Banco de',
  'Università di',
  'District Court of',
  'Sparkasse',
  'Amtsgericht',
];
export const STREETS = [
  'St',
  'Street',
  'Ave',
  'Avenue',
  'Road',
  'Rd',
  'Blvd',
  'Lane',
  'Ln',
  'Drive',
  'Dr',
  'Court',
  'Way',
  'Place',
];
export const SYLLABLES =
  'ver lex cor tek non sol dyn zen lum max pro vi ta no ra qua ni mo ex in ba si lo gen cy ber ar ti ka re'.split(
    ' ',
  );
export const madeUp = (random: Random): string =>
  capital(
    Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(random, SYLLABLES)).join(''),
  );
