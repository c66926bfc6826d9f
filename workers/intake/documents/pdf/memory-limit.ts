/**
 * Keeps a PDF bomb from filling the memory: on the thread that parses PDFs no buffer may grow beyond a limit, and no
 * native decompression may give more than that. What goes beyond it fails, and only that.
 */

const message = (bytes: number): string =>
  `more than ${Math.round(bytes / 1_048_576)} MB out of one stream`;

/** Replaces the constructors of this thread; to be called before the parser is loaded. */
export function limitMemory(scope: typeof globalThis, bytes: number): void {
  scope.Uint8Array = new Proxy(scope.Uint8Array, {
    construct(target, args: unknown[], newTarget): object {
      if (typeof args[0] === 'number' && args[0] > bytes) throw new RangeError(message(bytes));
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  const Native = scope.DecompressionStream;
  scope.DecompressionStream = class {
    readonly readable: ReadableStream;
    readonly writable: WritableStream;
    constructor(format: CompressionFormat) {
      const native = new Native(format);
      this.writable = native.writable;
      this.readable = native.readable.pipeThrough(counted(bytes));
    }
  };
}

function counted(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let sum = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sum += chunk.byteLength;
      if (sum > limit) controller.error(new RangeError(message(limit)));
      else controller.enqueue(chunk);
    },
  });
}
