/** Reads server-sent events (WHATWG HTML, section 9.2) out of chunks of text; keeps what is not complete yet. */

export interface SseReader {
  /** The data of every event that the chunk completed. */
  push(chunk: string): string[];
  /** The data of an event that the end of the stream completes, if any. */
  end(): string[];
}

export function createSseReader(): SseReader {
  let pending = '';
  let data: string[] = [];

  function takeLine(line: string): string[] {
    if (line === '') {
      const event = data.join('\n');
      const isEvent = data.length > 0;
      data = [];
      return isEvent ? [event] : [];
    }
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    return [];
  }

  return {
    push(chunk) {
      if (!/[\r\n]/.test(chunk) && !pending.endsWith('\r')) {
        pending += chunk;
        return [];
      }
      const lines = (pending + chunk).split(/\r\n|\n|\r(?!$)/);
      pending = lines.pop() ?? '';
      return lines.flatMap(takeLine);
    },
    end() {
      const rest = pending.replace(/\r$/, '');
      pending = '';
      return [...takeLine(rest), ...(rest === '' ? [] : takeLine(''))];
    },
  };
}
