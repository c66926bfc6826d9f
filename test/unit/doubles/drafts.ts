/** Drafts kept in memory, for tests of the desk's state. */
import { ok } from '../../../src/core/failure.ts';
import type { Draft } from '../../../src/core/intake.ts';
import type { Drafts } from '../../../src/state/desk-document.svelte.ts';

export function memoryDrafts(): Drafts & { held: Map<string, Draft> } {
  const held = new Map<string, Draft>();
  return {
    held,
    saveDraft: (page, draft) => {
      held.set(page, draft);
      return Promise.resolve(ok(null));
    },
    draft: (page) => Promise.resolve(ok(held.get(page) ?? null)),
  };
}
