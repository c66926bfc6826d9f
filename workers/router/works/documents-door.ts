/** The part of the router's door that reads documents and keeps knowledge bases of them. */
import type { CallId, DocumentsDoor } from '../../../src/core/door.ts';
import type { KnowledgeDoor } from '../../../src/core/knowledge.ts';
import type { Result } from '../../../src/core/failure.ts';
import type { Engine } from '../engine.ts';

type Cancellable = <T>(
  call: CallId,
  use: (engine: Engine, signal: AbortSignal) => Promise<Result<T>>,
) => Promise<Result<T>>;
type WithEngine = <T>(use: (engine: Engine) => Promise<Result<T>>) => Promise<Result<T>>;

export function documentsDoor(
  cancellable: Cancellable,
  withEngine: WithEngine,
): DocumentsDoor & KnowledgeDoor {
  return {
    readDocument: (file, call, onProgress) =>
      cancellable(call, ({ works }, signal) =>
        works.documents.read(file, { signal, ...(onProgress && { onProgress }) }),
      ),
    pageImage: (file, page, maxWidth) =>
      withEngine(({ works }) => works.documents.pageImage(file, page, maxWidth)),
    knowledgeBases: () => withEngine(({ works }) => works.knowledge.knowledgeBases()),
    addKnowledge: (id, title, files) =>
      withEngine(({ works }) => works.knowledge.addKnowledge(id, title, files)),
    removeKnowledge: (id, file) =>
      withEngine(({ works }) => works.knowledge.removeKnowledge(id, file)),
    attachment: (file, index) => withEngine(({ works }) => works.documents.attachment(file, index)),
  };
}
