/** Writes .br and .gz beside every compressible file of the build, so that the server compresses nothing itself. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { filesBelow } from './project.mjs';

/** Model files are left alone: they are stored compressed, or do not compress. */
const COMPRESSIBLE = /\.(js|mjs|css|wasm|json|svg|webmanifest|txt|map)$/;
const SMALLEST_WORTH_IT_BYTES = 1024;
/** Above this size brotli's best levels take minutes; level 9 takes seconds for some percent more bytes. */
const LARGE_BYTES = 2 * 1024 * 1024;
const LARGE_QUALITY = 9;

/**
 * @param {string} folder
 * @param {string} cacheFolder results by content, so that a wasm file is compressed once
 */
export function precompress(folder, cacheFolder) {
  mkdirSync(cacheFolder, { recursive: true });
  for (const file of filesBelow(folder).filter((path) => COMPRESSIBLE.test(path))) {
    const content = readFileSync(file);
    if (content.length < SMALLEST_WORTH_IT_BYTES) continue;
    const digest = createHash('sha256').update(content).digest('hex');
    for (const [ending, compress] of Object.entries(ENCODERS)) {
      const cached = join(cacheFolder, digest + ending);
      if (!existsSync(cached)) writeFileSync(cached, compress(content));
      copyFileSync(cached, file + ending);
    }
  }
}

/** @type {Record<string, (content: Buffer) => Buffer>} */
const ENCODERS = {
  '.br': (content) =>
    brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]:
          content.length > LARGE_BYTES ? LARGE_QUALITY : constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  '.gz': (content) => gzipSync(content, { level: 9 }),
};
