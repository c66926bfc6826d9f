/** Inspection reports whose right verdicts are known, because they are made from them: for measuring `check`. */

interface Feature {
  /** English, German, French, Spanish. */
  names: [string, string, string, string];
  unit: string;
  /** Another way to write the value, and the factor to it. */
  other: [unit: string, factor: number];
}

const FEATURES: Feature[] = [
  { names: ['Diameter', 'Durchmesser', 'Diamètre', 'Diámetro'], unit: 'mm', other: ['cm', 0.1] },
  { names: ['Length', 'Länge', 'Longueur', 'Longitud'], unit: 'mm', other: ['m', 0.001] },
  { names: ['Weight', 'Gewicht', 'Poids', 'Peso'], unit: 'kg', other: ['g', 1000] },
  { names: ['Pressure', 'Druck', 'Pression', 'Presión'], unit: 'bar', other: ['kPa', 100] },
  { names: ['Torque', 'Drehmoment', 'Couple', 'Par'], unit: 'Nm', other: ['N·m', 1] },
  { names: ['Flow rate', 'Durchfluss', 'Débit', 'Caudal'], unit: 'l/min', other: ['ml/min', 1000] },
  { names: ['Voltage', 'Spannung', 'Tension', 'Tensión'], unit: 'V', other: ['mV', 1000] },
  {
    names: ['Cycle time', 'Zykluszeit', 'Temps de cycle', 'Tiempo de ciclo'],
    unit: 's',
    other: ['ms', 1000],
  },
];

const SENTENCES: ((name: string, value: string, language: number, station: number) => string)[] = [
  (name, value) => `${name}: ${value}`,
  (name, value) => `${name} = ${value}`,
  (name, value, language) =>
    `${name} ${['was measured at', 'wurde gemessen mit', 'mesuré à', 'medido:'][language] ?? ''} ${value}.`,
  (name, value, language, station) =>
    `${name} ${value} ${['at station', 'an Stelle', 'au poste', 'en punto'][language] ?? ''} ${station}`,
  (name, value, language, station) =>
    `${name} (${['sample', 'Probe', 'pièce', 'muestra'][language] ?? ''} ${station}): ${value}`,
];

/** As people of the language write it, with a thousands separator now and then. */
function written(value: number, decimals: number, language: number, grouped: boolean): string {
  const [whole = '', rest] = value.toFixed(decimals).split('.');
  const [point, group] = [
    ['.', ','],
    [',', '.'],
    [',', '\u202f'],
    [',', '.'],
  ][language] ?? ['.', ','];
  const parts = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, group ?? '') : whole;
  return rest === undefined ? parts : `${parts}${point}${rest}`;
}

type Verdict = 'pass' | 'fail' | 'missing';
interface Row {
  parameter: string;
  nominal?: string;
  tolerance?: string;
  min?: string;
  max?: string;
  rule?: string;
  unit: string;
}

interface Limits {
  row: Omit<Row, 'parameter' | 'unit'>;
  low: number;
  high: number;
}

function limitsOf(nominal: number, size: number, form: number): Limits {
  const text = (value: number) => value.toFixed(2);
  const [low, high] = [nominal - size, nominal + size];
  switch (form) {
    case 0:
      return { row: { nominal: text(nominal), tolerance: `±${text(size)}` }, low, high };
    case 1:
      return {
        row: { nominal: text(nominal), tolerance: `+${text(size)}/-0.00` },
        low: nominal,
        high,
      };
    case 2:
      return { row: { min: text(low), max: text(high) }, low, high };
    case 3:
      return { row: { rule: `≥ ${text(low)}` }, low, high: Infinity };
    case 4:
      return { row: { rule: `at most ${text(high)}` }, low: -Infinity, high };
    default:
      return {
        row: { nominal: text(nominal), tolerance: '5 %' },
        low: nominal * 0.95,
        high: nominal * 1.05,
      };
  }
}

/** A value well inside or well outside, so that rounding in another unit changes nothing. */
function valueOf(
  { low, high }: Limits,
  nominal: number,
  size: number,
  ok: boolean,
  random: () => number,
): number {
  if (!ok)
    return high === Infinity || (low !== -Infinity && random() < 0.5)
      ? low - size * (0.5 + random())
      : high + size * (0.5 + random());
  const [from, to] = [Math.max(low, nominal - size), Math.min(high, nominal + size)];
  return from + (to - from) * (0.2 + 0.6 * random());
}

/** Three to five features in one language; each is measured once or twice, or not at all. */
export function inspection(random: () => number): {
  specification: Row[];
  text: string;
  expected: Verdict[];
} {
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const language = Math.floor(random() * 4);
  const features = [...FEATURES].sort(() => random() - 0.5).slice(0, 3 + Math.floor(random() * 3));
  const expected: Verdict[] = [];
  const lines: string[] = [];
  const specification = features.map(({ names, unit, other }): Row => {
    const parameter = names[language] ?? names[0];
    const nominal = 20 + Math.round(random() * 200_000) / 100;
    const size = nominal * 0.02;
    const limits = limitsOf(
      Math.round(nominal * 100) / 100,
      Math.round(size * 100) / 100,
      Math.floor(random() * 6),
    );
    const count = Math.floor(random() * 3);
    const verdicts = Array.from({ length: count }, () => random() < 0.7);
    expected.push(count === 0 ? 'missing' : verdicts.every(Boolean) ? 'pass' : 'fail');
    for (const ok of verdicts) {
      const value = valueOf(limits, nominal, size, ok, random);
      const [shownUnit, factor] = random() < 0.3 ? other : [unit, 1];
      const shown = written(value * factor, factor < 1 ? 4 : 2, language, random() < 0.3);
      lines.push(
        pick(SENTENCES)(parameter, `${shown} ${shownUnit}`, language, 1 + Math.floor(random() * 9)),
      );
    }
    return { parameter, ...limits.row, unit };
  });
  return {
    specification,
    text: ['Report 17', ...lines.sort(() => random() - 0.5)].join('\n'),
    expected,
  };
}
