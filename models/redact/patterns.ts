/** Own sentence patterns, by language; `{PER}`, `{ORG}`, `{LOC}`, `{ADR}`, `{STR}` (a street) and `{NUM}` are filled in. */

interface Language {
  locales: string[];
  patterns: string[];
}

/** One pattern a line; `\n` stands for a line break inside a pattern. */
const lines = (text: string): string[] =>
  text.split('\n').map((line) => line.replaceAll('\\n', '\n'));

export const LANGUAGES: Language[] = [
  {
    locales: ['en_US', 'en_GB', 'en_IE', 'en_IN', 'en_NZ', 'en_NG'],
    patterns: lines(String.raw`Dear {PER}, thank you for your order number {NUM}.
Hi {PER},
Kind regards,\n{PER}\n{ORG}
Best, {PER}
Please send the parcel to {PER}, {ADR}.
Name: {PER}\nAddress: {ADR}\nOrder: {NUM}
Patient: {PER} (MRN {NUM})
{PER} lives at {ADR} and works for {ORG}.
I spoke to {PER} from {ORG} yesterday about the invoice.
My name is {PER} and I live in {LOC}.
This is {PER}, I'm calling because my card does not work.
Agent: Good morning, {PER} speaking, how can I help you?
Customer: Hello, my name is {PER}, the account is under {PER}.
Our office in {LOC} is closed on Monday. Call {PER} instead.
{ORG} announced that {PER} will leave the board.
The meeting with {ORG} takes place in {LOC} on 12 March.
{PER} was born in {LOC} and moved to {LOC} in 1998.
Employee: {PER}, manager: {PER}, location: {LOC}
From: {PER}\nTo: {PER}\nSubject: Contract with {ORG}
Delivery address: {ADR}
Ship to:\n{PER}\n{ADR}
{PER} and {PER} met at {ADR}.
The defendant, {PER}, of {ADR}, denied the claim.
Plaintiff {PER} against {ORG}, filed in {LOC}.
Dr. {PER} examined the patient and prescribed 5 mg twice a day.
{PER}'s daughter {PER} goes to school in {LOC}.
Can you please forward this to {PER}?
He flew from {LOC} to {LOC} with his wife {PER}.
The contract between {ORG} and {ORG} ends in June.
I want to return the shoes. The order was placed by {PER}.
The weather in {LOC} was fine, so the picnic went ahead.
Could you tell me the opening hours of the branch in {LOC}?
{PER} [{NUM}]: did anyone check the logs?
Technician {PER} replaced the pump at {ADR}.
Invoice from {ORG}, {ADR}
Signed by {PER}, Chief Executive Officer of {ORG}
lives in {LOC}, reachable through {PER}
Contact person: {PER}
user {PER} logged in from {LOC}
The patient denies chest pain. {PER} was informed by phone.
Witness: {PER}. Counsel: {PER}, {ORG}.
Next of kin: {PER}
{PER} reports that the Monday delivery never came.
Please update the billing address to {ADR}
Report prepared for {ORG} by {PER} on 3 May.
Is there any fee if I use the machine abroad?
Can I change the due date of the loan? I was told by Customer Support that it is possible.
The Project Manager will review the Quarterly Report on Friday.
Thank You for your patience, the Help Desk will call back.
Terms and Conditions apply. The Borrower shall repay the Loan to the Bank.
Blood pressure was normal. Start Metformin 500 mg and follow up in April.
Type 2 Diabetes Mellitus, Migraine and Osteoarthritis are stable.
WARNING: The Database Server was restarted at noon by the Administrator.
Why is {PER} always late?
Is {PER} still waiting for an answer, or did {PER} call back?
Have you ever met {PER}? They were great at the festival.
We named our son {PER} after my uncle {PER}.
Tell {PER} I said hello.
Who is {PER}?
{PER}, can you hear me?
what did {PER} say about {PER}?
A book by {PER} about the history of {LOC}.
The song was written by {PER} and recorded with {PER} in {LOC}.
{PER} won the match against {PER} in {LOC}.
The band played small clubs on {STR} before they were famous.
They closed {STR} in {LOC} for the parade, so all cars must turn at {STR}.
The shop on the corner of {STR} and {STR} is open until late.
The name of the film refers to {STR} in {LOC}.
I moved from {ADR} to {ADR} last year.
My new address is {ADR}, please change it for my card.
She lives in {STR}, {LOC}.
Where is {STR}? Close to {STR}?
Is there a branch near {STR} in {LOC}?
{ORG} opened a new store at {STR}.
I work for {ORG}, and before that I was with {ORG}.
The {ORG} website is down again.
{ORG}'s profit fell, while {ORG} and {ORG} grew.
The government of {LOC} and the people of {LOC} agreed.
What time is it in {LOC}?
My trip to {LOC} was cancelled, I want to fly to {LOC} instead.
{ORG} v. {PER}, decided in {LOC}
Chair: {PER}. Present: {PER}, {PER} and {PER}.
TO: {PER}\nFROM: {PER}\nRE: {PER}
{PER}\n{ORG}\n{ADR}
> {PER}\n> {ADR}
<name>{PER}</name><city>{LOC}</city><employer>{ORG}</employer>
{"name": "{PER}", "company": "{ORG}", "city": "{LOC}", "address": "{ADR}"}
Experience: Software Engineer at {ORG}. Education: {ORG}.
File under: National Health, Personal Information, System Settings, Callback URL.
Passport, Driver License and National ID are required. Session Start, Session End.
GET /api/users?name={PER}&city={LOC}
Happy New Year! See you next Tuesday at the Christmas Party.
The new MacBook runs Windows and Linux, says the Review.`),
  },
  {
    locales: ['de_DE', 'de_DE', 'de_AT', 'de_CH'],
    patterns: lines(String.raw`Sehr geehrter Herr {PER}, vielen Dank für Ihre Bestellung {NUM}.
Sehr geehrte Frau {PER},
Mit freundlichen Grüßen\n{PER}\n{ORG}
Viele Grüße {PER}
Mein Name ist {PER}, ich wohne in {LOC}.
Die Lieferung geht an {PER}, {ADR}.
{PER} arbeitet bei der {ORG} in {LOC}.
Der Kunde {PER} hat gestern angerufen und sich über die Rechnung beschwert.
Patient: {PER}, geboren in {LOC}
Bitte ändern Sie die Anschrift auf {ADR}.
Anschrift: {ADR}
Ansprechpartner: {PER}
Die {ORG} hat ihren Sitz in {LOC}.
Guten Tag, ich heiße {PER} und habe eine Frage zu meinem Vertrag.
Frau {PER} und Herr {PER} treffen sich am Montag in der Filiale {LOC}.
Zeuge {PER}, wohnhaft {ADR}
Der Techniker {PER} war um 10 Uhr bei {PER}.
Der Vertrag mit {ORG} läuft bis Ende Juni.
Das Produkt funktioniert nicht, ich möchte mein Geld zurück.
Die Rechnung und die Bestellung sind in der Anlage, der Betrag ist fällig am Freitag.
Der Arzt empfahl Ruhe und ein Schmerzmittel für drei Tage.
Bitte prüfen Sie den Antrag und senden Sie die Unterlagen an die Abteilung Einkauf.`),
  },
  {
    locales: ['fr_FR', 'fr_FR', 'fr_CA', 'fr_CH'],
    patterns: lines(String.raw`Bonjour Monsieur {PER}, votre commande {NUM} est prête.
Madame {PER}, merci pour votre message.
Cordialement,\n{PER}\n{ORG}
Je m'appelle {PER} et j'habite à {LOC}.
Livraison à {PER}, {ADR}.
{PER} travaille chez {ORG} à {LOC}.
Adresse : {ADR}
Le patient {PER} est né à {LOC}.
La société {ORG} a signé le contrat avec {PER}.
Le client {PER} demande un remboursement pour la facture {NUM}.
Je voudrais changer mon adresse, c'est maintenant {ADR}.
Veuillez contacter {PER} au bureau de {LOC}.
Le produit ne marche pas et je veux être remboursé avant la fin du mois.
Nous vous prions de trouver ci-joint la facture du mois de Mars.`),
  },
  {
    locales: ['es_ES', 'es_MX', 'es_CO', 'es_CL', 'es_AR'],
    patterns: lines(String.raw`Estimado Sr. {PER}, gracias por su pedido {NUM}.
Hola {PER}, ¿cómo está?
Me llamo {PER} y vivo en {LOC}.
Saludos,\n{PER}\n{ORG}
La entrega es para {PER}, {ADR}.
{PER} trabaja en {ORG} en {LOC}.
Dirección: {ADR}
El paciente {PER} nació en {LOC}.
La empresa {ORG} firmó un contrato con {PER}.
El cliente {PER} llamó ayer por la factura {NUM}.
El producto no funciona y quiero la devolución del dinero.
La reunión con el equipo de Ventas será el lunes por la tarde.`),
  },
  {
    locales: ['it_IT'],
    patterns: lines(String.raw`Gentile Signor {PER}, grazie per il suo ordine {NUM}.
Mi chiamo {PER} e abito a {LOC}.
Cordiali saluti,\n{PER}\n{ORG}
Consegna a {PER}, {ADR}.
{PER} lavora per {ORG} a {LOC}.
Indirizzo: {ADR}
Il paziente {PER} è nato a {LOC}.
Il prodotto non funziona e vorrei un rimborso entro la fine del mese.`),
  },
  {
    locales: ['nl_NL', 'nl_BE'],
    patterns: lines(String.raw`Beste {PER}, bedankt voor uw bestelling {NUM}.
Mijn naam is {PER} en ik woon in {LOC}.
Met vriendelijke groet,\n{PER}\n{ORG}
Bezorgen bij {PER}, {ADR}.
{PER} werkt bij {ORG} in {LOC}.
Adres: {ADR}
De klant {PER} belde gisteren over de factuur.
Het product werkt niet en ik wil mijn geld terug.`),
  },
  {
    locales: ['pt_PT', 'pt_BR'],
    patterns: lines(String.raw`Caro Sr. {PER}, obrigado pelo seu pedido {NUM}.
O meu nome é {PER} e moro em {LOC}.
Atenciosamente,\n{PER}\n{ORG}
Entrega para {PER}, {ADR}.
{PER} trabalha na {ORG} em {LOC}.
Endereço: {ADR}
O produto não funciona e quero o dinheiro de volta.`),
  },
  {
    locales: ['pl_PL', 'cs_CZ', 'sk_SK', 'sl_SI', 'hr_HR'],
    patterns: lines(String.raw`Nazywam się {PER} i mieszkam w {LOC}.
Szanowny Panie {PER}, dziękujemy za zamówienie {NUM}.
{PER} pracuje w {ORG} w {LOC}.
Adres: {ADR}
Jmenuji se {PER} a bydlím v {LOC}.
Vážený pane {PER}, děkujeme za objednávku {NUM}.
Adresa: {ADR}
S pozdravem\n{PER}\n{ORG}
Produkt nie działa, proszę o zwrot pieniędzy.`),
  },
  {
    locales: ['sv_SE', 'da_DK', 'no_NO', 'fi_FI'],
    patterns: lines(String.raw`Hej {PER}, tack för din beställning {NUM}.
Jag heter {PER} och bor i {LOC}.
Med vänliga hälsningar\n{PER}\n{ORG}
Jeg hedder {PER} og bor i {LOC}.
Venlig hilsen {PER}
Adresse: {ADR}
Osoite: {ADR}
Nimeni on {PER} ja asun kaupungissa {LOC}.
{PER} arbetar på {ORG} i {LOC}.
Produkten fungerar inte och jag vill ha pengarna tillbaka.`),
  },
  {
    locales: ['hu_HU', 'ro_RO', 'tr_TR', 'id_ID', 'vi_VN', 'et_EE', 'lt_LT', 'lv_LV'],
    patterns: lines(String.raw`{PER}, {LOC}
Name: {PER}\n{ADR}
{PER} ({ORG})
Numele meu este {PER} și locuiesc în {LOC}.
A nevem {PER}, {LOC} városban élek.
Benim adım {PER}, {LOC} şehrinde yaşıyorum.
Nama saya {PER} dan saya tinggal di {LOC}.`),
  },
  {
    locales: ['ru_RU', 'uk_UA', 'bg_BG', 'el_GR'],
    patterns: lines(String.raw`Меня зовут {PER}, я живу в городе {LOC}.
Уважаемый {PER}, спасибо за заказ {NUM}.
{PER} работает в компании {ORG}.
Адрес: {ADR}
Мене звати {PER}, я живу в {LOC}.
Казвам се {PER} и живея в {LOC}.
Με λένε {PER} και μένω στην {LOC}.
Διεύθυνση: {ADR}
Товар не работает, верните деньги за заказ.`),
  },
  {
    locales: ['ja_JP'],
    patterns: lines(String.raw`私の名前は{PER}です。
{PER}様、ご注文ありがとうございます。
{ORG}の{PER}です。
住所：{ADR}
商品が届きません。返金をお願いします。`),
  },
  {
    locales: ['zh_CN'],
    patterns: lines(String.raw`我叫{PER}，住在{LOC}。
尊敬的{PER}，感谢您的订单。
{PER}在{ORG}工作。
地址：{ADR}
产品坏了，我想退款。`),
  },
  {
    locales: ['ar_SA', 'fa_IR', 'he_IL', 'hi_IN', 'ko_KR', 'th_TH'],
    patterns: lines(String.raw`Name: {PER}
Contact {PER}, {ORG}
{PER} - {LOC}
Patient {PER} was seen today.
اسمي {PER} وأعيش في {LOC}.
שמי {PER} ואני גר ב{LOC}.
मेरा नाम {PER} है।
제 이름은 {PER} 입니다.`),
  },
];
