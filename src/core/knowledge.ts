/** Knowledge bases: what the owner's files say, in passages that a draft can cite. Made in this browser, never sent. */
import type { NamedBlob } from './intake.ts';
import type { Result } from './failure.ts';
import type { LocalTier } from './route.ts';

/** A piece of a file that is found and cited as a whole: at most 120 words, one section. */
export interface KnowledgePassage {
  /** `<file>#<number>`, 1 for the first passage of the file. */
  id: string;
  file: string;
  /** Headings above it, outermost first; empty where there are none. */
  title: string[];
  text: string;
  /** UTF-16 offsets into the text that was read out of the file. */
  start: number;
  end: number;
}

/** One L2-normalised vector per passage, row-major, in the order of the passages. */
export interface KnowledgeVectors {
  tier: LocalTier;
  dims: number;
  values: Float32Array<ArrayBuffer>;
}

export interface KnowledgeFile {
  name: string;
  bytes: number;
  /** Passages that were made of it. */
  chunks: number;
  /** What intake said about it. */
  notices: string[];
}

/** What the page sees of a knowledge base. */
export interface KnowledgeBase {
  id: string;
  title: string;
  files: KnowledgeFile[];
  /** Changes with every change of the files. */
  revision: string;
}

/** As stored, and as handed to the task. */
export interface StoredKnowledge {
  base: KnowledgeBase;
  passages: KnowledgePassage[];
  /** Null where nothing could embed them: then words alone decide. */
  vectors: KnowledgeVectors | null;
}

/** Most passages of one base, and most bytes of text of one file. */
export const MAX_PASSAGES = 5000;
export const MAX_PASSAGE_WORDS = 120;

/** The page's door to the knowledge bases of this browser. */
export interface KnowledgeDoor {
  knowledgeBases(): Promise<Result<KnowledgeBase[]>>;
  /**
   * Reads the files and adds them to the base (a new one where `id` is null; a file of the same name is replaced).
   * Fails as DocumentReader does, with input_too_long (passages), storage_full, storage_failed and cancelled.
   */
  addKnowledge(
    id: string | null,
    title: string,
    files: readonly NamedBlob[],
  ): Promise<Result<KnowledgeBase>>;
  /** Removes one file of the base, or the whole base where `file` is null. */
  removeKnowledge(id: string, file: string | null): Promise<Result<KnowledgeBase | null>>;
}
