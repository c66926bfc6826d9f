/** Builds the SDK of host pages: sdk.js, one small module, and sdk.d.ts, one file with all its types. */
import { generateDtsBundle } from 'dts-bundle-generator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { build } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');
const ENTRY = join(ROOT, 'src/sdk/index.ts');

/** @returns {Promise<{ 'sdk.js': string, 'sdk.d.ts': string }>} texts by file name */
export async function buildSdk() {
  const { version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const banner = `/*! Flotilla SDK ${version}, ${license} */`;
  return { 'sdk.js': await code(version, banner), 'sdk.d.ts': await types(banner) };
}

/**
 * @param {string} version
 * @param {string} banner
 */
async function code(version, banner) {
  const { output } = await build({
    input: ENTRY,
    write: false,
    platform: 'browser',
    transform: { target: 'es2022', define: { SDK_VERSION: JSON.stringify(version) } },
    output: { format: 'es', minify: true, codeSplitting: false, postBanner: banner },
  });
  return output[0].code;
}

/** @param {string} banner */
async function types(banner) {
  const output = { noBanner: true, exportReferencedTypes: false };
  const [bundle = ''] = generateDtsBundle([{ filePath: ENTRY, output }], {
    preferredConfigPath: join(ROOT, 'tsconfig.base.json'),
  });
  const style = await resolveConfig(ENTRY);
  return format(`${banner}\n${bundle}`, { ...style, plugins: [], parser: 'typescript' });
}
