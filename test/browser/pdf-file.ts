/** A PDF of one page with a text layer, written by hand: each line at its own height, in Helvetica. */

const PAGE = { width: 595, height: 842 };
const LEFT = 60;
const LEADING = 22;

const escaped = (line: string): string => line.replaceAll(/[\\()]/g, (sign) => `\\${sign}`);

/** ASCII lines only. */
export function pdfOf(lines: readonly string[]): Buffer {
  const content = lines
    .map((line, row) => {
      const y = PAGE.height - 80 - row * LEADING;
      return `BT /F1 12 Tf ${LEFT} ${y} Td (${escaped(line)}) Tj ET`;
    })
    .join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}
