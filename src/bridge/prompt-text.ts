/** Reads the browser model's stream up to a stop string or the most chunks, and holds back what may become a stop string. */
import type { Generated, GenerateRequest } from '../core/generation.ts';

/**
 * `hear` gets the text so far (never a stop string) and what is new of it. The browser does not say how many tokens a chunk
 * has; it sends about one each, so `maxTokens` counts chunks.
 */
export async function textUntilStop(
  stream: ReadableStream<string>,
  { stop, maxTokens }: Pick<GenerateRequest, 'stop' | 'maxTokens'>,
  hear: (text: string, delta: string) => void,
): Promise<Exclude<Generated['finish'], 'interrupted'>> {
  const stops = stop.filter((one) => one !== '');
  const held = Math.max(0, ...stops.map((one) => one.length - 1));
  const reader = stream.getReader();
  let text = '';
  let shown = 0;
  const show = (end: number): void => {
    const until = Math.max(shown, end);
    hear(text.slice(0, until), text.slice(shown, until));
    shown = until;
  };
  for (let chunks = 0; ;) {
    const part = await reader.read();
    if (part.done) break;
    text += part.value;
    chunks++;
    const places = stops.map((one) => text.indexOf(one)).filter((place) => place >= 0);
    const ended = places.length > 0 || chunks >= maxTokens;
    show(places.length > 0 ? Math.min(...places) : ended ? text.length : text.length - held);
    if (!ended) continue;
    await reader.cancel();
    return places.length > 0 ? 'stop' : 'length';
  }
  show(text.length);
  return 'stop';
}
