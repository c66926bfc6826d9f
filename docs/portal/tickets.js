/** The queue of the service desk: a one-line widget in every ticket. */
import {
  connectFlotilla,
  element,
  find,
  loadTickets,
  timeOf,
  verdictOf,
  wordsOf,
} from './portal.js';

const AT_A_TIME = 4;

/** All that a portal needs for a widget. */
function addWidget(container, ticket, show) {
  return connectFlotilla({
    container,
    layout: 'compact',
    specialist: 'banking-tickets',
    text: ticket.text,
    title: `Flotilla for ticket ${ticket.id}`,
    onAnswered: (answer) => show(verdictOf(answer)),
    onCorrected: (_answer, label) => {
      if (label) show({ words: wordsOf(label), state: 'person' });
    },
  });
}

function showTicket(ticket) {
  const belongs = element('p', { class: 'belongs', role: 'status' }, 'Not sorted yet');
  const place = element('div', { class: 'widget' });
  const title = element('h2', { id: ticket.id }, ticket.id);
  const from = element('span', {}, `By ${ticket.channel}, ${timeOf(ticket)}`);
  find('queue').append(
    element(
      'li',
      { class: 'ticket', 'aria-labelledby': ticket.id },
      element('div', { class: 'meta' }, title, from, belongs),
      element('p', {}, ticket.text),
      place,
    ),
  );
  return addWidget(place, ticket, ({ words, state }) => {
    belongs.textContent = words;
    belongs.dataset.state = state;
  });
}

const tickets = await loadTickets();

async function showMore() {
  const next = tickets.splice(0, AT_A_TIME);
  find('more').hidden = tickets.length === 0;
  await Promise.all(next.map(showTicket));
}

find('more').addEventListener('click', showMore);
await showMore();
