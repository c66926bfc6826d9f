/** What a file is, told by its bytes; giants are refused by their header. */
import { describe, expect, test } from 'vitest';
import { imageSize } from '../../workers/intake/documents/image-size.ts';
import { kindOf, looksLikeMail } from '../../workers/intake/documents/kind.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const kind = (head: Uint8Array | string, name = '') => {
  const result = kindOf(typeof head === 'string' ? bytes(head) : head, name);
  return result.ok ? result.value.kind : result.failure.code;
};

describe('by content, not by name', () => {
  test.each([
    ['%PDF-1.7\n', 'photo.png', 'pdf'],
    ['junk before %PDF-1.4', 'x', 'pdf'],
    ['\u0050\u004b\u0003\u0004', 'report.pdf', 'docx'],
    ['<!DOCTYPE html><p>hi', 'note.txt', 'html'],
    ['<html><body>hi', 'x', 'html'],
    ['<?xml version="1.0"?><a/>', 'a.html', 'xml'],
    ['<rsm:CrossIndustryInvoice xmlns:rsm="x">', 'a.txt', 'xml'],
    ['<p>a fragment</p>', 'a.htm', 'html'],
    ['plain words', 'mail.eml', 'text'],
    ['From: a@b.de\nTo: c@d.de\nSubject: x\n\nHello', 'x.txt', 'email'],
    ['a,b\n1,2', 'rows.csv', 'csv'],
    ['{"a": 1}', 'a.json', 'json'],
    ['{"a": 1}', '', 'json'],
    ['{"a":1}\n{"a":2}', 'a.jsonl', 'lines'],
    ['# Title', 'readme.md', 'text'],
    ['BMW contract, signed', 'a.txt', 'text'],
    ['GIF89a....', 'a.png', 'unsupported_input'],
    ['{\\rtf1 hello', 'a.txt', 'unsupported_input'],
  ])('%j named %j is %s', (head, name, expected) => {
    expect(kind(head, name)).toBe(expected);
  });

  test('pictures', () => {
    expect(kind(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'a.jpg')).toBe('image');
    expect(kind(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('image');
    expect(kind('RIFF0000WEBPVP8 ')).toBe('image');
    expect(kindOf(bytes('\0\0\0\u0018ftypheic'), '')).toMatchObject({ value: { picture: 'heic' } });
    expect(kind('\0\0\0\u0018ftypmp42')).toBe('unsupported_input');
  });

  test('an Office file with a password is locked, another old one is not supported', () => {
    const ole = new Uint8Array(4096);
    ole.set([0xd0, 0xcf, 0x11, 0xe0]);
    expect(kind(ole)).toBe('unsupported_input');
    const name = 'EncryptedPackage';
    for (const [index, char] of Array.from(name).entries())
      ole[1024 + 2 * index] = char.charCodeAt(0);
    expect(kind(ole)).toBe('file_locked');
  });
});

test('a mail begins with header lines and nothing else', () => {
  expect(looksLikeMail('From: x\nSubject: y\nDate: z\n\n')).toBe(true);
  expect(looksLikeMail('Received: by a\n (folded)\nFrom: x\nTo: y\n')).toBe(true);
  expect(looksLikeMail('Dear all,\nFrom: x\nSubject: y\nDate: z\n')).toBe(false);
  expect(looksLikeMail('From: x\nSubject: y\n\nhello')).toBe(false);
});

describe('size of a picture from its header', () => {
  test('PNG of 200 megapixels', () => {
    const head = new Uint8Array(33);
    head.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    new DataView(head.buffer).setUint32(16, 20_000);
    new DataView(head.buffer).setUint32(20, 10_000);
    expect(imageSize(head)).toEqual({ width: 20_000, height: 10_000 });
  });

  test('JPEG with segments before the frame', () => {
    const head = Uint8Array.from([
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 0x12, 0x34, 0x56, 0x78, 3, 0,
      0,
    ]);
    expect(imageSize(head)).toEqual({ width: 0x5678, height: 0x1234 });
  });

  test('a segment of length 0 and a cut header end the search', () => {
    expect(
      imageSize(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    ).toBeNull();
    expect(imageSize(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]))).toBeNull();
    expect(imageSize(new Uint8Array())).toBeNull();
  });
});
