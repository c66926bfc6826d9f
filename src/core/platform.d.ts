/** The few names of the web platform that core may use: pure values that every thread has. Seen by core only. */

/** Bytes with a type; core passes it on and never reads it. */
interface Blob {
  readonly size: number;
  readonly type: string;
}

/** Core asks whether it was cancelled; it registers no listeners. */
interface AbortSignal {
  readonly aborted: boolean;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(encoding?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

declare class URL {
  constructor(address: string, base?: string);
  static canParse(address: string, base?: string): boolean;
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
  readonly pathname: string;
  readonly search: string;
}
