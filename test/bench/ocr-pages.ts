/** Pages of known text for measuring OCR: receipts of SROIE drawn at their boxes, and own invoices in many looks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_DIR } from '../../models/heads/corpora.ts';
import type { PaintedText, Paper } from '../browser/documents/paint.ts';

export interface KnownPage {
  name: string;
  paper: Paper;
}

const FONTS = [
  'Liberation Sans',
  'DejaVu Sans',
  'Liberation Serif',
  'Liberation Mono',
  'DejaVu Sans Mono',
  'Liberation Sans Narrow',
  'DejaVu Serif',
];

/** Linear congruential numbers: the pages are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** How a page looks: clean print, office scan, phone picture, faded till roll. */
function lookOf(next: () => number, index: number): Omit<Paper, 'width' | 'height' | 'texts'> {
  const worse = index % 4;
  const between = (low: number, high: number) => low + next() * (high - low);
  return {
    font: FONTS[Math.floor(next() * FONTS.length)] ?? 'Liberation Sans',
    scale: 1,
    slant: worse === 0 ? 0 : between(-2.5, 2.5),
    noise: [0, 6, 14, 20][worse] ?? 0,
    blur: [0, 0.3, 0.6, 0.7][worse] ?? 0,
    paper: Math.round(between(worse === 0 ? 250 : 215, 255)),
    ink: Math.round(between(0, worse === 3 ? 110 : 50)),
    seed: index + 1,
    type: index % 2 === 0 ? 'image/png' : 'image/jpeg',
  };
}

export const hasReceipts = (): boolean => existsSync(join(DATA_DIR, 'sroie/train.jsonl'));

/** Every nth receipt. The published pictures are not part of the data set; only their text and boxes are. */
export function receipts(count: number): KnownPage[] {
  const rows = readFileSync(join(DATA_DIR, 'sroie/train.jsonl'), 'utf8').trim().split('\n');
  const every = Math.floor(rows.length / count);
  return Array.from({ length: count }, (_, index) => {
    const { id, lines } = JSON.parse(rows[index * every] ?? '{}') as {
      id: string;
      lines: PaintedText[];
    };
    const right = Math.max(...lines.map(({ box }) => box[2]));
    const bottom = Math.max(...lines.map(({ box }) => box[3]));
    const look = lookOf(numbers(index + 17), index);
    const scale = right < 700 ? 2 : right > 1600 ? 0.7 : 1;
    return {
      name: `receipt ${id}`,
      paper: { ...look, scale, width: right + 40, height: bottom + 40, texts: lines },
    };
  });
}

const SELLERS = [
  'Müller & Söhne GmbH',
  'Café Ägäis e.K.',
  'Northwind Traders Ltd.',
  'Façades & Cie SARL',
  'Łódź Części S.A.',
  'Bäckerei Grün OHG',
];
const STREETS = [
  'Hauptstraße 12',
  'Königsallee 7b',
  '221B Baker Street',
  '14 rue de l’Église',
  'ul. Źródlana 3',
  'Am Weißen Stein 4',
];
const TOWNS = [
  '80331 München',
  '50667 Köln',
  'London NW1 6XE',
  '75004 Paris',
  '00-950 Warszawa',
  '8001 Zürich',
];
const ITEMS = [
  'Schraube M8 × 40, verzinkt',
  'Consulting, senior',
  'Kaffee Röstung „Süd“ 1 kg',
  'Câble réseau Cat. 6, 5 m',
  'Papier A4 80 g/m²',
  'Übersetzung DE–EN, Seite',
  'Filtr powietrza HEPA',
  'Lizenz Büro+ (12 Monate)',
  'Toner TN-2420 schwarz',
  'Montage vor Ort, Std.',
];

const amount = (cents: number, comma: boolean): string => {
  const [whole = '0', part = '00'] = (cents / 100).toFixed(2).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma ? '.' : ',');
  return `${grouped}${comma ? ',' : '.'}${part}`;
};

/** An A4 page of 1240 × 1754 pixels, 150 for each inch. */
function invoice(index: number): PaintedText[] {
  const next = numbers(index * 7 + 3);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const comma = next() < 0.6;
  const size = [22, 26, 30][index % 3] ?? 26;
  const texts: PaintedText[] = [];
  /** Places a text; its box is as wide as such a text usually is. */
  const put = (text: string, left: number, top: number, scale = 1, bold = false) => {
    const height = size * scale;
    const right = left + text.length * height * 0.46;
    texts.push({ text, box: [left, top, right, top + height], bold });
  };
  const step = size * 1.7;
  put(pick(SELLERS), 90, 90, 1.5, true);
  put(pick(STREETS), 90, 90 + step * 1.6);
  put(pick(TOWNS), 90, 90 + step * 2.6);
  const facts = [
    [
      `Rechnungsnr.: RE-2026-${1000 + Math.floor(next() * 9000)}`,
      `Datum: ${10 + (index % 18)}.0${1 + (index % 9)}.2026`,
    ],
    [
      `Invoice no. INV${Math.floor(next() * 90000)}`,
      `Date: 2026-0${1 + (index % 9)}-1${index % 9}`,
    ],
  ][index % 2] as string[];
  facts.forEach((fact, row) => put(fact, 760, 320 + row * step));
  put(`USt-IdNr. DE${100000000 + Math.floor(next() * 899999999)}`, 90, 320 + 2 * step);
  let top = 560;
  put('Pos', 90, top, 1, true);
  put('Bezeichnung', 170, top, 1, true);
  put('Menge', 720, top, 1, true);
  put('Preis', 860, top, 1, true);
  put('Betrag', 1030, top, 1, true);
  let sum = 0;
  for (let row = 1; row <= 5 + (index % 6); row++) {
    top += step;
    const cents = 150 + Math.floor(next() * 90000);
    const many = 1 + Math.floor(next() * 24);
    sum += cents * many;
    put(String(row), 90, top);
    put(pick(ITEMS), 170, top);
    put(`${many}`, 740, top);
    put(amount(cents, comma), 860, top);
    put(amount(cents * many, comma), 1030, top);
  }
  const tax = Math.round(sum * 0.19);
  [
    ['Summe netto', sum],
    ['zzgl. 19 % MwSt.', tax],
    ['Gesamtbetrag €', sum + tax],
  ].forEach(([label, cents], row) => {
    put(String(label), 700, top + (row + 2) * step, 1, row === 2);
    put(amount(Number(cents), comma), 1030, top + (row + 2) * step, 1, row === 2);
  });
  put('IBAN DE89 3704 0044 0532 0130 00   BIC COBADEFFXXX', 90, 1600, 0.85);
  put('Zahlbar innerhalb von 14 Tagen ohne Abzug.', 90, 1640, 0.85);
  return texts;
}

export function invoices(count: number): KnownPage[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `invoice ${index + 1}`,
    paper: {
      ...lookOf(numbers(index + 301), index),
      width: 1240,
      height: 1754,
      scale: [1, 1.3, 0.8][index % 3] ?? 1,
      texts: invoice(index),
    },
  }));
}
