/** What the kinds of stored data are called, and what goes with each. */
import type { StoredKind } from '../../core/stored.ts';

interface KindWords {
  title: string;
  /** One thing of it, e.g. "answer"; its plural takes an s unless given. */
  one: string;
  many?: string;
  /** What is lost when it is deleted. */
  loss: string;
}

export const KIND_WORDS: Record<StoredKind, KindWords> = {
  history: {
    title: 'History',
    one: 'answer',
    loss: 'All answers of the desk go, with the texts and files that they are about.',
  },
  conversations: {
    title: 'Conversations',
    one: 'conversation',
    loss: 'All conversations go. This cannot be undone.',
  },
  batches: {
    title: 'Batches',
    one: 'batch',
    many: 'batches',
    loss: 'All batches go, with their rows and answers; one that runs stays. This cannot be undone.',
  },
  drafts: {
    title: 'Drafts',
    one: 'draft',
    loss: 'What lies on the desk and on the other pages and was not sent yet goes. This cannot be undone.',
  },
  specialists: {
    title: 'Own specialists',
    one: 'specialist',
    loss: 'All specialists that were trained or brought in here go. Export them first on Fleet: this cannot be undone.',
  },
  labels: {
    title: 'Your verdicts',
    one: 'label',
    loss: 'All labels that you accepted or corrected go, so they cannot be trained from. This cannot be undone.',
  },
  knowledge: {
    title: 'Knowledge',
    one: 'knowledge base',
    loss: 'All knowledge bases go. This cannot be undone.',
  },
  models: {
    title: 'Language models',
    one: 'model',
    loss: 'All downloaded language models go. They have to be downloaded again.',
  },
  audit: {
    title: 'Audit log and receipts',
    one: 'row',
    loss: 'The record of what was decided and of what left this device goes. Export it first on Audit: this cannot be undone.',
  },
  caches: {
    title: 'The app itself',
    one: 'file',
    loss: 'The files of the app and of its shipped models go. They are loaded again with the next visit, which then needs a network.',
  },
};
