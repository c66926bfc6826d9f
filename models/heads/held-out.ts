/** Held-out rows of a shipped specialist, embedded by the shipped runtimes in real Chromium, with its shipped heads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { FLEET_DIR } from './fleet-files.ts';
import type { EmbeddedRows } from '../../src/core/embedded-rows.ts';
import { headsFromBytes } from '../../src/core/head-file.ts';
import type { LinearHead } from '../../src/core/score.ts';
import type { SpecialistManifest } from '../../src/core/specialist.ts';

export interface Shipped {
  manifest: SpecialistManifest;
  heads: { static: LinearHead; encoder: LinearHead };
}

export function shipped(id: string): Shipped {
  const folder = join(FLEET_DIR, id, '1.0.0');
  const manifest = JSON.parse(
    readFileSync(join(folder, 'manifest.json'), 'utf8'),
  ) as SpecialistManifest;
  const heads = headsFromBytes(new Uint8Array(readFileSync(join(folder, 'head.safetensors'))));
  const onStatic = heads.ok ? heads.value['static.label'] : undefined;
  const onEncoder = heads.ok ? heads.value['encoder.label'] : undefined;
  if (!onStatic || !onEncoder) throw new Error(`the head of ${id} cannot be read`);
  return { manifest, heads: { static: onStatic, encoder: onEncoder } };
}

const CHUNK = 500;

/** Embeds texts on the page; `labels[i]` is -1 for a text that belongs to no label. */
export async function embedOn(
  page: Page,
  texts: string[],
  labels: Int32Array,
): Promise<EmbeddedRows> {
  const both = { static: [] as number[], encoder: [] as number[] };
  for (const tier of ['static', 'encoder'] as const) {
    for (let start = 0; start < texts.length; start += CHUNK) {
      const part = await page.evaluate(
        async ([name, some]) => [...(await window.flotilla.embed(name, some))],
        [tier, texts.slice(start, start + CHUNK)] as ['static' | 'encoder', string[]],
      );
      for (const value of part) both[tier].push(value);
    }
  }
  return {
    static: Float32Array.from(both.static),
    encoder: Float32Array.from(both.encoder),
    labels,
  };
}
