/** Facts of a synthetic invoice: parties, numbers, dates, lines and totals that add up. */
import { decimalOf, type Money } from '../../workers/tasks/extract/amounts.ts';
import {
  companyName,
  type Dice,
  inventedIban,
  inventedVatId,
  POOLS,
  postalAddress,
  type Language,
  type PostalAddress,
} from './invented.ts';

export interface FactLine {
  name: string;
  quantity: number;
  unit: string;
  price: Money;
  total: Money;
  /** Per cent. */
  rate: number;
}

export interface Facts {
  language: Language;
  credit: boolean;
  currency: string;
  seller: { name: string; address: PostalAddress; vatId: string; iban: string };
  buyer: { name: string; address: PostalAddress };
  number: string;
  issued: string;
  due: string | null;
  delivered: string | null;
  ordered: string | null;
  lines: FactLine[];
  net: Money;
  /** By rate. */
  taxes: { rate: number; base: Money; tax: Money }[];
  tax: Money;
  gross: Money;
  prepaid: Money;
}

const RATES: Record<Language, number[]> = {
  de: [19, 7],
  en: [20, 5],
  fr: [20, 5.5, 10],
  it: [22, 10],
  es: [21, 10],
  nl: [21, 9],
};

/** Whole cents. */
const cents = (money: Money): Money => Math.round(money / 100) * 100;

const dayAfter = (iso: string, days: number): string =>
  new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);

function numberOf(dice: Dice, issued: string): string {
  const year = issued.slice(0, 4);
  return dice.pick([
    dice.digits(6),
    `${year}-${dice.digits(4)}`,
    `RE${dice.digits(6)}`,
    `INV-${dice.digits(5)}`,
    `${year}/${dice.digits(3)}`,
    `F${year.slice(2)}${dice.digits(5)}`,
    `${dice.digits(3)}-${dice.digits(4)}`,
    String(dice.whole(12, 9999)),
    `A${dice.digits(2)}/${dice.digits(5)}`,
  ]);
}

export function inventFacts(dice: Dice, language: Language): Facts {
  const issued = dayAfter('2016-01-01', dice.whole(0, 3900));
  const sign = dice.chance(0.08) ? -1 : 1;
  const rates = dice.chance(0.1)
    ? [0]
    : dice.chance(0.7)
      ? RATES[language].slice(0, 1)
      : RATES[language];
  const { goods, units } = POOLS[language];
  const lines = Array.from({ length: dice.chance(0.2) ? 1 : dice.whole(1, 9) }, (): FactLine => {
    const quantity = dice.chance(0.3) ? 1 : dice.whole(1, 60);
    const price = dice.whole(80, dice.chance(0.2) ? 400_000 : 30_000) * 100;
    return {
      name: dice.pick(goods),
      quantity,
      unit: dice.pick(units),
      price,
      total: sign * quantity * price,
      rate: dice.pick(rates),
    };
  });
  const taxes = [...new Set(lines.map((line) => line.rate))].map((rate) => {
    const base = lines
      .filter((line) => line.rate === rate)
      .reduce((sum, line) => sum + line.total, 0);
    return { rate, base, tax: cents((base * rate) / 100) };
  });
  const net = taxes.reduce((sum, { base }) => sum + base, 0);
  const tax = taxes.reduce((sum, part) => sum + part.tax, 0);
  const party = () => ({
    name: companyName(dice, language),
    address: postalAddress(dice, language),
  });
  return {
    language,
    credit: sign < 0,
    currency:
      language === 'en' ? dice.pick(['GBP', 'USD', 'EUR']) : dice.chance(0.05) ? 'CHF' : 'EUR',
    seller: {
      ...party(),
      vatId: inventedVatId(dice, language),
      iban: inventedIban(dice, language),
    },
    buyer: party(),
    number: numberOf(dice, issued),
    issued,
    due: dice.chance(0.6) ? dayAfter(issued, dice.pick([7, 10, 14, 30, 30, 45, 60])) : null,
    delivered: dice.chance(0.4) ? dayAfter(issued, -dice.whole(0, 12)) : null,
    ordered: dice.chance(0.25) ? dayAfter(issued, -dice.whole(5, 40)) : null,
    lines,
    net,
    taxes,
    tax,
    gross: net + tax,
    prepaid: dice.chance(0.06) ? cents((net + tax) * 0.3) : 0,
  };
}

/** The fields that the invoice shows, as the contract writes them. */
export function truthOf(facts: Facts): Record<string, string | null> {
  return {
    seller_name: facts.seller.name,
    buyer_name: facts.buyer.name,
    invoice_number: facts.number,
    issue_date: facts.issued,
    due_date: facts.due,
    currency: facts.currency,
    total_net: decimalOf(facts.net),
    total_tax: decimalOf(facts.tax),
    total_gross: decimalOf(facts.gross),
    seller_vat_id: facts.seller.vatId,
    iban: facts.seller.iban,
  };
}
