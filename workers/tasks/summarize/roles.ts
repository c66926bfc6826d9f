/** What part a speaker plays, from the label before the colon. English, German and French. */

const ROLES = ['doctor', 'patient', 'agent', 'customer', 'guest'] as const;
/** `guest`: somebody who came along, e.g. a mother. */
export type Role = (typeof ROLES)[number];

const NAMES: Record<Role, string> = {
  doctor:
    'doctor dr doc physician clinician nurse provider surgeon therapist dentist gp ' +
    'arzt ärztin doktor hausarzt hausärztin pfleger pflegerin ' +
    'médecin docteur infirmier infirmière',
  patient: 'patient pt patientin patiente',
  agent:
    'agent representative rep csr operator support advisor adviser assistant helpdesk service ' +
    'mitarbeiter mitarbeiterin berater beraterin kundenservice kundendienst ' +
    'conseiller conseillère opérateur opératrice assistance',
  customer:
    'customer caller client member kunde kundin anrufer anruferin cliente appelant appelante',
  guest:
    'guest guest_family guest_clinician patient_guest family mother father wife husband daughter son parent ' +
    'angehörige angehöriger mutter vater ehefrau ehemann tochter sohn mère père épouse époux fille fils',
};

const roleOf = new Map<string, Role>();
for (const role of ROLES) for (const name of NAMES[role].split(' ')) roleOf.set(name, role);

/** `key` in lower case. A title before a name counts: `dr. weber`. */
export function roleOfName(key: string): Role | null {
  const whole = roleOf.get(key);
  if (whole) return whole;
  const words = key.split(/[\s.,:()#\d]+/u).filter(Boolean);
  for (const word of words) {
    const role = roleOf.get(word);
    if (role && role !== 'guest') return role;
  }
  return roleOf.get(words[0] ?? '') ?? null;
}
