/** Grows an answer from token bytes: no split character in a delta, nothing of a stop string shown. */
import type { GeneratedToken } from '../../src/core/generation.ts';

export interface AnswerText {
  /** Text that can be shown now, often empty; `stopped` once a stop string was met. */
  push(bytes: Uint8Array, logprob: number, forced: boolean): { delta: string; stopped: boolean };
  /** What was held back, when the answer ends without a stop string. */
  end(): string;
  text(): string;
  /** Joined, their texts are `text()`. A character of several tokens belongs to the last of them. */
  tokens(): GeneratedToken[];
}

export function createAnswerText(stop: readonly string[]): AnswerText {
  const stops = stop.filter((one) => one !== '');
  const decoder = new TextDecoder();
  const tokens: GeneratedToken[] = [];
  let text = '';
  let shown = 0;

  const show = (until: number): string => {
    const delta = text.slice(shown, until);
    shown = Math.max(shown, until);
    return delta;
  };

  return {
    push: (bytes, logprob, forced) => {
      const grown = decoder.decode(bytes, { stream: true });
      tokens.push({ text: grown, logprob, forced });
      // Only a stop string that ends in the new part can be new.
      const longest = Math.max(0, ...stops.map((one) => one.length));
      const from = Math.max(0, text.length - longest + 1);
      text += grown;
      const found = firstStop(text, stops, from);
      if (found === null)
        return { delta: show(text.length - heldBack(text, stops)), stopped: false };
      text = text.slice(0, found);
      cutTokens(tokens, found);
      return { delta: show(found), stopped: true };
    },
    end: () => {
      const rest = decoder.decode();
      const last = tokens.at(-1);
      if (last) last.text += rest;
      text += rest;
      return show(text.length);
    },
    text: () => text,
    tokens: () => tokens,
  };
}

function firstStop(text: string, stops: readonly string[], from: number): number | null {
  const places = stops.map((one) => text.indexOf(one, from)).filter((place) => place >= 0);
  return places.length === 0 ? null : Math.min(...places);
}

/** Length of the longest end of `text` that is the beginning of a stop string. */
function heldBack(text: string, stops: readonly string[]): number {
  let held = 0;
  for (const one of stops)
    for (let length = Math.min(one.length - 1, text.length); length > held; length--)
      if (text.endsWith(one.slice(0, length))) held = length;
  return held;
}

function cutTokens(tokens: GeneratedToken[], length: number): void {
  let start = 0;
  for (const [index, token] of tokens.entries()) {
    const end = start + token.text.length;
    if (end > length) {
      token.text = token.text.slice(0, length - start);
      tokens.length = token.text === '' ? index : index + 1;
      return;
    }
    start = end;
  }
}
