/** The language of short texts: own sentences in eight languages, and texts that are in none. */
import { expect, test } from 'vitest';
import { languageOf } from '../../workers/intake/documents/language.ts';

const SENTENCES: Record<string, string[]> = {
  en: [
    'Please find attached the invoice for last month.',
    'The delivery arrived two days late and one box was damaged.',
    'Could you call me back this afternoon?',
    'We would like to cancel our subscription at the end of the year.',
    'Where is my order?',
    'The patient reports mild pain in the left knee after running.',
  ],
  de: [
    'Anbei erhalten Sie die Rechnung für den letzten Monat.',
    'Die Lieferung kam zwei Tage zu spät und ein Karton war beschädigt.',
    'Können Sie mich heute Nachmittag zurückrufen?',
    'Wir möchten unser Abonnement zum Jahresende kündigen.',
    'Wo bleibt meine Bestellung?',
    'Zahlbar innerhalb von 14 Tagen ohne Abzug.',
  ],
  fr: [
    'Veuillez trouver ci-joint la facture du mois dernier.',
    'La livraison est arrivée avec deux jours de retard et un carton était abîmé.',
    'Pourriez-vous me rappeler cet après-midi ?',
    "Nous souhaitons résilier notre abonnement à la fin de l'année.",
    'Où est ma commande ?',
    "Le patient se plaint d'une légère douleur au genou gauche.",
  ],
  es: [
    'Adjunto encontrará la factura del mes pasado.',
    'La entrega llegó con dos días de retraso y una caja estaba dañada.',
    '¿Podría llamarme esta tarde?',
    'Queremos cancelar nuestra suscripción a finales de año.',
    '¿Dónde está mi pedido?',
    'El paciente refiere un dolor leve en la rodilla izquierda.',
  ],
  it: [
    'In allegato trova la fattura del mese scorso.',
    'La consegna è arrivata con due giorni di ritardo e una scatola era danneggiata.',
    'Potrebbe richiamarmi questo pomeriggio?',
    "Vorremmo disdire il nostro abbonamento alla fine dell'anno.",
    "Dov'è il mio ordine?",
    'Il paziente riferisce un lieve dolore al ginocchio sinistro.',
  ],
  nl: [
    'In de bijlage vindt u de factuur van vorige maand.',
    'De levering kwam twee dagen te laat en een doos was beschadigd.',
    'Kunt u mij vanmiddag terugbellen?',
    'Wij willen ons abonnement aan het einde van het jaar opzeggen.',
    'Waar blijft mijn bestelling?',
    'De patiënt meldt lichte pijn in de linkerknie.',
  ],
  pl: [
    'W załączniku przesyłam fakturę za ubiegły miesiąc.',
    'Dostawa przyszła dwa dni później, a jedno pudełko było uszkodzone.',
    'Czy może Pan oddzwonić dziś po południu?',
    'Chcielibyśmy zrezygnować z abonamentu z końcem roku.',
    'Gdzie jest moje zamówienie?',
    'Pacjent zgłasza lekki ból w lewym kolanie.',
  ],
  pt: [
    'Segue em anexo a fatura do mês passado.',
    'A entrega chegou com dois dias de atraso e uma caixa estava danificada.',
    'Poderia ligar-me de volta esta tarde?',
    'Gostaríamos de cancelar a nossa assinatura no final do ano.',
    'Onde está a minha encomenda?',
    'O paciente refere uma dor ligeira no joelho esquerdo.',
  ],
};

test.each(Object.entries(SENTENCES))('%s', async (code, sentences) => {
  const found = await Promise.all(sentences.map(languageOf));
  // A question of three words may be too short to tell; a wrong language may not come out.
  expect(found.map((one) => one?.code ?? code)).toEqual(sentences.map(() => code));
  expect(found.filter((one) => one === null).length).toBeLessThanOrEqual(1);
});

test.each([
  '',
  'OK',
  'RE-2026-0815 119,00',
  'qwrtz plkjh xcvbn mnbvf ghjkl qwrtz',
  'DE89 3704 0044 0532 0130 00',
])('null for %j', async (text) => {
  expect(await languageOf(text)).toBeNull();
});
