/** Takes up what comes from outside, and never in silence: what lay there before is kept first and can be put back. */
import { pageForFiles, type Arrival, type ArrivalStore } from '../core/arrival.ts';
import type { Launch, LaunchDoor } from '../core/installed.ts';
import type { NamedBlob } from '../core/intake.ts';
import type { Batch } from './batch.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import type { Drafts } from './desk-document.svelte.ts';
import { placeOf, type Navigation } from './navigation.svelte.ts';
import type { Notices } from './notices.svelte.ts';

/** The draft that something from outside took the place of. */
const BEFORE = 'before-arrival';
const OFFERED_FOR_MS = 24 * 3_600_000;

interface Places {
  desk: Desk;
  batch: () => Promise<Batch>;
  navigation: Navigation;
  notices: Notices;
  drafts: Drafts;
}

interface Before {
  page: 'desk' | 'batch';
  text: string;
  files: NamedBlob[];
  time: number;
}

export class Arrivals {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** After the desk has its own draft back. */
  async start(store: ArrivalStore, launches: LaunchDoor, search = location.search): Promise<void> {
    if (/[?&]arrival=lost\b/.test(search)) this.#sayLost();
    await this.#offerBefore();
    await store.takeEach((arrival) => this.take(arrival)).catch(() => undefined);
    launches.onLaunch((launch) => void this.#open(launch));
  }

  /** Resolves to true when it is where it belongs and kept there, so that it need not wait any more. */
  take({ text, files }: Pick<Arrival, 'text' | 'files'>): Promise<boolean> {
    const page = pageForFiles(files.map(({ name }) => name));
    return page === 'batch' ? this.#toBatch(files) : this.#toDesk(text, files[0]);
  }

  async #open({ files, unread, place }: Launch): Promise<void> {
    const { navigation, notices } = this.#places;
    if (unread > 0) notices.say('A file could not be read. Open it again, or drop it here.');
    if (files.length > 0) await this.take({ text: '', files });
    else if (place !== '') navigation.go(placeOf(place).page, placeOf(place).path);
  }

  async #toDesk(text: string, file: NamedBlob | undefined): Promise<boolean> {
    const { desk, navigation } = this.#places;
    const before = { text: desk.text, files: desk.document.file ? [desk.document.file] : [] };
    if (!(await this.#keepBefore('desk', before))) return false;
    desk.cancel();
    desk.trouble = null;
    if (text !== '') desk.write(text);
    if (file) void desk.document.open(file);
    else desk.document.clear();
    navigation.go('desk');
    this.#say(
      `${file ? file.name : 'The text'} is on the desk. It has not left this device.`,
      before,
    );
    await desk.document.stored;
    return desk.draftKept && desk.document.kept;
  }

  async #toBatch(files: readonly NamedBlob[]): Promise<boolean> {
    const { navigation } = this.#places;
    const batch = await this.#places.batch();
    await batch.restoreDraft();
    const { file } = batch.dropped;
    const before = { text: '', files: file ? [file] : [...batch.files] };
    if (!(await this.#keepBefore('batch', before))) return false;
    navigation.go('batch');
    const kept = await batch.take([...files]);
    const isBroken = batch.dropped.trouble !== null; // said there; waiting would not mend it
    const name = files.length === 1 ? (files[0]?.name ?? 'The file') : `${files.length} files`;
    this.#say(`${name}: ready on Batch. Nothing has left this device.`, before, 'batch');
    return kept || isBroken;
  }

  /** Resolves to false where the browser refuses to keep it: then nothing takes its place. */
  async #keepBefore(page: Before['page'], { text, files }: Held): Promise<boolean> {
    if (isEmpty({ text, files })) return true;
    const kept = await this.#places.drafts
      .saveDraft(BEFORE, { file: null, files, choice: { page, text, time: Date.now() } })
      .catch(() => ({ ok: false }));
    if (!kept.ok)
      this.#places.notices.say(
        'Something was shared with Flotilla. Finish or clear what lies here, then reload to get it.',
      );
    return kept.ok;
  }

  #say(words: string, before: Held, page: Before['page'] = 'desk'): void {
    const { notices } = this.#places;
    if (isEmpty(before)) notices.say(words);
    else notices.say(words, this.#puttingBack({ page, ...before }), true);
  }

  #puttingBack(before: Held & Pick<Before, 'page'>): { label: string; run: () => void } {
    return { label: 'Put back what was there', run: () => void this.#putBack(before) };
  }

  async #putBack({ page, text, files }: Held & Pick<Before, 'page'>): Promise<void> {
    const { desk, navigation, drafts } = this.#places;
    navigation.go(page);
    if (page === 'batch') await (await this.#places.batch()).take(files);
    else {
      desk.cancel();
      desk.write(text);
      const [file] = files;
      if (file) void desk.document.open(file);
      else desk.document.clear();
      await desk.document.stored;
    }
    await drafts.saveDraft(BEFORE, { file: null, choice: null });
  }

  /** A page that died before its person could put the draft back offers it again. */
  async #offerBefore(): Promise<void> {
    const { drafts, notices } = this.#places;
    const draft = await drafts.draft(BEFORE).catch(() => null);
    const choice = draft?.ok ? (draft.value?.choice as Before | null | undefined) : null;
    if (!draft?.ok || !choice || Date.now() - choice.time > OFFERED_FOR_MS) return;
    const { page, text } = choice;
    const before = { page, text, files: draft.value?.files ?? [] };
    notices.say('What lay here before something was shared is kept.', this.#puttingBack(before));
  }

  #sayLost(): void {
    this.#places.notices.say(
      'What was shared could not be kept: it was empty, too large, or the browser has no room. Share it again, or drop it here.',
      null,
      true,
    );
    history.replaceState(null, '', location.pathname + location.hash);
  }
}

type Held = Pick<Before, 'text' | 'files'>;
const isEmpty = ({ text, files }: Held): boolean => text.trim() === '' && files.length === 0;
