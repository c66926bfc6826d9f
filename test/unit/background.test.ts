/** The shipped background of trainings: its embeddings are taken only where they are of its texts and of this encoder. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeSafeTensors } from '../../src/core/safetensors.ts';
import type { FleetFile, FleetManifest } from '../../src/core/specialist.ts';
import { readBackground } from '../../workers/router/background.ts';

const TEXTS = new TextEncoder().encode('one text\nanother text\n');
const encoder = { id: 'encoder', version: '1.0.0', dims: 2 } as FleetManifest['encoder'];

function vectors(model = 'encoder@1.0.0', shape = [2, 2]): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Float32Array.from({ length: size }, (_, i) => i / 4);
  return writeSafeTensors(new Map([['encoder', { dtype: 'F16', shape, data }]]), { model });
}

/** Serves the files, and names them as fleet.json does. */
function serve(stored: Uint8Array | null): Pick<FleetManifest, 'background' | 'encoder'> {
  const files = new Map<string, Uint8Array>([['texts.txt', TEXTS]]);
  if (stored) files.set('vectors.safetensors', stored);
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(new Response(files.get(new URL(url).pathname.slice(1)) as BodyInit)),
  );
  const entry = (path: string, bytes: Uint8Array): FleetFile => ({
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  const background = {
    texts: entry('texts.txt', TEXTS),
    ...(stored && { vectors: entry('vectors.safetensors', stored) }),
  };
  return { background, encoder };
}

const read = (fleet: Pick<FleetManifest, 'background' | 'encoder'>) =>
  readBackground('https://site.example/', fleet);

afterEach(() => vi.unstubAllGlobals());

describe('the background', () => {
  it('comes with an embedding for each text', async () => {
    const found = await read(serve(vectors()));
    if (!found.ok) throw new Error(found.failure.message);
    expect(found.value.texts).toEqual(['one text', 'another text']);
    expect([...found.value.vectors]).toEqual([
      ['one text', new Float32Array([0, 0.25])],
      ['another text', new Float32Array([0.5, 0.75])],
    ]);
  });

  it('without embeddings leaves them to the training', async () =>
    expect(await read(serve(null))).toMatchObject({ ok: true, value: { vectors: new Map() } }));

  it.each([
    ['of another encoder', vectors('encoder@2.0.0')],
    ['of fewer texts', vectors(undefined, [1, 2])],
    ['of other dims', vectors(undefined, [2, 3])],
    ['no safetensors', new Uint8Array(20)],
  ])('is refused with embeddings %s', async (_, stored) =>
    expect(await read(serve(stored))).toMatchObject({ failure: { code: 'file_corrupt' } }),
  );

  it('is refused with embeddings that fleet.json does not name', async () => {
    const fleet = serve(vectors());
    const changed = { ...fleet.background.texts, sha256: '0'.repeat(64) };
    const background = { ...fleet.background, vectors: changed };
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(TEXTS)));
    expect(await read({ ...fleet, background })).toMatchObject({
      failure: { code: 'hash_mismatch' },
    });
  });
});
