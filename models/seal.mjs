/**
 * `node models/seal.mjs <id>/<version>`: writes size and hash of every file of a specialist into its manifest.json, and
 * the manifest's into fleet.json (`works`). The last step of every recipe of a specialist that is no classifier.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../.ci/project.mjs';

const [name = ''] = process.argv.slice(2);
const [id, version] = name.split('/');
if (!id || !version) throw new Error('Name the specialist: node models/seal.mjs <id>/<version>');
const fleet = join(ROOT, 'public/fleet');
const folder = join(fleet, id, version);

const entryOf = (bytes, path) => ({
  path,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const manifestFile = join(folder, 'manifest.json');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
if (manifest.id !== id || manifest.version !== version)
  throw new Error(`The manifest is of ${manifest.id}@${manifest.version}.`);
manifest.files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'manifest.json')
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
  .sort()
  .map((path) => entryOf(readFileSync(join(folder, path)), path));
writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 1)}\n`);

const fleetFile = join(fleet, 'fleet.json');
const whole = JSON.parse(readFileSync(fleetFile, 'utf8'));
const entry = {
  id,
  version,
  manifest: entryOf(readFileSync(manifestFile), `${id}/${version}/manifest.json`),
};
whole.works = [...(whole.works ?? []).filter((work) => work.id !== id), entry].sort((a, b) =>
  a.id.localeCompare(b.id),
);
writeFileSync(fleetFile, `${JSON.stringify(whole, null, 1)}\n`);
console.log(`${name}: ${manifest.files.length} files sealed`);
