/** E-mails and HTML as text: quotes, signatures, attachments, hidden parts, hostile nesting. */
import { describe, expect, test } from 'vitest';
import { htmlToText, TooDeep } from '../../workers/intake/documents/html-text.ts';
import { mailParts } from '../../workers/intake/documents/mail-parts.ts';
import { readAttachment, readEmail } from '../../workers/intake/documents/read-email.ts';

const parts = (text: string) => {
  const { body, quoted, signature } = mailParts(text, 0);
  const cut = (span: [number, number] | null) => (span ? text.slice(...span) : null);
  return { body: cut(body), quoted: cut(quoted), signature: cut(signature) };
};

describe('parts of a mail', () => {
  test.each([
    [
      'Yes, please.\n\nOn Mon, 3 May 2026 at 10:11, Ann <a@b.c> wrote:\n> Shall we?\n> Ann',
      'Yes, please.',
    ],
    [
      'Ja, gern.\n\nAm 03.05.2026 um 10:11 schrieb Anna Beispiel\n<a@b.de>:\n\n> Wollen wir?',
      'Ja, gern.',
    ],
    ['Oui.\n\nLe lun. 3 mai 2026 à 10:11, Anne <a@b.fr> a écrit :\n> On y va ?', 'Oui.'],
    ['Ok.\n\n-----Ursprüngliche Nachricht-----\nVon: A\nBetreff: B\n\nalter Text', 'Ok.'],
    ['Ok.\n\nVon: Anna Beispiel\nGesendet: Montag, 3. Mai\nAn: Ben\n\nalter Text', 'Ok.'],
    ['Ok.\n\nFrom: Ann\nSent: Monday\nTo: Ben\n\nold text', 'Ok.'],
  ])('%j', (text, body) => {
    const found = parts(text);
    expect(found.body).toBe(body);
    expect(found.quoted).not.toBeNull();
  });

  test('a reply below the quote, and one between its lines', () => {
    const below = parts('On Monday Ann wrote:\n> Shall we?\n\nYes, on Friday.');
    expect(below).toMatchObject({
      body: 'Yes, on Friday.',
      quoted: expect.stringContaining('> Shall'),
    });
    const between = parts('> First question?\nYes.\n> Second question?\nNo.');
    expect(between.quoted).toBeNull();
    expect(between.body).toContain('Yes.');
    expect(between.body).toContain('No.');
  });

  test('signatures by their mark, by a closing, by a telephone', () => {
    expect(parts('Hello\n\n-- \nAnn\nSales')).toMatchObject({
      body: 'Hello',
      signature: '-- \nAnn\nSales',
    });
    expect(parts('Hallo\n\nMit freundlichen Grüßen\nAnna Beispiel\nTel. 123')).toMatchObject({
      body: 'Hallo',
      signature: 'Mit freundlichen Grüßen\nAnna Beispiel\nTel. 123',
    });
    expect(parts('See you\n\nSent from my phone').signature).toBe('Sent from my phone');
    expect(parts('Best regards to your team, we liked the talk.').signature).toBeNull();
  });

  test('a mail of nothing but a quote has an empty body', () => {
    expect(parts('\n\n-----Original Message-----\nFrom: A\n\nold')).toMatchObject({ body: '' });
  });

  test('a line of a million characters takes no time', () => {
    const started = performance.now();
    mailParts(`${'On a '.repeat(200_000)}\n${'>'.repeat(100_000)}\n${' -'.repeat(100_000)}`, 0);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('HTML', () => {
  test('blocks to lines, cells to tabs, scripts and hidden parts dropped', () => {
    const html = `<html><head><title>T</title><style>p{}</style></head><body>
      <h1>Order&nbsp;17</h1><p>Dear <b>Ms</b>  M&uuml;ller,<br>thanks.</p>
      <script>alert('x')</script><div style="display:none">secret <b>text</b></div>
      <p hidden>gone</p><table><tr><th>Item<th>Price<tr><td>Tea<td>3,50</table>
      <ul><li>one<li>two</ul><pre>a
  b</pre></body></html>`;
    expect(htmlToText(html)).toBe(
      'Order 17\n\nDear Ms Müller,\nthanks.\n\nItem\tPrice\nTea\t3,50\n\none\ntwo\n\na\n  b',
    );
  });

  test('quotes of a mail get their mark', () => {
    expect(htmlToText('Yes<blockquote>Shall we?<br>Ann</blockquote>', true)).toBe(
      'Yes\n\n> Shall we?\n> Ann',
    );
  });

  test('a megabyte is read in linear time; endless nesting is refused', () => {
    const started = performance.now();
    const text = htmlToText('<p><b>x</i>&amp;</b> words'.repeat(1_000_000 / 25));
    expect(text.length).toBeGreaterThan(50_000);
    expect(() => htmlToText('<div>'.repeat(200_000))).toThrow(TooDeep);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

const eml = (text: string) => new Blob([text.replaceAll('\n', '\r\n')]);

describe('EML', () => {
  test('encodings, parts, attachments', async () => {
    const result = await readEmail(
      eml(`From: =?utf-8?Q?J=C3=B6rg?= <j@example.com>
To: desk@example.com, "B, C" <b@example.com>
Subject: =?utf-8?B?UsO8Y2tmcmFnZQ==?=
Date: Mon, 04 May 2026 10:00:00 +0200
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe aus K=F6ln

-- =
\nJ.
--x
Content-Type: text/csv; name=rows.csv
Content-Disposition: attachment; filename=rows.csv
Content-Transfer-Encoding: base64

YSxiCjEsMgo=
--x--
`),
    );
    if (!result.ok) throw new Error(result.failure.message);
    const { text, email } = result.value;
    expect(text).toMatch(
      /^From: Jörg <j@example.com>\nTo: desk@example.com, .*\nDate: 2026-05-04T08:00:00.000Z\nSubject: Rückfrage\n\nGrüße aus Köln/,
    );
    expect(text.slice(...email!.body)).toBe('Grüße aus Köln');
    expect(email).toMatchObject({
      subject: 'Rückfrage',
      attachments: [{ name: 'rows.csv', type: 'text/csv', bytes: 8 }],
    });
    const attachment = await readAttachment(eml(''), 0);
    expect(attachment).toMatchObject({ ok: false });
  });

  test('a mail of HTML alone is read as text', async () => {
    const result = await readEmail(
      eml(
        'From: a@b.c\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n<p>Hello</p><script>x</script>',
      ),
    );
    expect(result).toMatchObject({ ok: true, value: { text: 'From: a@b.c\nSubject: x\n\nHello' } });
  });

  test('a thousand nested parts fail, and fast', async () => {
    let nested = 'Content-Type: text/plain\n\nend';
    for (let depth = 0; depth < 1000; depth++)
      nested = `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nested}\n--b${depth}--\n`;
    const started = performance.now();
    const result = await readEmail(eml(`From: a@b.c\nSubject: x\n${nested}`));
    expect(result).toMatchObject({ ok: false, failure: { code: 'file_broken' } });
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
