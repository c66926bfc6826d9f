/** A table that labels itself: a hidden frame, one batch, progress, cancel, a CSV file. */
import {
  connectFlotilla,
  element,
  find,
  loadTickets,
  percent,
  say,
  timeOf,
  verdictOf,
} from './portal.js';

const tickets = await loadTickets();
const rows = tickets.map((ticket) => {
  const label = element('td', {}, '–');
  const sure = element('td', { class: 'number' }, '–');
  const id = element('th', { scope: 'row' }, ticket.id);
  const time = element('td', { class: 'time' }, timeOf(ticket));
  find('rows').append(element('tr', {}, id, time, element('td', {}, ticket.text), label, sure));
  return { ticket, label, sure, answer: null };
});
find('progress').max = rows.length;

let running = null;

/** All that a portal needs: a hidden frame, made at the first press, and one loop. */
const hidden = () => (hidden.frame ??= connectFlotilla());

async function labelRows() {
  say('');
  const flotilla = await hidden();
  if (!flotilla) return (hidden.frame = undefined);
  running = new AbortController();
  begin(true);
  try {
    const requests = tickets.map(({ text }) => ({ text, specialist: 'banking-tickets' }));
    let at = 0;
    const options = { signal: running.signal, onEvent: showLoading };
    for await (const answer of flotilla.runBatch(requests, options))
      if (answer.status !== 'cancelled') show(rows[at++], answer, at);
  } catch (error) {
    if (error.code !== 'cancelled') say(`${error.message} ${error.hint ?? ''}`);
  }
  begin(false);
}

function show(row, answer, done) {
  const { words, state } = verdictOf(answer);
  row.answer = answer;
  row.label.textContent = words;
  row.label.className = state;
  row.sure.textContent = percent(answer.confidence);
  find('progress').value = done;
  find('count').textContent = `${done} of ${rows.length}`;
}

/** Only before the first answer of a first visit. */
function showLoading({ type, loaded_bytes: loaded, total_bytes: total }) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  if (type === 'loading' && find('progress').value === 0)
    find('count').textContent = `Loading ${megabytes(loaded)} of ${megabytes(total)} MB`;
}

function begin(isRunning) {
  find('label').disabled = isRunning;
  find('cancel').hidden = !isRunning;
  find('download').disabled = isRunning || rows.every(({ answer }) => answer === null);
  // A pressed button that goes away takes the focus with it.
  if (!isRunning && document.activeElement === document.body) find('label').focus();
}

/** A cell that begins like a formula is not to become one in a spreadsheet. */
const cell = (value) =>
  `"${String(value)
    .replace(/^[=+\-@\t\r]/, "'$&")
    .replaceAll('"', '""')}"`;

function csv() {
  const lines = rows.map(({ ticket: { id, received, text }, answer }) => {
    const label = answer ? verdictOf(answer).label : '';
    return [id, received, text, label, answer?.confidence.toFixed(3) ?? '', answer?.status ?? ''];
  });
  const head = ['ticket', 'received', 'text', 'label', 'confidence', 'status'];
  return [head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n');
}

find('label').addEventListener('click', labelRows);
find('cancel').addEventListener('click', () => running?.abort());
find('download').addEventListener('click', () => {
  const href = URL.createObjectURL(new Blob([csv(), '\r\n'], { type: 'text/csv;charset=utf-8' }));
  element('a', { href, download: 'tickets.csv' }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
});
