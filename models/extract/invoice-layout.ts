/** Draws the facts of an invoice on a page, each time in another layout. */
import type { Money } from '../../workers/tasks/extract/amounts.ts';
import type { Facts } from './invoice-facts.ts';
import { companyName, POOLS, type Dice, type Language, type PostalAddress } from './invented.ts';
import { Sheet, WIDTH } from './invoice-sheet.ts';
import { WORDS, type Word } from './invoice-words.ts';

interface Pen {
  dice: Dice;
  facts: Facts;
  sheet: Sheet;
  language: Language;
  word(name: Word): string;
  money(money: Money): string;
  date(iso: string): string;
  /** Behind labels. */
  colon: string;
}

const MONTHS: Record<Language, string> = {
  de: 'Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember',
  en: 'January|February|March|April|May|June|July|August|September|October|November|December',
  fr: 'janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre',
  it: 'gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre',
  es: 'enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre',
  nl: 'januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december',
};

function penOf(dice: Dice, facts: Facts): Pen {
  const { language } = facts;
  const chosen = new Map<Word, string>();
  const point = language === 'en' || facts.currency === 'CHF';
  const [mark, group] = point
    ? ['.', facts.currency === 'CHF' ? '’' : dice.pick([',', ','])]
    : [',', dice.pick(['.', '.', ' ', ''])];
  const symbol = { EUR: '€', GBP: '£', USD: '$', CHF: 'CHF' }[facts.currency] as string;
  const style = dice.pick(['none', 'none', 'code', 'symbol', 'before']);
  const money = (value: Money): string => {
    const size = Math.round(Math.abs(value) / 100);
    const whole = String(Math.floor(size / 100)).replace(/(?<=\d)(?=(?:\d{3})+$)/g, group);
    const text = `${value < 0 ? '-' : ''}${whole}${mark}${String(size % 100).padStart(2, '0')}`;
    return {
      none: text,
      code: `${text} ${facts.currency}`,
      symbol: `${text} ${symbol}`,
      before: `${symbol}${point ? '' : ' '}${text}`,
    }[style] as string;
  };
  const months = MONTHS[language].split('|');
  const dateStyle = dice.pick(['figures', 'figures', 'figures', 'words', 'iso']);
  const us = facts.currency === 'USD';
  const date = (iso: string): string => {
    const [y = '', m = '', d = ''] = iso.split('-');
    if (dateStyle === 'iso') return iso;
    if (dateStyle === 'words')
      return us
        ? `${months[Number(m) - 1]} ${Number(d)}, ${y}`
        : `${Number(d)}${language === 'de' ? '.' : ''} ${language === 'es' ? 'de ' : ''}${months[Number(m) - 1]} ${language === 'es' ? 'de ' : ''}${y}`;
    const between = language === 'de' ? '.' : language === 'nl' ? '-' : '/';
    return us ? `${m}/${d}/${y}` : `${d}${between}${m}${between}${y}`;
  };
  const word = (name: Word): string => {
    const known = chosen.get(name) ?? dice.pick(WORDS[language][name]);
    chosen.set(name, known);
    return known;
  };
  return {
    dice,
    facts,
    sheet: new Sheet(),
    language,
    word,
    money,
    date,
    colon: dice.pick([':', ':', '']),
  };
}

/** A page with everything that the facts say, or most of it. */
export function drawInvoice(dice: Dice, facts: Facts): Sheet {
  const pen = penOf(dice, facts);
  const labelled = dice.chance(0.3);
  let y = labelled ? drawLabelledParties(pen, 60) : drawLetter(pen, 40);
  y = drawTitleAndMeta(pen, y + 20);
  y = drawTable(pen, y + 25);
  y = drawTotals(pen, y + 15);
  y = drawTerms(pen, y + 20);
  drawFurniture(pen);
  drawFooter(pen, Math.max(y + 20, 760), labelled);
  return pen.sheet;
}

/** Lines that name somebody or something and are no party: a template's maker, a slogan, a stamp. */
function drawFurniture({ dice, sheet, language }: Pen): void {
  if (dice.chance(0.3)) {
    const maker = companyName(dice, language);
    const text = dice.pick([
      `${maker} Office 4.${dice.digits(1)}, (c) ${maker} 20${dice.digits(2)}`,
      `Template ${dice.digits(3)} · ${maker}`,
      `Example ${dice.digits(2)}, © ${maker} 2019`,
    ]);
    sheet.put(text, dice.pick([40, 250, 400]), dice.pick([15, 20, 822]), 7);
  }
  if (dice.chance(0.2))
    sheet.put(
      dice.pick(['ORIGINAL', 'KOPIE', 'COPY', 'DUPLICATA', '– 1 –', 'www.example.org']),
      480,
      22,
      8,
    );
}

const linesOfAddress = (pen: Pen, { street, town, country }: PostalAddress): string[] =>
  pen.dice.chance(0.3) ? [street, town, country] : [street, town];

/** Letterhead somewhere above, the buyer in the window of the envelope. */
function drawLetter(pen: Pen, top: number): number {
  const { dice, sheet, facts } = pen;
  const { seller, buyer } = facts;
  const x = dice.pick([50, 50, 380, 230]);
  let y = top;
  if (dice.chance(0.9)) {
    sheet.put(seller.name, x, y, dice.pick([10, 12, 16, 20]));
    y += 24;
    if (dice.chance(0.8))
      for (const line of linesOfAddress(pen, seller.address)) {
        sheet.put(line, x, y);
        y += 13;
      }
    if (dice.chance(0.5))
      sheet.put(`${pen.word('phone')} ${dice.digits(4)} ${dice.digits(6)}`, x, (y += 1));
    if (dice.chance(0.3))
      sheet.put(`${pen.word('vatId')}${pen.colon} ${seller.vatId}`, x, (y += 13));
  }
  y = Math.max(y + 30, 120);
  if (dice.chance(0.35)) {
    sheet.put(
      [seller.name, seller.address.street, seller.address.town].join(
        dice.pick([' · ', ' - ', ', ', ' | ']),
      ),
      50,
      y,
      7,
    );
    y += 14;
  }
  const buyerX = x === 50 && dice.chance(0.2) ? 350 : 50;
  if (dice.chance(0.6)) {
    sheet.put(`${pen.word('buyer')}${dice.pick([':', ''])}`, buyerX, y);
    y += 14;
  }
  sheet.put(buyer.name, buyerX, y);
  if (dice.chance(0.25)) sheet.put(dice.pick(POOLS[pen.language].people), buyerX, (y += 13));
  for (const line of linesOfAddress(pen, buyer.address)) sheet.put(line, buyerX, (y += 13));
  if (dice.chance(0.12)) drawShipTo(pen, 330, y - 30);
  return y + 20;
}

function drawShipTo({ sheet, word, facts }: Pen, x: number, y: number): void {
  sheet.put(`${word('shipTo')}:`, x, y);
  sheet.put(facts.buyer.name, x, y + 13);
  sheet.put(facts.buyer.address.street, x, y + 26);
}

/** Both parties as blocks with headings, beside or below each other, perhaps with a label before each line. */
function drawLabelledParties(pen: Pen, top: number): number {
  const { dice, facts, sheet } = pen;
  const beside = dice.chance(0.6);
  const rows = dice.chance(0.5);
  const valueX = beside ? 100 : dice.whole(100, 280);
  const order = dice.chance(0.8) ? (['seller', 'buyer'] as const) : (['buyer', 'seller'] as const);
  let y = top;
  let bottom = top;
  order.forEach((role, index) => {
    const x = beside ? 50 + index * 270 : 50;
    if (!beside) y = bottom + (index === 0 ? 0 : 18);
    const { name, address } = facts[role];
    sheet.put(`${pen.word(role)}${pen.colon}`, x, y, dice.pick([10, 12]));
    const lines: [string, string][] = [
      [pen.word('name'), name],
      [pen.word('address'), address.street],
      ['', address.town],
    ];
    if (dice.chance(role === 'buyer' ? 0.5 : 0.3))
      lines.unshift([pen.word('customer'), dice.digits(dice.whole(5, 13))]);
    if (role === 'seller' && dice.chance(0.7)) lines.push([pen.word('vatId'), facts.seller.vatId]);
    let line = y + 16;
    for (const [label, value] of lines) {
      if (rows && label) sheet.put(`${label}:`, x, line);
      sheet.put(
        !rows && label === pen.word('vatId') ? `${label} ${value}` : value,
        rows ? x + valueX : x,
        line,
      );
      line += 13;
    }
    bottom = Math.max(bottom, line);
  });
  return bottom;
}

function metaOf({ facts, word, date, dice }: Pen): [string, string][] {
  const out: [string, string][] = [
    [word('number'), facts.number],
    [word('date'), date(facts.issued)],
  ];
  if (facts.due && dice.chance(0.7)) out.push([word('due'), date(facts.due)]);
  if (facts.delivered) out.push([word('delivered'), date(facts.delivered)]);
  if (facts.ordered) out.push([word('orderDate'), date(facts.ordered)]);
  if (dice.chance(0.5)) out.push([word('customer'), dice.digits(dice.whole(4, 7))]);
  if (dice.chance(0.4)) out.push([word('order'), `${dice.pick(['PO', 'B', ''])}${dice.digits(6)}`]);
  if (dice.chance(0.2)) out.push([word('currency'), facts.currency]);
  if (dice.chance(0.2)) out.push([word('contact'), dice.pick(POOLS[facts.language].people)]);
  if (dice.chance(0.3)) out.reverse();
  return out;
}

function drawTitleAndMeta(pen: Pen, top: number): number {
  const { dice, sheet, facts } = pen;
  const title = pen.word(facts.credit ? 'credit' : 'title');
  const meta = metaOf(pen);
  const shape = dice.whole(0, 5);
  if (shape === 5) {
    sheet.put(`${title} (${facts.credit ? 381 : 380})`, 50, top, 12);
    sheet.put(`${dice.pick(['Nr.', 'No.', 'N.', '#'])} ${facts.number}`, 260, top, 12);
    sheet.put(pen.date(facts.issued), 430, top, 12);
    return top + 20;
  }
  if (shape === 0) {
    const vom = { de: 'vom', en: 'dated', fr: 'du', it: 'del', es: 'de', nl: 'van' }[pen.language];
    sheet.put(
      `${title} ${dice.pick(['Nr. ', 'No. ', '', 'N. '])}${facts.number} ${vom} ${pen.date(facts.issued)}`,
      50,
      top,
      14,
    );
    if (facts.due && dice.chance(0.7))
      sheet.put(`${pen.word('due')}: ${pen.date(facts.due)}`, 50, top + 22);
    return top + 36;
  }
  sheet.put(title, 50, top, dice.pick([14, 18, 22]));
  let y = top + 26;
  if (shape === 1) {
    const few = meta.slice(0, 5);
    few.forEach(([label, value], i) => {
      sheet.put(label, 50 + i * 105, y, 9);
      sheet.put(value, 50 + i * 105, y + 14, 9);
    });
    return y + 30;
  }
  const x = dice.pick([50, 330]);
  if (x === 330) y = top;
  for (const [label, value] of meta) {
    if (shape === 2) sheet.put(`${label}${pen.colon || ':'} ${value}`, x, y);
    else {
      sheet.put(`${label}${pen.colon}`, x, y);
      if (dice.chance(0.5)) sheet.put(value, x + 130, y);
      else sheet.put(value, x + 210, y, 10, true);
    }
    y += 14;
  }
  return y;
}

function drawTable(pen: Pen, top: number): number {
  const { dice, sheet, facts } = pen;
  const columns: Word[] = [
    'description',
    'quantity',
    'price',
    ...(dice.chance(0.5) ? (['rate'] as const) : []),
    'total',
  ];
  if (dice.chance(0.3)) columns.splice(0, 2, 'quantity', 'description');
  if (dice.chance(0.4)) columns.unshift('position');
  const share: Partial<Record<Word, number>> = { description: 3, position: 0.5 };
  const sum = columns.reduce((total, column) => total + (share[column] ?? 1.2), 0);
  let right = 45;
  const places = columns.map((column) => {
    const left = right + 5;
    right += ((share[column] ?? 1.2) / sum) * (WIDTH - 90);
    return { column, left, right };
  });
  const cell = (column: Word, text: string, y: number): void => {
    const place = places.find((p) => p.column === column);
    if (!place) return;
    if (column === 'description' || column === 'position') sheet.put(text, place.left, y, 9);
    else sheet.put(text, place.right, y, 9, true);
  };
  for (const { column } of places) cell(column, pen.word(column), top);
  let y = top + 18;
  const unit = dice.chance(0.5);
  const rateSign = dice.pick([' %', '%', '']);
  facts.lines.forEach((line, index) => {
    cell('position', String(index + 1), y);
    cell('description', line.name, y);
    cell('quantity', unit ? `${line.quantity} ${line.unit}` : String(line.quantity), y);
    cell('price', pen.money(line.price), y);
    cell('rate', `${line.rate}${rateSign}`, y);
    cell('total', pen.money(line.total), y);
    if (dice.chance(0.15))
      sheet.put(`Art. ${dice.digits(6)}`, (places[0]?.left ?? 50) + 20, (y += 11), 8);
    y += 15;
  });
  return y;
}

function drawTotals(pen: Pen, top: number): number {
  const { dice, sheet, facts, money } = pen;
  const labelX = dice.pick([330, 330, 50]);
  const colon = dice.pick([':', '', '']);
  let y = top;
  const row = (label: string, value: Money): void => {
    sheet.put(`${label}${colon}`, labelX, y);
    sheet.put(money(value), 545, y, 10, true);
    y += 15;
  };
  const showNet = dice.chance(0.95);
  if (showNet) row(pen.word('net'), facts.net);
  const several = facts.taxes.length > 1;
  for (const { rate, tax, base } of facts.taxes) {
    const shown = dice.pick([`${rate} %`, `${rate}%`, `(${rate}%)`]);
    row(
      several && dice.chance(0.3)
        ? `${pen.word('tax')} ${shown} / ${money(base)}`
        : `${pen.word('tax')} ${several || dice.chance(0.6) ? shown : ''}`.trim(),
      tax,
    );
  }
  if (several && dice.chance(0.4)) row(WORDS[pen.language].tax.at(-1) ?? '', facts.tax);
  row(pen.word('gross'), facts.gross);
  if (facts.prepaid !== 0) {
    row(pen.word('prepaid'), -facts.prepaid);
    row(pen.word('payable'), facts.gross - facts.prepaid);
  } else if (dice.chance(0.2)) row(pen.word('payable'), facts.gross);
  return y;
}

function drawTerms(pen: Pen, top: number): number {
  const { dice, sheet, facts } = pen;
  let y = top;
  if (facts.due)
    sheet.put(pen.word('dueSentence').replace('{d}', pen.date(facts.due)), 50, (y += 14));
  if (dice.chance(0.6)) sheet.put(pen.word('thanks'), 50, (y += 14));
  return y;
}

function drawFooter(pen: Pen, y: number, labelled: boolean): void {
  const { dice, sheet, facts } = pen;
  const { seller } = facts;
  const spaced = dice.chance(0.6) ? seller.iban.replace(/(.{4})(?=.)/g, '$1 ') : seller.iban;
  const register = pen
    .word('register')
    .replace('{n}', dice.digits(6))
    .replace('{t}', seller.address.town)
    .replace('{p}', dice.pick(POOLS[pen.language].people));
  const parts = [
    `${pen.word('iban')}${pen.colon} ${spaced}`,
    `${pen.word('vatId')}${pen.colon} ${seller.vatId}`,
    register,
  ];
  if (dice.chance(0.6)) parts.unshift(seller.name);
  if (dice.chance(0.4) && !labelled)
    parts.splice(1, 0, `${seller.address.street}, ${seller.address.town}`);
  if (dice.chance(0.5)) parts.forEach((part, i) => sheet.put(part, 50, y + i * 11, 8));
  else
    parts.forEach((part, i) => sheet.put(part, 50 + (i % 2) * 260, y + Math.floor(i / 2) * 11, 8));
  if (dice.chance(0.4)) sheet.put(pen.word('page'), 500, y + 60, 8);
}
