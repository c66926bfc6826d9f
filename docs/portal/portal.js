/** What the pages of the portal share. The lines about Flotilla are those to copy; the rest is the portal's own. */

/** Where Flotilla is served; `npm run portal` puts the address of this machine here. */
const FLOTILLA = 'https://flotilla.example/';

/**
 * Connects a widget, or a hidden frame where no container is given. Says on the page what is wrong if there is none.
 * @returns {Promise<import('https://flotilla.example/sdk.js').FlotillaConnection | null>}
 */
export async function connectFlotilla(options) {
  try {
    const { connect } = await import(`${FLOTILLA}sdk.js`);
    const flotilla = await connect({ theme: portalTheme(), ...options });
    darkness.addEventListener('change', () => flotilla.setLook({ theme: portalTheme() }));
    return flotilla;
  } catch (error) {
    say(`Flotilla is not available here. ${error.message} ${error.hint ?? ''}`);
    return null;
  }
}

/** The widget takes over the colours of the page around it. */
function portalTheme() {
  return {
    scheme: darkness.matches ? 'dark' : 'light',
    accent: colourOf('--brand'),
    background: colourOf('--sheet'),
    text: colourOf('--ink'),
    radius: 8,
  };
}

const darkness = matchMedia('(prefers-color-scheme: dark)');

function colourOf(token) {
  const probe = document.body.appendChild(document.createElement('span'));
  probe.style.color = `var(${token})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export const find = (id) => document.getElementById(id);

/** A sentence for the person, above the content. */
export function say(words) {
  find('notice').textContent = words;
  find('notice').hidden = words === '';
}

/** `lost_or_stolen_card` → `Lost or stolen card` */
export const wordsOf = (label) =>
  label.charAt(0).toUpperCase() + label.slice(1).replace(/[_?]/g, ' ').trim();

/** Flotilla is sure enough, or leaves it to a person; the portal shows which. */
export function verdictOf(answer) {
  const label = answer.output?.label;
  if (!label) return { words: 'For a person', state: 'unsure', label: '' };
  const isSure = answer.status === 'accepted';
  return {
    words: isSure ? wordsOf(label) : `${wordsOf(label)}?`,
    state: isSure ? 'accepted' : 'unsure',
    label,
  };
}

export const percent = (share) => `${Math.floor(share * 100)} %`;

/** @returns {Promise<{ id: string, from: string, channel: string, received: string, text: string }[]>} */
export const loadTickets = async () => (await fetch('tickets.json')).json();

export const timeOf = ({ received }) => received.slice(11, 16);

/** An element with attributes and content, never markup. */
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}
