/** Step 1 of the recipe: training notes as stems, so that Python learns on what the coder reads. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contextOf } from '../../workers/tasks/code/context.ts';
import { sentencesOf } from '../../workers/tasks/code/words.ts';

interface Note {
  id: string;
  text: string;
}

const read = <T>(build: string, name: string): T =>
  JSON.parse(readFileSync(join(build, `${name}.json`), 'utf8')) as T;

const write = (build: string, name: string, content: unknown): void =>
  writeFileSync(join(build, `${name}.json`), JSON.stringify(content));

/** Each word as [plain, stems, flags of context.ts]. */
const wordsOf = (text: string) =>
  sentencesOf(text).map((sentence) => {
    const flags = contextOf(sentence);
    return sentence.map((word, i) => [word.plain, word.stems, flags[i]]);
  });

export function readWords(build: string): void {
  const notes = read<Note[]>(build, 'train');
  write(
    build,
    'train-words',
    notes.map(({ id, text }) => ({ id, sentences: wordsOf(text) })),
  );
}
