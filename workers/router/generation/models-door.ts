/** The part of the router thread's door that the pages use for language models. */
import type { ModelsDoor } from '../../../src/core/door.ts';
import { ok } from '../../../src/core/failure.ts';
import type { Session } from '../session.ts';

export function modelsDoor(session: Session): ModelsDoor {
  const withEngine: Session['withEngine'] = (use) => session.withEngine(use);
  return {
    modelCards: () => withEngine(async ({ models }) => ok(await models.cards())),
    onModels: (listener) => {
      void withEngine(({ models }) => {
        session.onClose(models.onCards(listener));
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
        // Its page may close while others still ask; only the home page lives as long as this thread.
        await (session.isHome ? models.offer(prompt) : models.lookAgain());
        return ok(null);
      });
    },
  };
}
