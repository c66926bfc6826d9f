/** Reads a dropped text file. Anything that is not UTF-8 text is refused with a reason; nothing is guessed. */
import { fail, ok, type Result } from '../core/failure.ts';
import { MAX_TEXT_UNITS } from '../core/request.ts';

/** Four bytes a unit is the most that UTF-8 needs. */
const MAX_FILE_BYTES = MAX_TEXT_UNITS * 4;

export async function readTextFile(file: File): Promise<Result<string>> {
  if (file.size > MAX_FILE_BYTES) {
    return fail(
      'input_too_long',
      `${file.name} has ${file.size.toLocaleString('en')} bytes; a request holds at most 1 MiB of text.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return fail('unsupported_input', `${file.name} is not text in UTF-8.`);
  }
  if (text.includes('\0')) return fail('unsupported_input', `${file.name} is not a text file.`);
  if (text.length > MAX_TEXT_UNITS) {
    return fail(
      'input_too_long',
      `${file.name} has ${text.length.toLocaleString('en')} characters; a request holds at most 1,048,576.`,
    );
  }
  return ok(text);
}
