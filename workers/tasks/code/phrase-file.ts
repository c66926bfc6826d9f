/** Phrases of the table as columns, and the file that they are shipped in: stems are worked out once, by the recipe. */

/** Where a phrase comes from: the table, its inclusion terms, or notes that people coded. */
export const KIND = { description: 0, term: 1, learned: 2 } as const;

export interface Phrase {
  stems: readonly string[];
  /** Row of the code in the table. */
  code: number;
  kind: number;
}

export interface PhraseColumns {
  /** Stems by number. */
  vocabulary: readonly string[];
  /** Stems of each phrase. */
  length: Uint8Array;
  kind: Uint8Array;
  code: Uint32Array;
  /** Numbers of the stems, phrase after phrase. */
  stems: Uint32Array;
}

/** Stems of a longer phrase are left out from here on. */
const MOST_STEMS = 255;

export function columnsOf(phrases: readonly Phrase[]): PhraseColumns {
  const ids = new Map<string, number>();
  const stems: number[] = [];
  for (const phrase of phrases) {
    for (const stem of phrase.stems.slice(0, MOST_STEMS)) {
      const id = ids.get(stem) ?? ids.size;
      ids.set(stem, id);
      stems.push(id);
    }
  }
  return {
    vocabulary: [...ids.keys()],
    length: Uint8Array.from(phrases, (phrase) => Math.min(MOST_STEMS, phrase.stems.length)),
    kind: Uint8Array.from(phrases, (phrase) => phrase.kind),
    code: Uint32Array.from(phrases, (phrase) => phrase.code),
    stems: Uint32Array.from(stems),
  };
}

/** Bytes of the vocabulary, phrases, stems; then code, stems (both 32 bits, little-endian), length, kind, vocabulary. */
const HEAD = 3;
const WORD_BYTES = 4;

export function writePhrases({ vocabulary, length, kind, code, stems }: PhraseColumns): Uint8Array {
  const words = new TextEncoder().encode(vocabulary.join('\n'));
  const head = Uint32Array.of(words.length, code.length, stems.length);
  const parts = [head, code, stems, length, kind, words].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** Null where the file is not whole. */
export function readPhrases(file: Uint8Array): PhraseColumns | null {
  if (file.length < HEAD * WORD_BYTES) return null;
  const bytes = file.slice().buffer;
  const [words = 0, phrases = 0, total = 0] = new Uint32Array(bytes, 0, HEAD);
  const codeAt = HEAD * WORD_BYTES;
  const stemsAt = codeAt + phrases * WORD_BYTES;
  const lengthAt = stemsAt + total * WORD_BYTES;
  const kindAt = lengthAt + phrases;
  const wordsAt = kindAt + phrases;
  if (bytes.byteLength !== wordsAt + words) return null;
  return {
    code: new Uint32Array(bytes, codeAt, phrases),
    stems: new Uint32Array(bytes, stemsAt, total),
    length: new Uint8Array(bytes, lengthAt, phrases),
    kind: new Uint8Array(bytes, kindAt, phrases),
    vocabulary: new TextDecoder().decode(new Uint8Array(bytes, wordsAt, words)).split('\n'),
  };
}
