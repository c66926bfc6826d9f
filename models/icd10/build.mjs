/**
 * `node models/icd10/build.mjs [build folder]`: makes the files of public/fleet/icd10-codes/1.0.0 from the data folder and
 * the inclusion terms of the code table; then `node models/seal.mjs icd10-codes/1.0.0`. Python steps learn, TypeScript steps read notes with the code that ships.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { ROOT } from '../../.ci/project.mjs';

const here = join(ROOT, 'models/icd10');
const build = process.argv[2] ?? join(ROOT, 'models/build/icd10');
const data = process.env.FLOTILLA_DATA ?? join(ROOT, '../shared/data');
const python = process.env.PYTHON ?? 'python3';
const out = join(ROOT, 'public/fleet/icd10-codes/1.0.0');

const learn = (script, ...args) =>
  execFileSync(python, [join(here, script), ...args], { stdio: 'inherit' });
const { module: steps } = await runnerImport(join(here, 'steps.ts'), {
  configFile: false,
  root: ROOT,
});

learn('prepare.py', data, build);
steps.readWords(build);
learn('align.py', build);
learn('learn.py', build);
steps.writeFeatures(build);
learn('rank.py', build);
steps.pack(build, out);
