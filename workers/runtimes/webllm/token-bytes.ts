/** The bytes behind a token of a vocabulary, so that characters of several tokens can be put together. */

export type BytesOfToken = (token: string) => Uint8Array;

const utf8 = new TextEncoder();

/** `method` as the model's configuration names it: `byte_level`, `byte_fallback`, else the token is its text. */
export function bytesOfTokens(method: string): BytesOfToken {
  if (method === 'byte_level') return byteLevel(byteLevelAlphabet());
  if (method === 'byte_fallback') return byteFallback;
  return (token) => utf8.encode(token);
}

/**
 * GPT-2's byte-level alphabet: printable Latin-1 stands for itself, every other byte for a letter from U+0100 on.
 * https://github.com/openai/gpt-2/blob/master/src/encoder.py
 */
function byteLevelAlphabet(): Map<string, number> {
  const alphabet = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    alphabet.set(String.fromCodePoint(isPrintable ? byte : next++), byte);
  }
  return alphabet;
}

/** Added tokens are written as they are: a letter outside the alphabet says so. */
function byteLevel(alphabet: ReadonlyMap<string, number>): BytesOfToken {
  return (token) => {
    const bytes: number[] = [];
    for (const letter of token) {
      const byte = alphabet.get(letter);
      if (byte === undefined) return utf8.encode(token);
      bytes.push(byte);
    }
    return Uint8Array.from(bytes);
  };
}

/** SentencePiece: `<0x0A>` is a byte, `▁` a space. */
const byteFallback: BytesOfToken = (token) => {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
  return byte === undefined
    ? utf8.encode(token.replaceAll('\u2581', ' '))
    : Uint8Array.of(parseInt(byte, 16));
};
