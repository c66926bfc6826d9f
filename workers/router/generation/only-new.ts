/** Passes on a growing text, and after a second start only what goes beyond the first. */
export interface OnlyNew {
  take: (delta: string) => void;
  /** The text is produced again from its beginning. */
  again: () => void;
}

export function onlyNew(tell: (delta: string) => void): OnlyNew {
  let told = 0;
  let seen = 0;
  return {
    take(delta) {
      const fresh = delta.slice(Math.max(0, told - seen));
      seen += delta.length;
      if (fresh === '') return;
      told += fresh.length;
      tell(fresh);
    },
    again() {
      seen = 0;
    },
  };
}
