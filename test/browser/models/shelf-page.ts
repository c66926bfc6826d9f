/** Page side of the download tests: one worker, its cards as they change. */
import * as Comlink from 'comlink';
import type { ModelCard } from '../../../src/core/generation-model.ts';
import type { RemoteShelf } from './shelf.worker.ts';

const worker = new Worker(new URL('./shelf.worker.ts', import.meta.url), { type: 'module' });
/** comlink's own type of a remote object is too clever for `page.evaluate`. */
type Remote = {
  [Name in keyof RemoteShelf]: (
    ...args: Parameters<RemoteShelf[Name]>
  ) => Promise<Awaited<ReturnType<RemoteShelf[Name]>>>;
};
const remote = Comlink.wrap<RemoteShelf>(worker) as unknown as Remote;

const harness = {
  shelf: remote,
  /** Every list that was told, oldest first. */
  told: [] as ModelCard[][],
  async open(shipped: object[], modelSources: string[]): Promise<void> {
    await remote.open({ shipped, modelSources } as Parameters<Remote['open']>[0]);
    await remote.onChange(Comlink.proxy((cards: ModelCard[]) => harness.told.push(cards)));
  },
  async card(id: string): Promise<ModelCard | undefined> {
    return (await remote.list()).find((card) => card.id === id);
  },
  download: (id: string) => remote.download(id),
  mirror: (id: string, manifestUrl: string) => remote.download(id, { kind: 'mirror', manifestUrl }),
  /** Files as a folder that a person chose; texts are base64. */
  files: (id: string, files: Record<string, string>) =>
    remote.download(id, {
      kind: 'files',
      files: Object.entries(files).map(([path, base64]) => ({
        path,
        file: new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]),
      })),
    }),
};
export type ShelfHarness = typeof harness;

Object.assign(globalThis, { harness });
