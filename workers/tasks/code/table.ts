/** The code table as it is shipped: one line a code, the part that it shares with the line before left out. */

export interface CodeTable {
  /** `K80.20`, in the order of the table. */
  codes: readonly string[];
  descriptions: readonly string[];
  /** 1 where a claim may name the code; 0 for a header. */
  billable: Uint8Array;
  rowOf: ReadonlyMap<string, number>;
}

/**
 * Lines of `codes.txt`: code, tab, 1 where billable, a letter for how many characters of the description before are
 * kept (its char code less 32), the rest of the description.
 */
export function readTable(text: string): CodeTable {
  const lines = text.split('\n').filter((line) => line !== '');
  const codes: string[] = [];
  const descriptions: string[] = [];
  const billable = new Uint8Array(lines.length);
  let before = '';
  lines.forEach((line, row) => {
    const tab = line.indexOf('\t');
    codes.push(line.slice(0, tab));
    billable[row] = line[tab + 1] === '1' ? 1 : 0;
    before = before.slice(0, line.charCodeAt(tab + 2) - 32) + line.slice(tab + 3);
    descriptions.push(before);
  });
  return { codes, descriptions, billable, rowOf: new Map(codes.map((code, row) => [code, row])) };
}

export function writeTable(
  rows: readonly { code: string; description: string; billable: boolean }[],
): string {
  let before = '';
  const lines = rows.map(({ code, description, billable }) => {
    let kept = 0;
    while (kept < 90 && kept < before.length && before[kept] === description[kept]) kept++;
    before = description;
    return `${code}\t${billable ? 1 : 0}${String.fromCharCode(32 + kept)}${description.slice(kept)}`;
  });
  return `${lines.join('\n')}\n`;
}

/** `K80` of `K80.20`. */
export const categoryOf = (code: string): string => code.slice(0, 3);

/** Codes for the 7th character alone (encounter): no note says it, a person adds it. */
const ENCOUNTER = /, (?:initial|subsequent) encounter|, sequela$/;
export const isEncounter = (description: string): boolean => ENCOUNTER.test(description);
