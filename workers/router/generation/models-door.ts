/** The part of the router thread's door that the pages use for language models. */
import type { ModelsDoor } from '../../../src/core/door.ts';
import { ok, type Result } from '../../../src/core/failure.ts';
import type { Engine } from '../engine.ts';

type WithEngine = <T>(
  use: (engine: Engine) => Promise<Result<T>> | Result<T>,
) => Promise<Result<T>>;

export function modelsDoor(withEngine: WithEngine): ModelsDoor {
  return {
    modelCards: () => withEngine(async ({ models }) => ok(await models.cards())),
    onModels: (listener) => {
      void withEngine(({ models }) => {
        models.onCards(listener);
        return ok(null);
      });
    },
    modelProbe: () => withEngine(async ({ models }) => ok(await models.probe())),
    downloadModel: (id, source) => withEngine(({ models }) => models.download(id, source)),
    pauseModel: (id) => withEngine(({ models }) => models.pause(id)),
    removeModel: (id) => withEngine(({ models }) => models.remove(id)),
    loadModel: (id) => withEngine(({ models }) => models.load(id)),
    unloadModel: (id) => withEngine(({ models }) => models.unload(id)),
    backend: () => withEngine(({ models }) => ok(models.choice)),
    chooseBackend: (choice) => withEngine(({ models }) => models.choose(choice)),
    offerPrompt: (prompt) => {
      void withEngine(async ({ models }) => {
        await models.offer(prompt);
        return ok(null);
      });
    },
  };
}
