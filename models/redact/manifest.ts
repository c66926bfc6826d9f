/**
 * Writes manifest.json of `personal-data`: figures and certificate from the test rows, through the packed files.
 * `tsx models/redact/manifest.ts`, then `node models/seal.mjs personal-data/1.0.0`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { wilson } from '../../src/core/binomial.ts';
import { candidateThresholds, certify, type CertifyRow } from '../../src/core/certify.ts';
import { ENTITY_TYPES, type EntityType } from '../../src/core/outputs.ts';
import type { Figure, WorkManifest } from '../../src/core/work.ts';
import { findEntities } from '../../workers/tasks/redact/find.ts';
import { sureness } from '../../workers/tasks/redact/sureness.ts';
import { openTagger } from '../../workers/tasks/redact/tagger.ts';
import { ner, pii, presidio, type GoldRow } from './corpora.ts';
import { characterRates, overlapRates, Score } from './score.ts';

const FOLDER = join(import.meta.dirname, '../../public/fleet/personal-data/1.0.0');
const CONFIDENCE = 0.95;
const unpacked = (name: string): Uint8Array =>
  gunzipSync(readFileSync(join(FOLDER, `${name}.gzip`)));
const opened = openTagger(unpacked('tagger.json'), unpacked('weights.bin'), unpacked('words.bin'));
if (!opened.ok) throw new Error(opened.failure.message);
const tagger = opened.value;

const rows = [...presidio(), ...pii(), ...ner()];
const three = (value: number): number => Number(value.toFixed(3));
const judged = (
  part: GoldRow['part'],
  set: GoldRow['set'],
  score: Score,
  only?: ReadonlySet<EntityType>,
): CertifyRow[] =>
  rows
    .filter((row) => row.part === part && row.set === set)
    .map((row) => {
      const found = findEntities(row.text, tagger);
      const right = score.add(row, found.entities, only);
      return {
        confidence: three(sureness(found, row.text.length, tagger.header)),
        right,
        inScope: true,
      };
    });

const NAMES = {
  presidio: 'presidio_research',
  pii: 'pii_anon_eval',
  btc: 'Broad Twitter Corpus',
  wnut: 'WNUT17',
} as const;
const REAL: ReadonlySet<EntityType> = new Set(['person', 'organization', 'location', 'username']);
const certified: { tune: CertifyRow[]; test: CertifyRow[] } = { tune: [], test: [] };
const figures: Figure[] = [];
for (const set of ['presidio', 'pii'] as const) {
  const score = new Score();
  judged('test', set, score);
  const on = `${NAMES[set]}, ${score.rows} texts of templates that training never saw (synthetic)`;
  const n = score.all.gold;
  figures.push(
    {
      name: 'F2 by type, overlapping',
      value: three(overlapRates(score.all).f2),
      ci95: null,
      n,
      on,
    },
    {
      name: 'F2 of characters, any type',
      value: three(characterRates(score).f2),
      ci95: null,
      n,
      on,
    },
    {
      name: 'Texts of which nothing was left',
      value: three(score.clean / score.rows),
      ci95: wilson(score.clean, score.rows).map(three) as [number, number],
      n: score.rows,
      on,
    },
  );
}
// Only real texts are independent of each other, so only they certify: posts, the hardest kind, names alone.
for (const set of ['btc', 'wnut'] as const) {
  certified.tune.push(...judged('tune', set, new Score(), REAL));
  const score = new Score();
  certified.test.push(...judged('test', set, score, REAL));
  const { all } = score;
  figures.push({
    name: 'Recall of names and handles, overlapping',
    value: three(overlapRates(all).recall),
    ci95: wilson(all.goldOverlap, all.gold).map(three) as [number, number],
    n: all.gold,
    on: `${NAMES[set]}, ${score.rows} posts (real text)`,
  });
}
const results = [0.01, 0.02, 0.05, 0.1].map((maxError) => {
  const options = { maxError, confidence: CONFIDENCE, outOfScopeShare: 0 };
  return certify(certified.test, candidateThresholds(certified.tune, options), options);
});
const certificates = results.flatMap(({ certificate }) => (certificate ? [certificate] : []));

const manifest: WorkManifest = {
  schema: 1,
  id: 'personal-data',
  version: '1.0.0',
  title: 'Personal data',
  description:
    'Finds names, addresses, numbers, dates and secrets in a text and puts the same placeholder for the same value; the values stay here and can be put back.',
  task: 'redact',
  labels: [...ENTITY_TYPES],
  files: [],
  certificates,
  noCertificateReason: certificates.length > 0 ? null : (results.at(-1)?.reason ?? null),
  fieldCertificates: {},
  figures,
  passport: {
    source:
      'own tagger (conditional random field) and own rules; list of name words from Faker, GeoNames and the US Census',
    licence: 'cc-by-4.0',
    attribution:
      'Broad Twitter Corpus: Derczynski, Bontcheva, Roberts, COLING 2016, CC BY 4.0. WNUT 2017: Derczynski et al., CC BY 4.0. SEC filings: Salinas Alvarado, Verspoor, Baldwin, ALTA 2015, CC BY 3.0. presidio-research: Microsoft, MIT. pii-anon-eval-data: CC0. Faker: MIT. GeoNames: CC BY 4.0. US Census Bureau: public domain. Changes: weights and a list of hashed words were made from them.',
    trainingData:
      'train parts of presidio_research, pii_anon_eval, Broad Twitter Corpus, WNUT17 and SEC filings, the same with other names, and own sentence patterns in 30 languages',
    recipe: 'models/redact',
  },
  examples: [
    {
      title: 'A letter to customer care',
      text: readFileSync(join(import.meta.dirname, 'example.txt'), 'utf8'),
    },
    {
      title: 'Ein Arztbrief',
      text: readFileSync(join(import.meta.dirname, 'example-de.txt'), 'utf8'),
    },
  ],
};
writeFileSync(join(FOLDER, 'manifest.json'), JSON.stringify(manifest));
console.log(JSON.stringify({ certificates, figures }, null, 1));
