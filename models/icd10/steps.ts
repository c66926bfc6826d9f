/** The steps of the recipe that run in Node: see build.mjs. */
export { pack } from './pack.ts';
export { readWords } from './read-words.ts';
export { writeFeatures } from './write-features.ts';
