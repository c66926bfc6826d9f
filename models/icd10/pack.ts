/** Step 6: the files of the specialist, as they are shipped. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phrasesOf } from '../../workers/tasks/code/knowledge.ts';
import { writePhrases } from '../../workers/tasks/code/phrase-file.ts';
import { readTable, writeTable } from '../../workers/tasks/code/table.ts';

type Row = Parameters<typeof writeTable>[0][number];

function write(out: string, name: string, content: string | Uint8Array): void {
  const file = join(out, `${name}.gzip`);
  writeFileSync(
    file,
    execFileSync('gzip', ['-n', '-9', '-c'], { input: content, maxBuffer: 2 ** 26 }),
  );
}

/** The table as it is shipped; throws where it does not come back as it was. */
function packed(rows: Row[]): string {
  const table = writeTable(rows);
  const back = readTable(table);
  rows.forEach(({ code, description, billable }, i) => {
    const same = back.codes[i] === code && back.descriptions[i] === description;
    if (!same || back.billable[i] !== Number(billable)) throw new Error(`${code} was lost`);
  });
  return table;
}

export function pack(build: string, out: string): void {
  const text = (name: string): string => readFileSync(join(build, name), 'utf8');
  mkdirSync(out, { recursive: true });
  const table = packed(JSON.parse(text('table.json')) as Row[]);
  write(out, 'codes.txt', table);
  const terms = JSON.parse(text('terms.json')) as [code: string, term: string][];
  write(out, 'phrases.bin', writePhrases(phrasesOf(readTable(table), terms)));
  write(out, 'learned.json', text('learned-all.json'));
  write(out, 'trees.json', text('trees.json'));
}
