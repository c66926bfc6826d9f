/** Where the person is: what the URL says, and that nothing overrules a step that they have just taken. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Navigation, placeOf } from '../../src/state/navigation.svelte.ts';

/** As in a browser: the fragment changes at once, its event comes later. */
class Place extends EventTarget {
  location = { hash: '' };
  history = {
    replaceState: (_state: unknown, _title: string, hash: string) => (this.location.hash = hash),
  };
  tell = (): boolean => this.dispatchEvent(new Event('hashchange'));
}

let place: Place;
let navigation: Navigation;

beforeEach(() => {
  place = new Place();
  vi.stubGlobal('location', place.location);
  vi.stubGlobal('history', place.history);
  vi.stubGlobal('addEventListener', place.addEventListener.bind(place));
  navigation = new Navigation();
  navigation.start();
});

const where = (): string => `${navigation.page}/${navigation.path}`;

describe('navigation', () => {
  it('begins at the desk, and follows the URL', () => {
    expect(where()).toBe('desk/');
    place.location.hash = '#/fleet/banking-tickets';
    place.tell();
    expect(where()).toBe('fleet/banking-tickets');
  });

  it('an answer that arrives gets its name into the URL', () => {
    navigation.replace('desk', 'a 1');
    expect(place.location.hash).toBe('#/desk/a%201');
    expect(where()).toBe('desk/a 1');
    navigation.replace('desk', 'a 2');
    expect(where()).toBe('desk/a 2');
  });

  it('an answer that arrives while the person is on the way to another page does not take them back', () => {
    place.location.hash = '#/batch'; // clicked; the browser has not told of it yet
    navigation.replace('desk', 'answer');
    expect(place.location.hash).toBe('#/batch');
    place.tell();
    expect(where()).toBe('batch/');
    navigation.replace('batch', 'job');
    expect(where()).toBe('batch/job');
  });

  it('goes where it is told, also twice', () => {
    navigation.go('chat', 'c');
    navigation.go('chat', 'c');
    navigation.replace('chat', 'd');
    expect(place.location.hash).toBe('#/chat/d');
  });

  it('what is malformed leads to the desk or to the page', () => {
    expect(placeOf('#nonsense')).toEqual({ page: 'desk', path: '' });
    expect(placeOf('#/fleet/%E0%A4%A')).toEqual({ page: 'fleet', path: '' });
  });
});
