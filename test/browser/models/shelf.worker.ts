/** The real shelf in a real worker, as the router thread has it. */
import * as Comlink from 'comlink';
import type { Result } from '../../../src/core/failure.ts';
import type {
  GenerationModel,
  ModelCard,
  ModelSource,
} from '../../../src/core/generation-model.ts';
import { probeDevice } from '../../../workers/router/models/probe.ts';
import { ModelShelf, type ShelfOptions } from '../../../workers/router/models/shelf.ts';
import { openModelCache } from '../../../workers/runtimes/model-cache.ts';

let shelf: ModelShelf | null = null;
const opened = (): ModelShelf => {
  if (shelf === null) throw new Error('not opened');
  return shelf;
};

const remote = {
  async open(options: Pick<ShelfOptions, 'shipped' | 'modelSources'>): Promise<void> {
    const baseUrl = `${self.location.origin}/`;
    shelf = await ModelShelf.open({ ...options, baseUrl, probe: await probeDevice('none') });
  },
  onChange: (listener: (cards: ModelCard[]) => void): void => void opened().onChange(listener),
  list: (): ModelCard[] => opened().list(),
  download: (id: string, source?: ModelSource): Promise<Result<null>> =>
    opened().download(id, source),
  resumeInterrupted: (): void => opened().resumeInterrupted(),
  pause: (id: string): Promise<void> => opened().pause(id),
  remove: (id: string): Promise<Result<null>> => opened().remove(id),
  manifestOf: (id: string): Promise<Result<GenerationModel>> => opened().manifestOf(id),
  /** Hashes of what is stored, of the bytes themselves and by name. */
  async stored(id: string): Promise<{ name: string; hash: string }[]> {
    const cache = await openModelCache(self.caches, id, self.location.origin);
    const names = [...((await cache?.hashes()) ?? [])].sort();
    return Promise.all(
      names.map(async (name) => {
        const bytes = (await cache?.read(name)) ?? new Uint8Array();
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        return { name, hash };
      }),
    );
  },
};
export type RemoteShelf = typeof remote;

Comlink.expose(remote);
