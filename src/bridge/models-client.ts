/** `app.models`: the language models of this device, as the pages drive them. */
import * as Comlink from 'comlink';
import type { ModelsApp } from '../core/models-app.ts';
import { BROWSER_MODEL } from '../core/generation-model.ts';
import { asked, unwrap, type Door } from './cancellable.ts';
import type { BrowserModel } from './prompt-api.ts';

/** `prompt` is the browser's own model, null where it brings none; the router thread reaches it through this door. */
export function modelsClient(door: Door, prompt: BrowserModel | null): ModelsApp {
  if (prompt) void door.offerPrompt(Comlink.proxy(prompt));
  return {
    list: () => asked(door.modelCards()),
    onChange: (listener) => {
      void door.onModels(Comlink.proxy(listener));
    },
    probe: () => asked(door.modelProbe()),
    download: async (id, source) => {
      if (id === BROWSER_MODEL && prompt) {
        unwrap(await prompt.prepare(() => undefined, new AbortController().signal));
        await door.offerPrompt(Comlink.proxy(prompt)); // its state has changed
        return;
      }
      // Only the page may ask; a refusal only means that the browser may clear the files when the disk is full.
      await navigator.storage.persist().catch(() => false);
      await asked(door.downloadModel(id, source ?? null));
    },
    pause: async (id) => {
      await asked(door.pauseModel(id));
    },
    remove: async (id) => {
      await asked(door.removeModel(id));
    },
    load: (id) => asked(door.loadModel(id)),
    unload: async (id) => {
      await asked(door.unloadModel(id));
    },
    backend: () => asked(door.backend()),
    chooseBackend: async (choice) => {
      await asked(door.chooseBackend(choice));
    },
  };
}
