/** Invented words for the slots of templates.ts, and the seeded filling of one. No person, company or address is real. */
const LISTS: Record<string, string[]> = {
  person: [
    'Ada Kern',
    'Jonas Weidt',
    'Mira Solberg',
    'Tom Hallis',
    'Lena Brück',
    'Paul Ondra',
    'Nora Vance',
    'Emil Straub',
    'Iris Calder',
    'Hugo Marlin',
    'Sanne Dekker',
    'Rafael Ortuna',
  ],
  company: [
    'Nordwerk Handels GmbH',
    'Blue Harbour Ltd',
    'Kestrel Systems Inc.',
    'Lindental AG',
    'Ostrava Parts s.r.o.',
    'Maren & Sons',
    'Atelier Vauclin SARL',
    'Quarry Lane Foods',
    'Tessel Logistics B.V.',
    'Helios Medizintechnik GmbH',
  ],
  address: [
    '12 Mill Lane, Ashford',
    'Gartenweg 7, 50321 Lindental',
    '48 rue des Tilleuls, 69999 Vauclin',
    '3 Harbour Street, Port Ellis',
    'Am Ring 21, 90210 Kerndorf',
    '77 Quarry Road, Denby',
  ],
  city: [
    'Ashford',
    'Lindental',
    'Vauclin',
    'Port Ellis',
    'Kerndorf',
    'Denby',
    'Marlow',
    'Oststadt',
  ],
  country: ['Germany', 'England and Wales', 'the Netherlands', 'France', 'Austria', 'Switzerland'],
  service: [
    'cloud hosting',
    'the maintenance of lifts',
    'cleaning services',
    'a new cycle path',
    'payroll processing',
    'the renewal of the town hall',
    'data migration',
    'logistics for spare parts',
    'a training programme',
    'translation services',
    'the supply of drinking water',
  ],
  product: [
    'the P-200 control unit',
    'hydraulic seals',
    'the Aqua 5 pump',
    'office chairs',
    'a milling machine',
    'the LX coffee maker',
    'steel brackets',
    'the sensor SN-17',
    'printer cartridges',
    'the garden heater',
  ],
  material: [
    'stainless steel 1.4301',
    'aluminium EN AW-6082',
    'polyamide PA66',
    'brass',
    'ABS plastic',
  ],
  job: [
    'project manager',
    'software developer',
    'accountant',
    'nurse',
    'sales representative',
    'mechanical engineer',
    'Sachbearbeiter',
    'teacher',
    'data analyst',
    'warehouse supervisor',
  ],
  degree: [
    'BSc Computer Science',
    'MA History',
    'Diplom-Ingenieur',
    'Master in Business Administration',
    'Bachelor of Nursing',
    'PhD Chemistry',
  ],
  skill: [
    'SAP',
    'Python',
    'project planning',
    'CAD',
    'bookkeeping',
    'first aid',
    'negotiation',
    'SQL',
    'MS Office',
    'quality management',
  ],
  email: ['ada.kern@example.org', 'contact@example.com', 'jobs@example.net'],
  phone: ['+49 30 5550 123', '020 7946 0112', '(555) 010-4477'],
};
const MONTHS = ['January', 'March', 'April', 'June', 'August', 'October', 'December'];

type Random = () => number;
const pick = <T>(list: readonly T[], random: Random): T =>
  list[Math.floor(random() * list.length)] as T;
const whole = (most: number, random: Random): number => 1 + Math.floor(random() * most);

function slot(name: string, random: Random): string {
  if (name === 'n') return String(whole(random() < 0.7 ? 48 : 900, random));
  if (name === 'number') return String(10_000 + whole(89_999, random));
  if (name === 'year') return String(1995 + whole(30, random));
  if (name === 'amount')
    return `${whole(90, random)},${String(whole(999, random)).padStart(3, '0')}`;
  if (name !== 'date') return pick(LISTS[name] ?? [name], random);
  const [day, month, year] = [whole(28, random), whole(12, random), 2015 + whole(11, random)];
  return random() < 0.5 ? `${day}.${month}.${year}` : `${day} ${pick(MONTHS, random)} ${year}`;
}

/** One text of a template: choices drawn, slots filled, some parts left out, as real documents are cut or scanned. */
export function fill(template: string, random: Random): string {
  const drawn = template
    .replaceAll(/\{([^{}]*)\}/g, (_, choices: string) => pick(choices.split('|'), random))
    .replaceAll(/<([a-z]+)>/g, (_, name: string) => slot(name, random));
  const lines = drawn.split('\n').filter(() => random() > 0.06);
  const start = random() < 0.15 ? Math.floor(random() * (lines.length / 3)) : 0;
  return lines.slice(start).join('\n').trim();
}
