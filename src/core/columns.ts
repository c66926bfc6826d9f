/** Which column of a table holds the text and which the label: a guess from names and shapes, to be confirmed by the person. */

/** What was seen of one column in the first rows of a table. */
export interface ColumnSample {
  name: string;
  /** Rows with something in this column. */
  filled: number;
  /** Mean length of the filled cells, in UTF-16 code units. */
  meanLength: number;
  /** Different values among the filled cells. */
  distinct: number;
  /** Filled cells that are plain numbers. */
  numbers: number;
}

export interface ColumnGuess {
  text: number;
  label: number | null;
}

const TEXT_NAME =
  /^(text|message|body|utterance|ticket|request|query|question|content|description|subject|comment|note)s?$/i;
const LABEL_NAME = /^(label|intent|category|class|tag|topic|queue|department|expected|gold)s?$/i;

/** Longest texts win; a telling name counts like a text of 200 characters; numbers are no text. */
function textScore(column: ColumnSample): number {
  if (column.filled === 0) return 0;
  const named = TEXT_NAME.test(column.name.trim()) ? 200 : 0;
  const numeric = column.numbers / column.filled;
  return (Math.min(column.meanLength, 400) + named) * (1 - numeric);
}

/** A label repeats: fewer than half as many values as rows, short, and best with a telling name. */
function labelScore(column: ColumnSample): number {
  if (column.filled < 2 || column.distinct < 2) return 0;
  const named = LABEL_NAME.test(column.name.trim()) ? 10 : 0;
  const repeats = column.distinct <= column.filled / 2 ? 1 : 0;
  const short = column.meanLength <= 60 ? 1 : 0;
  return short * (named + repeats * (1 - column.distinct / column.filled));
}

const bestOf = (scores: number[]): number => scores.indexOf(Math.max(...scores));

/** The text column is always guessed; the label column only where something looks like one. */
export function guessColumns(columns: ColumnSample[]): ColumnGuess {
  const text = bestOf(columns.map(textScore));
  const labels = columns.map((column, index) => (index === text ? 0 : labelScore(column)));
  const label = bestOf(labels);
  return { text: Math.max(0, text), label: (labels[label] ?? 0) > 0 ? label : null };
}

/** Names without blanks and repeats: `text`, `text (2)`, `column 3`. */
export function distinctNames(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((raw, index) => {
    const base = raw.trim() === '' ? `column ${index + 1}` : raw.trim();
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base} (${n})`;
    taken.add(name);
    return name;
  });
}
