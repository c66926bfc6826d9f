/** Step 4: the features of every candidate of every note, by the code that ships; training notes by phrases of the other folds. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNote } from '../../workers/tasks/code/coder.ts';
import { FEATURES } from '../../workers/tasks/code/feature-names.ts';
import {
  phraseIndexOf,
  phrasesOf,
  priorsOf,
  type Learned,
} from '../../workers/tasks/code/knowledge.ts';
import { scratchOf } from '../../workers/tasks/code/match.ts';
import type { PhraseColumns } from '../../workers/tasks/code/phrase-file.ts';
import { readTable, writeTable, type CodeTable } from '../../workers/tasks/code/table.ts';

const FOLDS = 5;
type Row = Parameters<typeof writeTable>[0][number];

interface Note {
  id: string;
  text: string;
}

interface Knowledge {
  build: string;
  table: CodeTable;
  phrases: PhraseColumns;
}

const read = <T>(build: string, name: string): T =>
  JSON.parse(readFileSync(join(build, name), 'utf8')) as T;

function write({ build, table, phrases }: Knowledge, fold: number, notes: Note[]): void {
  const learned = read<Learned>(build, `learned-${fold}.json`);
  const name = `rows-${fold}`;
  const index = phraseIndexOf(table, phrases, learned);
  const coder = { table, index, priors: priorsOf(table, learned), scratch: scratchOf(index) };
  const rows: Float32Array[] = [];
  const codes: [id: string, codes: string[]][] = [];
  const started = performance.now();
  for (const { id, text } of notes) {
    const found = readNote(coder, text);
    rows.push(found.rows);
    codes.push([id, found.list.map((c) => table.codes[c.row] ?? '')]);
  }
  const ms = (performance.now() - started) / notes.length;
  console.log(name, index.size, 'phrases', ms.toFixed(1), 'ms a note');
  writeFileSync(
    join(build, `${name}.f32`),
    Buffer.concat(rows.map((r) => new Uint8Array(r.buffer))),
  );
  writeFileSync(join(build, `${name}-rows.json`), JSON.stringify({ features: FEATURES, codes }));
}

export function writeFeatures(build: string): void {
  const table = readTable(writeTable(read<Row[]>(build, 'table.json')));
  const phrases = phrasesOf(table, read<[code: string, term: string][]>(build, 'terms.json'));
  const train = read<Note[]>(build, 'train.json');
  for (let fold = 0; fold < FOLDS; fold++) {
    const notes = train.filter((_, i) => i % FOLDS === fold);
    write({ build, table, phrases }, fold, notes);
  }
}
