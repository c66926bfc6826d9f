/** A few plain words in the frame, without the form: what this is, or why it does not answer. */
import type { Failure } from '../core/failure.ts';
import { HINTS } from '../core/failure.ts';
import './statement.css';

interface Statement {
  title: string;
  /** Shown as text, whatever is in them. */
  lines: string[];
  link?: { href: string; text: string };
}

export function showStatement(target: HTMLElement, { title, lines, link }: Statement): void {
  const element = (name: string, text: string): HTMLElement => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };
  const main = document.createElement('main');
  main.className = 'statement';
  main.append(element('h1', title), ...lines.map((line) => element('p', line)));
  if (link) {
    const anchor = document.createElement('a');
    anchor.href = link.href;
    anchor.textContent = link.text;
    const paragraph = document.createElement('p');
    paragraph.append(anchor);
    main.append(paragraph);
  }
  target.replaceChildren(main);
}

/** The address was opened as a page of its own. */
export function showAlone(target: HTMLElement, appUrl: string): void {
  showStatement(target, {
    title: 'The widget of Flotilla',
    lines: [
      'This page is made to be embedded in another one, which connects to it with sdk.js.',
      'By itself it does nothing, and it has loaded no model.',
    ],
    link: { href: appUrl, text: 'Open Flotilla' },
  });
}

/** Whose widget it is, which page asked, and what can be done about it. */
export function showRefusal(
  target: HTMLElement,
  { own, host, failure }: { own: string; host: string; failure: Failure },
): void {
  const page = host === 'null' ? 'a page without an origin' : host;
  showStatement(target, {
    title: 'Flotilla is not available on this page',
    lines: [
      `The widget of ${own} was embedded by ${page}. ${failure.message}`,
      HINTS[failure.code],
      'Nothing was loaded, and nothing you typed was passed on.',
    ],
  });
}
