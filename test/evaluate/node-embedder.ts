/** The shipped embeddings in Node: the static table as it is, the encoder on onnxruntime-web's WASM, one text per run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { ok } from '../../src/core/failure.ts';
import { createWordPiece } from '../../src/core/wordpiece.ts';
import type { WorkPorts } from '../../src/core/work.ts';
import { embedTokens, readStaticTable } from '../../workers/runtimes/static/table.ts';
import { FLEET } from '../contract/fleet-folder.ts';

const MAX_TOKENS = 256;
const unzip = (path: string): Uint8Array => gunzipSync(readFileSync(join(FLEET, path)));

/** `embed` of WorkPorts. The session is opened once, at the first text for the encoder. */
export function nodeEmbedder(): WorkPorts['embed'] {
  const wordPiece = createWordPiece(
    new TextDecoder().decode(unzip('encoder/1.0.0/vocab.txt.gzip')),
  );
  if (!wordPiece.ok) throw new Error(wordPiece.failure.message);
  const words = wordPiece.value;
  const table = readStaticTable(
    unzip('static/1.0.0/table.safetensors.gzip'),
    256,
    words.vocabularySize,
  );
  if (!table.ok) throw new Error(table.failure.message);
  let session: Promise<InferenceSession> | null = null;

  const encoderVector = async (text: string): Promise<Float32Array> => {
    session ??= InferenceSession.create(unzip('encoder/1.0.0/model.onnx.gzip'));
    const ids = BigInt64Array.from(words.encode(text, MAX_TOKENS).ids, BigInt);
    const feeds = { input_ids: new Tensor('int64', ids, [1, ids.length]) };
    const output = (await (await session).run(feeds))['sentence_embedding'];
    return Float32Array.from(output?.data as Float32Array);
  };
  const staticVector = (text: string): Float32Array => {
    const row = new Float32Array(256);
    embedTokens(table.value, words.encode(text, MAX_TOKENS).ids, row);
    return row;
  };
  return async (tier, texts) => {
    const rows: Float32Array[] = [];
    for (const text of texts)
      rows.push(tier === 'static' ? staticVector(text) : await encoderVector(text));
    return ok(rows);
  };
}
