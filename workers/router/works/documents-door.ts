/** The part of the router's door that reads documents and keeps knowledge bases of them. */
import type { DocumentsDoor } from '../../../src/core/door.ts';
import type { KnowledgeDoor } from '../../../src/core/knowledge.ts';
import type { Session } from '../session.ts';

export function documentsDoor(session: Session): DocumentsDoor & KnowledgeDoor {
  const withEngine: Session['withEngine'] = (use) => session.withEngine(use);
  return {
    readDocument: (file, call, onProgress) =>
      session.cancellable(call, ({ works }, _caller, signal) =>
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
