/** Values that a word beside them explains: `passport no. X1234567`, `geboren am 3.4.1980`, `password: hunter2`. */

export type LabelledType =
  | 'NATIONAL_ID'
  | 'TAX_ID'
  | 'PASSPORT'
  | 'LICENSE_PLATE'
  | 'BANK_ACCOUNT'
  | 'MEDICAL_RECORD'
  | 'DATE_OF_BIRTH'
  | 'USERNAME'
  | 'SECRET'
  | 'OTHER_ID';

export interface LabelledSpan {
  type: LabelledType;
  start: number;
  end: number;
}

/** Words that announce a value, in the languages of the app's users. A blank stands for any of blank, _ and -, or none. */
const LABELS: Record<LabelledType, string> = {
  NATIONAL_ID:
    'ssn|social security|socialsecurity|social insurance|national id|national insurance|national identification|nino|ni number|nhs|nid|id number|id card|identity card|identity number|citizen id|personal id|personal number|steuer id|steueridentifikationsnummer|steuerliche identifikationsnummer|idnr|personalausweis|ausweisnummer|sozialversicherungsnummer|svnr|sv nummer|ahv|avs|personnummer|fødselsnummer|fodselsnummer|henkilötunnus|hetu|cpr|cpf|curp|aadhaar|aadhar|pan|bsn|burgerservicenummer|pesel|dni|nie|codice fiscale|cod fisc|nir|sécurité sociale|securite sociale|insee|rijksregisternummer|registre national|pps|ppsn|tfn|tax file|medicare|sin|rodné číslo|rodne cislo|oib|egn|cnp|amka|tc kimlik|kimlik|nric|rut|cuit|cédula|cedula|itin',
  TAX_ID:
    'vat|vat id|vat reg|ust id|ustid|ust idnr|uid|umsatzsteuer id|tva|partita iva|p iva|btw|ein|tin|tax id|taxpayer id|tax reference|steuernummer|steuer nr|st nr|cnpj|gstin|gst|abn|acn|rfc|cif|nif|nip|siren|siret|utr|moms',
  PASSPORT:
    'passport|reisepass|passnummer|pass nr|passeport|pasaporte|passaporto|paspoort|paszport|visa number|visa no|visa nr',
  LICENSE_PLATE:
    'license plate|licence plate|number plate|plate|plates|vehicle registration|registration number|registration plate|reg no|kennzeichen|kfz kennzeichen|immatriculation|plaque|matrícula|matricula|targa|kenteken|rejestracja',
  BANK_ACCOUNT:
    'account|acct|a/c|bank account|konto|kontonummer|kto|routing|aba|sort code|sortcode|bsb|swift|bic|blz|bankleitzahl|clabe|compte|cuenta|conto|rekening|rekeningnummer|conta|bankgiro|plusgiro|ifsc|wallet|bitcoin|btc address|crypto address|wallet address',
  MEDICAL_RECORD:
    'mrn|medical record|medical record number|patient id|patient number|patient no|chart|chart number|hospital number|patientennummer|patienten id|fallnummer|dossier médical|dossier patient|historia clínica|historia clinica|health record|health id|national health id|health number',
  DATE_OF_BIRTH:
    'dob|d.o.b|d.o.b.|date of birth|birth date|birthdate|birthday|born|born on|year of birth|geb|geb.|geboren|geboren am|geburtsdatum|geburtstag|né le|née le|nee le|date de naissance|nacido el|nacida el|nacimiento|fecha de nacimiento|nato il|nata il|data di nascita|geboortedatum|født|född|födelsedatum|data urodzenia|ur|nascimento|data de nascimento|nascido em|syntymäaika|datum narození',
  USERNAME:
    'username|user name|userid|user id|login|log in name|user|db user|dbuser|uname|screen name|nickname|handle|benutzername|nutzername|benutzer|identifiant|usuario|utente|gebruikersnaam|använd?arnamn|login name|account name|skype|twitter|instagram|telegram|github',
  SECRET:
    'password|passwd|passwort|passwords|kennwort|passcode|passphrase|pass|pwd|db pass|dbpass|db password|dbpassword|pin|pin code|puk|mot de passe|contraseña|contrasena|clave|wachtwoord|senha|hasło|haslo|lösenord|parola|api key|apikey|secret|secret key|secretkey|client secret|token|auth token|access token|accesstoken|access key|accesskey|private key|bearer|otp|verification code|security code|cvv|cvc|cvv2|identified by',
  OTHER_ID:
    'order|orders|order id|bestellung|bestellnummer|bestell nr|auftrag|auftragsnummer|commande|pedido|ordine|invoice|rechnung|rechnungsnummer|facture|factura|fattura|faktura|customer|customer id|customer number|client id|kunden nr|kundennummer|kundenummer|klantnummer|employee|employee id|employee number|empid|emp id|badge|badge number|staff id|personalnummer|mitarbeiternummer|case|case id|docket|file|aktenzeichen|claim|claim id|ticket|ticket id|incident|policy|policy number|insurance|insurance id|member|member id|membership|versicherungsnummer|versichertennummer|police|booking|booking reference|buchung|reservation|reservation code|confirmation|reference|ref|referenz|tracking|shipment|parcel|sendungsnummer|contract|contract id|vertrag|vertragsnummer|contrat|student id|student|matrikelnummer|npi|dea|bar|bar number|license|licence|license number|licence number|driver license|driver licence|driver s license|driving licence|drivers license|dl|führerschein|führerscheinnummer|serial|serial number|vin|chassis|device|device id|imei|imsi|mac|udid|session|session id|transaction|transaction id|subscriber|prescription|rx|biometric id|voter id|account id|certificate|notary license|loan|iban|card|card number|credit card|debit card|kreditkarte|carte|tarjeta|cc|id',
};

const VALUE_DATE = String.raw`(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}(?:st|nd|rd|th)?[-./ ]{1,2}(?:of )?(?:\d{1,2}|\p{L}{3,9}\.?)[-./, ]{1,2}\d{2,4}|\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|(?:19|20)\d\d)`;
const GROUPED = String.raw`[A-Za-z]{0,3}[ -]?\d{1,8}(?:[ .\-/]\d{1,8}){0,6}[A-Za-z]?`;
const CODE = String.raw`(?=[\p{L}\d._:/#-]{0,24}\d)[\p{L}\d](?:[\p{L}\d]|[-._/:#](?=[\p{L}\d])){2,63}`;

interface Value {
  regex: RegExp;
  /** Digits that the value must hold. */
  digits: number;
  /** A sign such as `:` or a word such as `number` must stand between. */
  isTold: boolean;
}
const value = (source: string, digits: number, isTold = false): Value => ({
  regex: new RegExp(`(?:${source})(?![\\p{L}\\d])`, 'uy'),
  digits,
  isTold,
});

const ID_VALUES = [value(GROUPED, 5), value(CODE, 3)];
const VALUES: Record<LabelledType, readonly Value[]> = {
  NATIONAL_ID: [value(GROUPED, 5), value(CODE, 4)],
  TAX_ID: [value(GROUPED, 6), value(CODE, 5)],
  PASSPORT: [value(GROUPED, 5), value(CODE, 4)],
  LICENSE_PLATE: [
    value(
      String.raw`[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?\d{1,4}[EH]?|[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z\d]{1,4}(?:[- ][A-Z\d]{1,4}){1,3}|[A-Z\d]{4,8}`,
      1,
    ),
  ],
  BANK_ACCOUNT: [
    value(GROUPED, 6),
    value(CODE, 4),
    value('[A-Z]{6}[A-Z\\d]{2}(?:[A-Z\\d]{3})?', 0, true),
  ],
  MEDICAL_RECORD: [value(CODE, 3), value(GROUPED, 4)],
  DATE_OF_BIRTH: [value(VALUE_DATE, 4)],
  USERNAME: [
    value(String.raw`@?[\p{L}\d](?:[\p{L}\d]|[-._](?=[\p{L}\d])){1,63}`, 0, true),
    value(String.raw`(?=\p{L}{0,20}[._\d])[\p{L}\d](?:[\p{L}\d]|[-._](?=[\p{L}\d])){2,63}`, 0),
  ],
  SECRET: [{ regex: /[^\s"'`\\<>\p{Cc}]{3,256}/uy, digits: 0, isTold: true }],
  OTHER_ID: ID_VALUES,
};

const TYPE_OF = new Map<string, LabelledType>();
for (const [type, words] of Object.entries(LABELS))
  for (const word of words.split('|')) {
    const key = word.replace(/[ .]/g, '');
    if (!TYPE_OF.has(key)) TYPE_OF.set(key, type as LabelledType);
  }

const escaped = (word: string): string =>
  word.replace(/[.?]/g, '\\$&').replace(/ /g, '[ _.-]{0,2}');
const ALL = Object.values(LABELS)
  .flatMap((words) => words.split('|'))
  .sort((a, b) => b.length - a.length)
  .map(escaped)
  .join('|');
const LABEL = new RegExp(`(?<![a-z\\d\\u00c0-\\uffff])(?:${ALL})(?![a-z\\d\\u00c0-\\uffff])`, 'gi');
/** What may stand between label and value, at most so many times. */
const BETWEEN =
  /["'”]?(?:[ \t\u00a0_-]{0,3}(?:[():=#|]|=>|no\.|nr\.|núm\.|n[°º]|(?:numbers?|num|no|nr|nummer|numéro|número|numero|id|code|details|key|is|are|was|ist|lautet|war|est|es|to|on|am|the)(?![\p{L}\d]))){0,4}[ \t\u00a0]{0,3}(?:\n[ \t]{0,8})?["'“„«(<`]?/iuy;
const IS_TOLD = /[:=#"'“„«`]|\b(?:is|ist|lautet|est|es|was|to|number|no|nr|id)\b|[ _-]by[ ]/iu;

/** Each label is followed by a bounded look for its value: linear time. */
export function findLabelled(
  text: string,
  isWanted: (type: LabelledType) => boolean = () => true,
): LabelledSpan[] {
  const found: LabelledSpan[] = [];
  LABEL.lastIndex = 0;
  let lastEnd = 0;
  for (let match = LABEL.exec(text); match; match = LABEL.exec(text)) {
    const type = TYPE_OF.get(match[0].toLowerCase().replace(/[ ._-]/g, ''));
    if (type === undefined || !isWanted(type)) continue;
    const labelEnd = match.index + match[0].length;
    BETWEEN.lastIndex = labelEnd;
    const between = BETWEEN.exec(text)?.[0] ?? '';
    const start = labelEnd + between.length;
    if (between === '' || start < lastEnd) continue;
    const end = endOfValue(text, start, type, IS_TOLD.test(between) || /by$/i.test(match[0]));
    if (end === null) continue;
    found.push({ type, start, end });
    lastEnd = end;
    LABEL.lastIndex = end;
  }
  return found;
}

function endOfValue(
  text: string,
  start: number,
  type: LabelledType,
  isTold: boolean,
): number | null {
  let best: number | null = null;
  for (const one of VALUES[type]) {
    if (one.isTold && !isTold) continue;
    one.regex.lastIndex = start;
    let matched = one.regex.exec(text)?.[0];
    if (matched === undefined) continue;
    if (type === 'SECRET') matched = withoutEnd(matched);
    if (type === 'SECRET' && !isSecret(matched, text.slice(start - 1, start))) continue;
    if ((matched.match(/\d/g)?.length ?? 0) < one.digits) continue;
    best = Math.max(best ?? 0, start + matched.trimEnd().length);
  }
  return best;
}

/** Without the full stop of the sentence and a bracket that was opened before. */
function withoutEnd(value: string): string {
  const rest = value.replace(/[.,;:]{1,8}$/, '');
  const last = rest.at(-1) ?? '';
  const opener = { ')': '(', ']': '[', '}': '{' }[last];
  return opener === undefined || rest.includes(opener) ? rest : rest.slice(0, -1);
}

/** A plain word after "password is" is more likely a sentence ("is wrong"), unless it is quoted or has other signs. */
function isSecret(value: string, before: string): boolean {
  if (value.length < 3) return false;
  return (
    /["'“„«`:=]/.test(before) ||
    /[^\p{L}]/u.test(value) ||
    /\p{Ll}\p{Lu}/u.test(value) ||
    !PLAIN_WORDS.test(value)
  );
}
const PLAIN_WORDS =
  /^(?:the|and|not|for|was|are|has|been|will|can|cannot|wrong|incorrect|expired|invalid|required|reset|changed|correct|too|set|now|still|missing|being|never|also|only|protected|falsch|abgelaufen|ungültig|nicht|nötig|gesperrt|a|an|in|on|to|of|your|my|our|this|that|it|is|please|email|mail|change|login)$/i;
