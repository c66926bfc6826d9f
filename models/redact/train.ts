/**
 * Trains the tagger of `redact` and writes public/fleet/personal-data/1.0.0:
 * `tsx models/redact/train.ts <values.json>` (see README.md). Stochastic gradient on the CRF's log-likelihood with AdaGrad.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded, shuffled } from '../../src/core/random.ts';
import { K, marginalsOf } from '../../workers/tasks/redact/crf.ts';
import { FEATURES, featuresOf, OWN_WORD } from '../../workers/tasks/redact/features.ts';
import { packWordList, readWordList, type WordList } from '../../workers/tasks/redact/word-list.ts';
import { ner, pii, presidio } from './corpora.ts';
import { labelled, nameWords, practiceOf, type Labelled } from './practice.ts';
import { readValues } from './sentences.ts';

const BITS = 18;
const EPOCHS = Number(process.env['EPOCHS'] ?? 4);
const RATE = 0.15;
/** Share of words whose own name is hidden from the tagger, so that it learns to read the surroundings. */
const HIDDEN = 0.3;
const SEED = 7;
/** Weights are steps of this size. */
const SCALE = 1 / 24;

interface Tables {
  weights: Float32Array;
  squares: Float32Array;
  transitions: Float32Array;
  transitionSquares: Float32Array;
}

function scoresOf(weights: Float32Array, features: Uint32Array): Float32Array {
  const words = features.length / FEATURES;
  const scores = new Float32Array(words * K);
  for (let word = 0; word < words; word++)
    for (let slot = word * FEATURES; slot < (word + 1) * FEATURES; slot++) {
      const row = (features[slot] as number) * K;
      for (let label = 0; label < K; label++)
        scores[word * K + label] =
          (scores[word * K + label] as number) + (weights[row + label] as number);
    }
  return scores;
}

const move = (values: Float32Array, squares: Float32Array, at: number, gradient: number): void => {
  squares[at] = (squares[at] as number) + gradient * gradient;
  values[at] = (values[at] as number) + (RATE * gradient) / Math.sqrt(squares[at] + 1);
};

/** One step on one stretch; gives its log-likelihood. */
function learn(tables: Tables, features: Uint32Array, labels: Uint8Array): number {
  const scores = scoresOf(tables.weights, features);
  const pair = new Float64Array(K * K);
  const { marginals, logPartition } = marginalsOf(scores, tables.transitions, pair);
  let score = 0;
  for (let word = 0; word < labels.length; word++) {
    const gold = labels[word] as number;
    score += scores[word * K + gold] as number;
    if (word > 0) {
      const from = labels[word - 1] as number;
      score += tables.transitions[from * K + gold] as number;
      pair[from * K + gold] = (pair[from * K + gold] as number) - 1;
    }
    for (let label = 0; label < K; label++) {
      const gradient = (label === gold ? 1 : 0) - (marginals[word * K + label] as number);
      if (Math.abs(gradient) < 0.001) continue;
      for (let slot = word * FEATURES; slot < (word + 1) * FEATURES; slot++)
        move(tables.weights, tables.squares, (features[slot] as number) * K + label, gradient);
    }
  }
  for (let at = 0; at < K * K; at++)
    move(tables.transitions, tables.transitionSquares, at, -(pair[at] as number));
  return score - logPartition;
}

/** Hides the word itself of some words: its features fall together in one bucket. */
function withHidden(features: Uint32Array, random: () => number): Uint32Array {
  const changed = features.slice();
  for (let word = 0; word < features.length; word += FEATURES)
    if (random() < HIDDEN) for (const own of OWN_WORD) changed[word + own] = 0;
  return changed;
}

function train(rows: readonly Labelled[], list: WordList): Tables {
  const random = seeded(SEED);
  const tables: Tables = {
    weights: new Float32Array(K * 2 ** BITS),
    squares: new Float32Array(K * 2 ** BITS),
    transitions: new Float32Array(K * K),
    transitionSquares: new Float32Array(K * K),
  };
  const features = rows.map(({ words }) => featuresOf(words, list, BITS));
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    let logLikelihood = 0;
    const started = performance.now();
    for (const index of shuffled(rows.length, random))
      logLikelihood += learn(
        tables,
        withHidden(features[index] as Uint32Array, random),
        (rows[index] as Labelled).labels,
      );
    console.log(
      `epoch ${epoch + 1}: ${logLikelihood.toFixed(0)} in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
  return tables;
}

function quantise({ weights, transitions }: Tables) {
  const levels = Int8Array.from(weights, (weight) =>
    Math.max(-127, Math.min(127, Math.round(weight / SCALE))),
  );
  return {
    levels,
    header: {
      bits: BITS,
      scale: SCALE,

      transitions: Array.from(transitions, (one) => +one.toFixed(4)),
    },
  };
}

const [valuesPath = '', out = ''] = process.argv.slice(2);
const values = readValues(valuesPath);
const words = packWordList(nameWords(values));
const list = readWordList(new Uint8Array(words.buffer));
if (!list.ok) throw new Error(list.failure.message);
const gold = [...presidio(), ...pii(), ...ner()].filter((row) => row.part === 'train');
const practice = practiceOf(gold, values, seeded(SEED)).flatMap(labelled);
console.log(
  `${gold.length} gold rows, ${practice.length} stretches, ${practice.reduce((sum, one) => sum + one.words.length, 0)} words; ${words.length} name words`,
);
const { levels, header } = quantise(train(practice, list.value));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'words.bin'), new Uint8Array(words.buffer));
writeFileSync(join(out, 'weights.bin'), levels);
writeFileSync(join(out, 'tagger.json'), JSON.stringify(header));
