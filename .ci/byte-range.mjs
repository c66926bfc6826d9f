/** One byte range of a file, as HTTP asks for it (RFC 9110, section 14). */

/**
 * @param {string | undefined} asked the Range header
 * @param {number} size of the file, bytes
 * @returns {{ start: number, end: number } | 'all' | 'unsatisfiable'} `end` is inclusive. Several ranges, other units and
 *   what cannot be read are answered with the whole file, as the standard allows.
 */
export function byteRange(asked, size) {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec((asked ?? '').trim()) ?? [];
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const start = Math.max(0, size - Number(last));
    return start < size ? { start, end: size - 1 } : 'unsatisfiable';
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'all';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
