/**
 * Builds `documents`, the specialist that tells kinds of documents apart, with the shipped trainer in the shipped app.
 * Needs a build (`npm run build`) and the data; writes public/fleet/documents and its entry in fleet.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { findChromium } from '../../.ci/chromium.mjs';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';
import type { FleetManifest, SpecialistManifest } from '../../src/core/specialist.ts';
import type { TrainJob } from '../../src/core/train-job.ts';
import { loadCorpora } from '../heads/corpora.ts';
import { fileEntry, FLEET_DIR, writeSpecialist } from '../heads/fleet-files.ts';
import { sample } from '../heads/out-of-scope.ts';
import { documentRows } from './corpus.ts';

const EXAMPLES = [
  'LEASE AGREEMENT\n\nThis agreement is made on 1 March between Maren & Sons (the "Landlord") and Ada Kern (the "Tenant"). 1. The Landlord lets the premises at 12 Mill Lane. 2. The term is 24 months. 3. The rent is 950 a month, payable in advance.',
  'CURRICULUM VITAE\n\nNora Vance, data analyst\n\nWork experience\n2019 to present: analyst, Kestrel Systems\n\nEducation\n2016: BSc Statistics\n\nSkills: SQL, Python, project planning',
  'INVOICE No. 2026-114\n\nLindental AG, Gartenweg 7, 50321 Lindental\nDate: 4 May 2026\n\n10 x sensor SN-17 at 24.00 EUR   240.00\nNet 240.00  VAT 19 % 45.60  Total 285.60 EUR',
];

test('build documents', async () => {
  const { train, heldOut } = documentRows();
  const { corpora, openEnded } = loadCorpora();
  const typed = [...corpora.map((one) => one.train.map(({ text }) => text)), openEnded];
  const job: TrainJob = {
    id: 'documents',
    title: 'Kinds of documents',
    description:
      'What a file is: invoice, receipt, contract, CV, letter, transcript, clinical note, spec sheet, news or something else.',
    task: 'classify',
    rows: train,
    heldOut,
    background: typed.flatMap((texts, i) => sample(texts, 60, i + 1)),
    outOfScopeShare: 0,
    version: '1.0.0',
    seed: 1,
    examples: EXAMPLES,
    passport: {
      source:
        'SROIE, QMSum, MTS-Dialog, ACI-BENCH, CodiEsp, SEC filings (ner_conll), ZUGFeRD, and invented texts',
      licence: 'cc-by-4.0',
      attribution:
        'Huang et al. 2019; Zhong et al. 2021; Ben Abacha et al. 2023; Yim et al. 2023; Miranda-Escalada et al. 2020; Salinas Alvarado et al. 2015',
      trainingData:
        'Training parts of these sets; CVs, letters, spec sheets, news and part of the contracts are invented (models/documents), so their figures are of invented texts',
      recipe: 'models/documents/build.spec.ts',
    },
  };
  const site = await serve({ folder: DIST, port: 0 });
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.goto(site.url);
  const base64 = await page.evaluate(async (given) => {
    await window.flotilla.train(given);
    const bytes = new Uint8Array(
      await (await window.flotilla.exportSpecialist(given.id)).arrayBuffer(),
    );
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  }, job);
  await browser.close();
  await site.close();
  const bytes = Buffer.from(base64, 'base64');
  const length = bytes.readUInt32LE(8);
  const manifest = JSON.parse(
    bytes.subarray(12, 12 + length).toString('utf8'),
  ) as SpecialistManifest;
  manifest.only = 'files';
  writeSpecialist(manifest, new Uint8Array(bytes.subarray(12 + length)));
  const file = join(FLEET_DIR, 'fleet.json');
  const fleet = JSON.parse(readFileSync(file, 'utf8')) as FleetManifest;
  const others = fleet.specialists.filter(({ id }) => id !== job.id);
  const entry = fileEntry(join(FLEET_DIR, 'documents/1.0.0/manifest.json'));
  fleet.specialists = [...others, { id: job.id, version: '1.0.0', manifest: entry }];
  writeFileSync(file, `${JSON.stringify(fleet, null, 1)}\n`);
  const { accuracy, ci95, n, ece, perLabel } = manifest.evaluation;
  console.log(JSON.stringify({ train: train.length, accuracy, ci95, n, ece, perLabel }, null, 1));
  console.log(
    manifest.promises.encoder.certificates,
    manifest.promises.encoder.noCertificateReason,
  );
  expect(n).toBeGreaterThan(300);
});
