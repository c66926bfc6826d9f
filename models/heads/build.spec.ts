/**
 * Builds the shipped specialists with the shipped trainer in the shipped app: embeds in real Chromium, trains, calibrates,
 * certifies, writes public/fleet. Needs the shared models in public/fleet, a build (`npm run build`) and the data.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, expect, test, type Page } from '@playwright/test';
import { findChromium } from '../../.ci/chromium.mjs';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';
import type { SpecialistManifest } from '../../src/core/specialist.ts';
import type { TrainJob } from '../../src/core/train-job.ts';
import { loadCorpora, type Corpora, type Corpus } from './corpora.ts';
import {
  belongsOf,
  FLEET_DIR,
  writeBackground,
  writeFleet,
  writeRouter,
  writeSpecialist,
} from './fleet-files.ts';
import { outOfScopeOf, sample } from './out-of-scope.ts';
import { routerLeads } from './router-leads.ts';
import { DESCRIPTIONS } from './specialists.ts';

const BACKGROUND_PER_CORPUS = 700;
const SHIPPED_BACKGROUND = 1200;
const PROFILE = join(dirname(fileURLToPath(import.meta.url)), '../build/profile');
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ONLY = process.env.FLOTILLA_ONLY?.split(',');

const texts = (rows: { text: string }[]): string[] => rows.map((row) => row.text);

/** Training texts of all other work: what the router's `belongs` row of a specialist must tell apart. */
const othersOf = (id: string, { corpora, openEnded }: Corpora): string[] =>
  [
    ...corpora.filter((c) => c.id !== id).map((c) => texts(c.train)),
    ...(id === 'open-ended' ? [] : [openEnded]),
  ].flatMap((group, i) => sample(group, BACKGROUND_PER_CORPUS, i + 1));

function jobOf(corpus: Corpus, all: Corpora): TrainJob {
  const described = DESCRIPTIONS[corpus.id];
  if (!described) throw new Error(`no description of ${corpus.id}`);
  const facets = corpus.facetTrain.length ? [{ name: 'department', train: corpus.facetTrain }] : [];
  return {
    ...described,
    id: corpus.id,
    task: 'classify',
    rows: corpus.train,
    heldOut: corpus.heldOut,
    outOfScope: outOfScopeOf(corpus.id, all),
    background: othersOf(corpus.id, all),
    facets,
    version: '1.0.0',
    seed: 1,
  };
}

/** Trains on the page and brings the result back. The profile keeps the embeddings, so that a second run takes minutes. */
async function trainOn(
  page: Page,
  job: TrainJob,
): Promise<{ manifest: SpecialistManifest; head: Uint8Array }> {
  const base64 = await page.evaluate(async (given) => {
    const app = window.flotilla;
    await app.train(given);
    const bytes = new Uint8Array(await (await app.exportSpecialist(given.id)).arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  }, job);
  const bytes = Buffer.from(base64, 'base64');
  const length = bytes.readUInt32LE(8);
  return {
    manifest: JSON.parse(bytes.subarray(12, 12 + length).toString('utf8')) as SpecialistManifest,
    head: new Uint8Array(bytes.subarray(12 + length)),
  };
}

/** Builds one specialist, writes it and prints what it can promise. */
async function buildOne(page: Page, corpus: Corpus, all: Corpora): Promise<void> {
  const startedAt = Date.now();
  const { manifest, head } = await trainOn(page, jobOf(corpus, all));
  writeSpecialist(manifest, head);
  const { evaluation, promises } = manifest;
  const promised = promises.encoder.certificates
    .map((c) => `${c.maxError}: ${(c.coverage * 100).toFixed(1)} %`)
    .join(', ');
  console.log(
    `${corpus.id}: accuracy ${evaluation.accuracy.toFixed(4)} (n ${evaluation.n}) ece ${evaluation.ece.toFixed(4)} share ${promises.encoder.calibration.staticShare} certified ${promised}; static ${JSON.stringify(promises.static.certificates[0] ?? promises.static.noCertificateReason)}; head ${head.length} B; ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
}

test('build the fleet', async () => {
  const all = loadCorpora();
  const ids = all.corpora.map((corpus) => corpus.id);
  writeBackground(
    sample(
      [
        ...all.corpora.map((c) => texts(c.train)),
        all.openEnded.filter((t) => t.length < 250),
      ].flatMap((group, i) => sample(group, SHIPPED_BACKGROUND / 6, 20 + i)),
      SHIPPED_BACKGROUND,
      3,
    ),
  );
  if (!ONLY) writeRouter({ static: new Float32Array(257), encoder: new Float32Array(385) });
  writeFleet([], { static: 1e9, encoder: 1e9 });
  mkdirSync(PROFILE, { recursive: true });
  rmSync(join(DIST, 'fleet'), { recursive: true, force: true }); // compressed copies of an older fleet lie there
  cpSync(FLEET_DIR, join(DIST, 'fleet'), { recursive: true });
  const site = await serve({ folder: DIST, port: 4321 });
  const context = await chromium.launchPersistentContext(PROFILE, {
    executablePath: findChromium() ?? '',
    headless: true,
    args: FLAGS,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  page.on('console', (message) => console.log(message.type(), message.text()));
  await page.goto(site.url);
  const waiting = all.corpora.filter((c) => ONLY?.includes(c.id) ?? true);
  // Two at a time: one trains while the texts of the next are embedded.
  const lane = async (): Promise<void> => {
    for (let corpus = waiting.shift(); corpus; corpus = waiting.shift())
      await buildOne(page, corpus, all);
  };
  await Promise.all([lane(), lane()]);
  if (!ONLY || ONLY.includes('open-ended')) {
    const half = all.openEnded.map((text, i) => ({ text, label: i % 2 ? 'a' : 'b' }));
    const rows = sample(half, 3000, 5);
    const { head } = await trainOn(page, {
      id: 'open-ended',
      title: 'Open-ended',
      task: 'classify',
      rows,
      heldOut: rows.slice(0, 100),
      background: othersOf('open-ended', all),
      seed: 1,
    });
    writeRouter(belongsOf(head));
  }
  writeFleet(Object.keys(DESCRIPTIONS), await routerLeads(page, all));
  await context.close();
  await site.close();
  expect(ids.length).toBe(5);
});
