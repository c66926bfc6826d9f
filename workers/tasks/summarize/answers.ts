/** A plain yes or no to a plain question, as a statement: "Do you smoke?" "No." → "Does not smoke." */

const NO =
  /^(?:(?:no|nope|nah|none|never|uh-uh|hm-mm|mm-mm)[\s,.!]*)(?:(?:sir|ma['’]am|doctor|doc|no|i (?:do not|don['’]t|have not|haven['’]t|am not|did not|didn['’]t|was not|wasn['’]t)|i['’]m not|not at all|none|nothing)[\s,.!]*){0,3}$/iu;
const YES =
  /^(?:(?:yes|yeah|yep|yup|mm-hmm|uh-huh|mhm|correct|right|absolutely|definitely|of course)[\s,.!]*)(?:(?:sir|ma['’]am|doctor|doc|yes|yeah|i (?:do|have|am|did|was)|that['’]s (?:right|correct))[\s,.!]*){0,3}$/iu;

export type Polarity = 'yes' | 'no';

/** Null where the answer says more, or less sure. */
export function polarityOf(answer: string): Polarity | null {
  if (answer.length > 60) return null;
  const plain = answer.trim();
  if (NO.test(plain)) return 'no';
  return YES.test(plain) ? 'yes' : null;
}

const LEAD =
  /^(?:(?:and|so|okay|ok|alright|all right|now|good|great|well|but|um|uh|yeah|sure|perfect|excellent|i see|also|then)[\s,.]+)+/iu;
/** What a "yes" to these would mean is not in the question alone. */
const NOT_A_QUESTION_OF_FACT =
  /\b(?:know|mind|think|want|understand|remember|guess|mean|tell|wondering|agree|sound|right|correct|okay|ok|me|i|we|us|our|my|how|what|when|where|why|who|which)\b/iu;
const OPEN_WORDS = /\b(?:any|anything|anyone|anybody|anywhere|ever|either|else|or)\b/iu;

interface Form {
  pattern: RegExp;
  no: string;
  yes: string;
}

const FORMS: Form[] = [
  {
    pattern: /^do you (?:currently |still |also )?have (?:any |an? )?(.+)$/iu,
    no: 'No ',
    yes: 'Has ',
  },
  { pattern: /^(?:any|is there any|are there any) (.+)$/iu, no: 'No ', yes: '' },
  { pattern: /^have you ever (.+)$/iu, no: 'Has never ', yes: 'Has ' },
  { pattern: /^have you (.+)$/iu, no: 'Has not ', yes: 'Has ' },
  { pattern: /^are you (.+)$/iu, no: 'Is not ', yes: 'Is ' },
  { pattern: /^were you (.+)$/iu, no: 'Was not ', yes: 'Was ' },
  { pattern: /^did you (.+)$/iu, no: 'Did not ', yes: 'Did ' },
  { pattern: /^do you (.+)$/iu, no: 'Does not ', yes: 'Does ' },
];

/** The question as a statement about the patient, or null where that is not safe. */
export function statementOf(question: string, answer: Polarity): string | null {
  const plain = question.replace(LEAD, '').replace(/[\s?.!,]+$/u, '');
  if (plain.length > 160 || /[?.!;:"]/u.test(plain)) return null;
  const form = FORMS.find(({ pattern }) => pattern.test(plain));
  const rest = form?.pattern.exec(plain)?.[1]?.trim();
  if (!form || !rest || NOT_A_QUESTION_OF_FACT.test(rest)) return null;
  if (/\b(?:no|not|never|without|n['’]t)\b|n['’]t\b/iu.test(rest)) return null;
  if (answer === 'yes' && (form.yes === '' || OPEN_WORDS.test(rest))) return null;
  const start = answer === 'no' ? form.no : form.yes;
  return `${start}${aboutThePatient(rest)}.`;
}

const aboutThePatient = (text: string): string =>
  text
    .replace(/\byourself\b/giu, 'themselves')
    .replace(/\byours\b/giu, 'theirs')
    .replace(/\byour\b/giu, 'their')
    .replace(/\byou['’]re\b/giu, 'they are')
    .replace(/\byou['’]ve\b/giu, 'they have')
    .replace(/\byou\b/giu, 'they');
