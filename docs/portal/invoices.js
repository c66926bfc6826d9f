/** The inbox of accounting: Flotilla reads an invoice, the portal's own form takes what was read, a person books. */
import { connectFlotilla, element, find, say } from './portal.js';

const INBOX = [
  { name: 'hollow-oak-print.txt', from: 'Hollow Oak Print Works', type: 'text/plain' },
  { name: 'norden-kaffee.txt', from: 'Norden Kaffeeservice', type: 'text/plain' },
  { name: 'castell-seguretat.xml', from: 'Castell Seguretat', type: 'application/xml' },
];
/** Below this a person should look; the portal's own choice. */
const SURE = 0.9;

/** All that a portal needs: a card to drop files on, and calls over the same connection. */
const flotilla = await connectFlotilla({
  container: find('card'),
  layout: 'card',
  task: 'extract',
  specialist: 'invoices',
  title: 'Flotilla reads documents',
  onAnswered: fillIn,
});

async function read(invoice, button) {
  for (const one of find('inbox').querySelectorAll('button'))
    one.setAttribute('aria-pressed', String(one === button));
  const blob = await (await fetch(`invoices/${invoice.name}`)).blob();
  find('paper').textContent = await blob.text();
  state('Reading …');
  // The person may have gone on to another invoice meanwhile.
  const isShown = () => button.getAttribute('aria-pressed') === 'true';
  try {
    const file = new File([blob], invoice.name, { type: invoice.type });
    const answer = await flotilla.run({ file, task: 'extract', specialist: 'invoices' });
    if (isShown()) fillIn(answer);
  } catch (error) {
    if (!isShown()) return;
    say(`${error.message} ${error.hint ?? ''}`);
    state('Nothing was read.');
  }
}

/** What was read goes into the form; what is unsure is marked, and a person books. */
function fillIn(answer) {
  const fields = answer.output?.fields ?? {};
  let unsure = 0;
  for (const input of find('booking').querySelectorAll('input')) {
    const { value = null, confidence = 0, valid = false } = fields[input.name] ?? {};
    const isSure = value !== null && valid && confidence >= SURE;
    input.value = value ?? '';
    input.toggleAttribute('data-unsure', !isSure);
    if (isSure) input.removeAttribute('aria-description');
    else input.setAttribute('aria-description', 'Unsure: please look at it.');
    if (!isSure) unsure += 1;
  }
  state(unsure === 0 ? 'Everything was read.' : 'Please look at what has a dashed edge.');
}

const state = (words) => (find('booking-state').textContent = words);

find('booking').addEventListener('submit', (event) => {
  event.preventDefault();
  const {
    invoice_number: number,
    total_gross: total,
    currency,
  } = Object.fromEntries(new FormData(find('booking')));
  state(number ? `Booked: ${number}, ${total} ${currency}.` : 'Choose an invoice first.');
});

if (flotilla)
  for (const invoice of INBOX) {
    const button = element(
      'button',
      { type: 'button', class: 'button', 'aria-pressed': 'false' },
      element('span', {}, invoice.from),
      element('span', { class: 'quiet' }, invoice.name),
    );
    button.addEventListener('click', () => read(invoice, button));
    find('inbox').append(element('li', {}, button));
  }
