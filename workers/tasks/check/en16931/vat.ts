/** The rules of the VAT categories, BR-S-01 to BR-B-02, from one table. */
import type { Invoice, Term, VatBreakdown } from '../../../einvoice/invoice.ts';
import { says } from '../../../einvoice/terms.ts';
import { amountOf } from './amounts.ts';
import { ofDocument } from './mandatory.ts';
import {
  forEach,
  judge,
  NOT_APPLICABLE,
  whole,
  type Finding,
  type Judgement,
  type Rule,
} from './rule.ts';
import { breakdownTax, taxableMatches } from './vat-amounts.ts';

interface Category {
  /** As in BR-S-01. */
  family: string;
  code: string;
  name: string;
  /** How many breakdowns of the category there must be. */
  breakdowns: 'one' | 'some';
  /** Who must be identified: the seller by any tax number, or by a VAT number, and the buyer. */
  sellerBy: 'any tax number' | 'a VAT number' | 'none';
  buyerBy: 'VAT number' | 'VAT number or registration' | null;
  rate: 'positive' | 'zero' | 'not negative' | 'none';
  /** Tax is taxable amount × rate, or nothing. */
  tax: 'computed' | 'zero';
  exemption: 'required' | 'forbidden';
}

const taxed = {
  breakdowns: 'some',
  sellerBy: 'any tax number',
  buyerBy: null,
  tax: 'computed',
  exemption: 'forbidden',
} as const;
const untaxed = { breakdowns: 'one', buyerBy: null, rate: 'zero', tax: 'zero' } as const;

const CATEGORIES: Category[] = [
  { family: 'S', code: 'S', name: 'standard rated', ...taxed, rate: 'positive' },
  { family: 'AF', code: 'L', name: 'IGIC', ...taxed, rate: 'not negative' },
  { family: 'AG', code: 'M', name: 'IPSI', ...taxed, rate: 'not negative' },
  {
    family: 'Z',
    code: 'Z',
    name: 'zero rated',
    ...untaxed,
    sellerBy: 'any tax number',
    exemption: 'forbidden',
  },
  {
    family: 'E',
    code: 'E',
    name: 'exempt',
    ...untaxed,
    sellerBy: 'any tax number',
    exemption: 'required',
  },
  {
    family: 'AE',
    code: 'AE',
    name: 'reverse charge',
    ...untaxed,
    sellerBy: 'any tax number',
    buyerBy: 'VAT number or registration',
    exemption: 'required',
  },
  {
    family: 'IC',
    code: 'K',
    name: 'intra-community supply',
    ...untaxed,
    sellerBy: 'a VAT number',
    buyerBy: 'VAT number',
    exemption: 'required',
  },
  {
    family: 'G',
    code: 'G',
    name: 'export outside the EU',
    ...untaxed,
    sellerBy: 'a VAT number',
    exemption: 'required',
  },
  {
    family: 'O',
    code: 'O',
    name: 'not subject to VAT',
    ...untaxed,
    sellerBy: 'none',
    rate: 'none',
    exemption: 'required',
  },
];

/** Where a category may stand, in the order of the rules: lines, allowances, charges. */
interface Use {
  element: Term['element'];
  category: Term | null;
  rate: Term | null;
}
const PLACES = [
  'line (BG-25)',
  'allowance of the document (BG-20)',
  'charge of the document (BG-21)',
] as const;

export function usesAt(invoice: Invoice, place: number): Use[] {
  const items =
    place === 0 ? invoice.lines : ofDocument(invoice, place === 1 ? 'allowance' : 'charge');
  return items.map(({ element, vatCategory, vatRate }) => ({
    element,
    category: vatCategory,
    rate: vatRate,
  }));
}

const usesOf = (invoice: Invoice, place: number, code: string): Use[] =>
  usesAt(invoice, place).filter((use) => use.category?.value === code);

const breakdownsOf = (invoice: Invoice, code: string): VatBreakdown[] =>
  invoice.vatBreakdown.filter((one) => one.category?.value === code);

/** -01: a category that is used stands in the breakdown, and the other way round where one is asked for. */
function inBreakdown(invoice: Invoice, { code, breakdowns }: Category): Judgement {
  const uses = [0, 1, 2].flatMap((place) => usesOf(invoice, place, code));
  const found = breakdownsOf(invoice, code);
  if (uses.length === 0 && found.length === 0) return null;
  const terms = [...found.map((one) => one.category), ...uses.map((use) => use.category)];
  if (uses.length === 0)
    return breakdowns === 'one' && found.length > 1 ? judge(false, ...terms) : null;
  return judge(breakdowns === 'one' ? found.length === 1 : found.length > 0, ...terms);
}

/** -02 to -04: the tax numbers of the parties. */
function identified(invoice: Invoice, { sellerBy, buyerBy }: Category): Judgement {
  const { seller, buyer, taxRepresentative } = invoice;
  const sellers = [seller?.vatId ?? null, taxRepresentative?.vatId ?? null];
  if (sellerBy === 'none') {
    const none = [...sellers, buyer?.vatId ?? null];
    return judge(!none.some(says), ...none);
  }
  if (sellerBy === 'any tax number') sellers.push(seller?.taxRegistration ?? null);
  const buyers = buyerBy === null ? [] : [buyer?.vatId ?? null];
  if (buyerBy === 'VAT number or registration') buyers.push(buyer?.legalId ?? null);
  return judge(
    sellers.some(says) && (buyerBy === null || buyers.some(says)),
    ...sellers,
    ...buyers,
  );
}

/** -05 to -07: the rate. */
function rateFits({ category, rate }: Use, wanted: Category['rate']): Judgement {
  if (wanted === 'none') return judge(!says(rate), rate, category);
  const percent = amountOf(rate);
  const fits =
    percent !== null &&
    (wanted === 'zero' ? percent.eq(0) : wanted === 'positive' ? percent.gt(0) : percent.gte(0));
  return judge(fits, rate, category);
}

/** -09. */
function taxFits(breakdown: VatBreakdown, wanted: Category['tax']): Judgement {
  if (wanted === 'computed') return breakdownTax(breakdown);
  const tax = amountOf(breakdown.tax);
  return judge(tax?.eq(0) ?? false, breakdown.tax);
}

/** -10. */
function exemptionFits(
  { exemptionCode, exemptionReason }: VatBreakdown,
  wanted: Category['exemption'],
): Judgement {
  const given = says(exemptionCode) || says(exemptionReason);
  return judge(given === (wanted === 'required'), exemptionCode, exemptionReason);
}

const RATES: Record<Category['rate'], string> = {
  positive: 'a rate above 0',
  zero: 'the rate 0',
  'not negative': 'a rate of 0 or more',
  none: 'no rate',
};

function sellerWords({ sellerBy, buyerBy }: Category): string {
  if (sellerBy === 'none') return 'no VAT number of seller, tax representative or buyer is given';
  const seller = `the seller or the tax representative has ${sellerBy}`;
  return buyerBy === null ? seller : `${seller}, the buyer a ${buyerBy}`;
}

function rulesOf(category: Category): Rule[] {
  const { family, code, name } = category;
  const make = (number: number, requirement: string, check: Rule['check']): Rule => ({
    id: `BR-${family}-${String(number).padStart(2, '0')}`,
    severity: 'fatal',
    requirement,
    check,
  });
  const each = (invoice: Invoice, test: (one: VatBreakdown) => Judgement): Finding =>
    forEach(breakdownsOf(invoice, code), (one) => one.element, test);
  const perRate = category.breakdowns === 'some';
  return [
    make(
      1,
      `Where ${name} (${code}) is used, the VAT breakdown has ${perRate ? 'at least one' : 'exactly one'} entry for it.`,
      (invoice) => whole(inBreakdown(invoice, category)),
    ),
    ...PLACES.map((place, index) =>
      make(2 + index, `With a ${place} that is ${name}, ${sellerWords(category)}.`, (invoice) =>
        usesOf(invoice, index, code).length > 0
          ? whole(identified(invoice, category))
          : NOT_APPLICABLE,
      ),
    ),
    ...PLACES.map((place, index) =>
      make(5 + index, `A ${place} that is ${name} has ${RATES[category.rate]}.`, (invoice) =>
        forEach(
          usesOf(invoice, index, code),
          (use) => use.element,
          (use) => rateFits(use, category.rate),
        ),
      ),
    ),
    make(
      8,
      `The taxable amount of ${name} is that of its lines, charges and allowances${perRate ? ', for each rate' : ''}.`,
      (invoice) => each(invoice, (one) => taxableMatches(invoice, one, perRate)),
    ),
    make(
      9,
      category.tax === 'zero'
        ? `The tax of ${name} is 0.`
        : `The tax of ${name} is taxable amount × rate.`,
      (invoice) => each(invoice, (one) => taxFits(one, category.tax)),
    ),
    make(
      10,
      `A VAT breakdown that is ${name} ${category.exemption === 'required' ? 'gives a reason' : 'gives no reason'} of exemption.`,
      (invoice) => each(invoice, (one) => exemptionFits(one, category.exemption)),
    ),
  ];
}

export const vatRules: Rule[] = CATEGORIES.flatMap(rulesOf);
