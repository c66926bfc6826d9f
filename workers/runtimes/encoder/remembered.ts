/** The latest embeddings by their token ids: router and specialist ask for the same text one after the other. */

export interface RememberedVectors {
  get(ids: readonly number[]): Float32Array | undefined;
  set(ids: readonly number[], vector: Float32Array): void;
}

/** Least recently used goes first. Token ids are below 65,536, so they make a short string. */
export function rememberVectors(most: number): RememberedVectors {
  const vectors = new Map<string, Float32Array>();
  const keyOf = (ids: readonly number[]): string => String.fromCharCode(...ids);
  return {
    get: (ids) => {
      const key = keyOf(ids);
      const vector = vectors.get(key);
      if (vector === undefined) return undefined;
      vectors.delete(key);
      vectors.set(key, vector);
      return vector;
    },
    set: (ids, vector) => {
      vectors.set(keyOf(ids), vector);
      if (vectors.size <= most) return;
      const oldest = vectors.keys().next();
      if (!oldest.done) vectors.delete(oldest.value);
    },
  };
}
