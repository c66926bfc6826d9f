/** Invented companies, addresses, products and numbers for synthetic invoices. Names are put together from syllables. */
import { seeded } from '../../src/core/random.ts';

export type Language = 'de' | 'en' | 'fr' | 'it' | 'es' | 'nl';
export const LANGUAGES: readonly Language[] = ['de', 'en', 'fr', 'it', 'es', 'nl'];

/** Draws from a seed. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** 0 ≤ x < 1. */
  next(): number {
    return this.#random();
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.next() * of.length)] as T;
  }

  digits(n: number): string {
    return Array.from({ length: n }, () => this.whole(0, 9)).join('');
  }
}

const SYLLABLES =
  'bel,kor,van,tes,mar,lin,dor,fa,ri,no,sol,ka,ter,mi,zen,ol,bru,hal,wes,per,lo,gan,vi,ro,sta,nel,qui,sa,der,po,ul,tri,cas,men,fi,ga,jor,pel,ton,ez'.split(
    ',',
  );
const word = (dice: Dice, syllables: number): string => {
  const text = Array.from({ length: syllables }, () => dice.pick(SYLLABLES)).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

interface Pool {
  legal: string[];
  trade: string[];
  street: string[];
  town: [code: string, name: string][];
  country: string;
  people: string[];
  goods: string[];
  units: string[];
}

const list = (text: string): string[] => text.split('|');
const towns = (text: string): [string, string][] =>
  list(text).map((entry): [string, string] => {
    const at = /^(?:[A-Z]{1,2}\d+ \d[A-Z]{2}|D02 XY45|\d{4} AA|\S+) /.exec(entry)?.[0].length ?? 0;
    return [entry.slice(0, at - 1), entry.slice(at)];
  });

export const POOLS: Record<Language, Pool> = {
  de: {
    legal: list('GmbH|AG|GmbH & Co. KG|OHG|UG (haftungsbeschränkt)|e.K.|KG|GbR|mbH|eG'),
    trade: list(
      'Technik|Bau|Handel|Logistik|Medien|Elektro|Möbel|Druckerei|Systeme|Werkzeuge|Großhandel|Software|Büroservice|Metallbau|Feinkost',
    ),
    street: list(
      '{w}straße|{w}weg|Am {w}|{w}allee|{w}gasse|{w}platz|Industriestr.|Hauptstraße|{w}str.|Zum {w}',
    ),
    town: towns(
      '10115 Berlin|80331 München|20095 Hamburg|50667 Köln|01067 Dresden|70173 Stuttgart|04109 Leipzig|28195 Bremen|90402 Nürnberg|44135 Dortmund',
    ),
    country: 'Deutschland',
    people: list('Frau Tessen|Herr Valkor|J. Belmar|K. Ristow'),
    goods: list(
      'Schrauben M8|Druckerpapier A4|Wartung Anlage|Beratung|Schreibtisch Eiche|Toner schwarz|Montage vor Ort|Kabel 5 m|Lizenz Basis|Reinigung Büro|Kaffee 1 kg|Holzleim|LED-Leuchte|Transport|Ordner breit',
    ),
    units: list('Stk|Stück|Std|kg|Pkg|m|h'),
  },
  en: {
    legal: list('Ltd|Limited|LLC|Inc.|PLC|LLP|Corp.|& Sons Ltd|Group Ltd|Co.'),
    trade: list(
      'Trading|Supplies|Consulting|Logistics|Design|Engineering|Systems|Foods|Print|Services|Electrical|Media|Furniture|Solutions|Motors',
    ),
    street: list(
      '{w} Street|{w} Road|{w} Lane|{w} Avenue|{w} Drive|Unit 4, {w} Park|{w} House|{w} Way',
    ),
    town: towns(
      'LS1 4AP Leeds|M1 2JW Manchester|BS1 5TR Bristol|EH1 1BB Edinburgh|NR2 1TF Norwich|60601 Chicago, IL|78701 Austin, TX|97201 Portland, OR|D02 XY45 Dublin|CF10 1EP Cardiff',
    ),
    country: 'United Kingdom',
    people: list('Ms Tessen|Mr Valkor|J. Belmar|K. Riston'),
    goods: list(
      'Office chair|Printer paper A4|Annual maintenance|Consulting day|Oak desk|Black toner|On-site installation|Cable 5 m|Basic licence|Cleaning|Coffee beans 1 kg|LED lamp|Freight|Ring binder|Steel bracket',
    ),
    units: list('pcs|hrs|ea|kg|box|day|unit'),
  },
  fr: {
    legal: list('SARL|SAS|SA|EURL|SCI|SASU|& Fils'),
    trade: list(
      'Conseil|Bâtiment|Transport|Imprimerie|Services|Informatique|Mobilier|Électricité|Distribution|Alimentation',
    ),
    street: list(
      'rue de {w}|avenue {w}|boulevard {w}|place {w}|chemin de {w}|impasse {w}|rue du {w}',
    ),
    town: towns(
      '75011 Paris|69003 Lyon|13001 Marseille|31000 Toulouse|44000 Nantes|67000 Strasbourg|33000 Bordeaux|59800 Lille',
    ),
    country: 'France',
    people: list('Mme Tessen|M. Valkor'),
    goods: list(
      'Papier A4|Maintenance annuelle|Journée de conseil|Bureau chêne|Toner noir|Installation sur site|Câble 5 m|Licence de base|Nettoyage|Café 1 kg|Lampe LED|Transport|Classeur',
    ),
    units: list('u|h|kg|pce|jour'),
  },
  it: {
    legal: list('S.r.l.|S.p.A.|S.n.c.|S.a.s.|& C. S.n.c.|S.r.l.s.'),
    trade: list(
      'Servizi|Trasporti|Edilizia|Stampa|Consulenza|Arredi|Elettronica|Distribuzione|Alimentari|Informatica',
    ),
    street: list('Via {w}|Viale {w}|Piazza {w}|Corso {w}|Via della {w}|Largo {w}'),
    town: towns(
      '20121 Milano MI|00184 Roma RM|10121 Torino TO|50122 Firenze FI|40121 Bologna BO|80133 Napoli NA|37121 Verona VR',
    ),
    country: 'Italia',
    people: list('Sig.ra Tessen|Sig. Valkor'),
    goods: list(
      'Carta A4|Manutenzione annuale|Giornata di consulenza|Scrivania rovere|Toner nero|Installazione|Cavo 5 m|Licenza base|Pulizia|Caffè 1 kg|Lampada LED|Trasporto',
    ),
    units: list('pz|h|kg|cf|gg'),
  },
  es: {
    legal: list('S.L.|S.A.|S.L.U.|S.C.|e Hijos S.L.'),
    trade: list(
      'Servicios|Transportes|Construcciones|Imprenta|Consultores|Muebles|Electricidad|Distribuciones|Alimentación|Sistemas',
    ),
    street: list('Calle {w}|Avenida {w}|Plaza {w}|Paseo {w}|C/ {w}|Camino de {w}'),
    town: towns(
      '28013 Madrid|08002 Barcelona|41001 Sevilla|46002 Valencia|50001 Zaragoza|29005 Málaga|48001 Bilbao',
    ),
    country: 'España',
    people: list('Sra. Tessen|Sr. Valkor'),
    goods: list(
      'Papel A4|Mantenimiento anual|Jornada de consultoría|Mesa de roble|Tóner negro|Instalación|Cable 5 m|Licencia básica|Limpieza|Café 1 kg|Lámpara LED|Portes',
    ),
    units: list('ud|h|kg|caja|día'),
  },
  nl: {
    legal: list('B.V.|N.V.|VOF|& Zn. B.V.|Holding B.V.'),
    trade: list(
      'Techniek|Bouw|Transport|Drukkerij|Advies|Meubelen|Elektro|Handel|Voeding|Systemen',
    ),
    street: list('{w}straat|{w}laan|{w}weg|{w}plein|{w}kade|{w}singel'),
    town: towns(
      '1012AB Amsterdam|3011 AA Rotterdam|3511 LX Utrecht|5611 CD Eindhoven|9711 GH Groningen|6211 KL Maastricht',
    ),
    country: 'Nederland',
    people: list('Mevr. Tessen|Dhr. Valkor'),
    goods: list(
      'Papier A4|Jaarlijks onderhoud|Adviesdag|Bureau eiken|Toner zwart|Installatie|Kabel 5 m|Basislicentie|Schoonmaak|Koffie 1 kg|LED-lamp|Transport',
    ),
    units: list('st|uur|kg|doos|dag'),
  },
};

export function companyName(dice: Dice, language: Language): string {
  const { legal, trade } = POOLS[language];
  const name = word(dice, dice.whole(2, 3));
  const form = dice.chance(0.85) ? ` ${dice.pick(legal)}` : '';
  const shape = dice.whole(0, 4);
  if (shape === 0) return `${name}${form}`;
  if (shape === 1) return `${name} & ${word(dice, 2)}${form}`;
  if (shape === 2) return `${dice.pick(trade)} ${name}${form}`;
  return `${name} ${dice.pick(trade)}${form}`;
}

export interface PostalAddress {
  street: string;
  town: string;
  country: string;
}

export function postalAddress(dice: Dice, language: Language): PostalAddress {
  const pool = POOLS[language];
  const street = dice.pick(pool.street).replace('{w}', word(dice, 2));
  const number = String(dice.whole(1, 180)) + (dice.chance(0.15) ? 'a' : '');
  const first = language === 'en' || language === 'fr';
  const [code, name] = dice.pick(pool.town);
  const prefix = dice.chance(0.15) ? `${language === 'en' ? 'GB' : language.toUpperCase()}-` : '';
  const town = language === 'en' ? `${name} ${code}` : `${prefix}${code} ${name}`;
  return {
    street: first ? `${number} ${street}` : `${street} ${number}`,
    town,
    country: pool.country,
  };
}

/** An IBAN with right check digits (ISO 13616) of the country's length. */
export function inventedIban(dice: Dice, language: Language): string {
  const country = language === 'en' ? 'GB' : language.toUpperCase();
  const bank = {
    GB: `${letters(dice, 4)}${dice.digits(14)}`,
    NL: `${letters(dice, 4)}${dice.digits(10)}`,
    DE: dice.digits(18),
    ES: dice.digits(20),
    FR: dice.digits(23),
    IT: `${letters(dice, 1)}${dice.digits(22)}`,
  }[country] as string;
  const check = 98 - mod97(`${bank}${country}00`);
  return `${country}${String(check).padStart(2, '0')}${bank}`;
}

const letters = (dice: Dice, n: number): string =>
  Array.from({ length: n }, () => String.fromCharCode(65 + dice.whole(0, 25))).join('');

function mod97(text: string): number {
  let rest = 0;
  for (const c of text) rest = Number(`${rest}${/\d/.test(c) ? c : c.charCodeAt(0) - 55}`) % 97;
  return rest;
}

/** Written like a VAT id of the country; the check digits are not made right (they are no feature). */
export function inventedVatId(dice: Dice, language: Language): string {
  const form = {
    de: `DE${dice.digits(9)}`,
    en: `GB${dice.digits(9)}`,
    fr: `FR${dice.digits(11)}`,
    it: `IT${dice.digits(11)}`,
    es: `ESB${dice.digits(8)}`,
    nl: `NL${dice.digits(9)}B0${dice.whole(1, 9)}`,
  };
  return form[language];
}
