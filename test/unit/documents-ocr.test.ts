/** The parts of the OCR around its networks: turning, finding lines, spelling, and the path of a whole page. */
import { describe, expect, test } from 'vitest';
import {
  findParts,
  rectangles,
  runsVertically,
  slantOf,
} from '../../workers/intake/documents/ocr/find-lines.ts';
import {
  corners,
  planes,
  turned,
  type Picture,
} from '../../workers/intake/documents/ocr/picture.ts';
import { readPicture, type Nets } from '../../workers/intake/documents/ocr/read-picture.ts';
import { spell, wordsOf } from '../../workers/intake/documents/ocr/spell.ts';

/** A white picture with black bars. */
function picture(width: number, height: number, bars: [number, number, number, number][]): Picture {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [x0, y0, x1, y1] of bars)
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  return { width, height, data };
}

test('four quarter turns give the picture back', () => {
  const original = picture(5, 3, [[0, 0, 2, 1]]);
  const quarter = turned(original, 90);
  expect([quarter.width, quarter.height]).toEqual([3, 5]);
  // The bar at the top left is now at the top right, running down.
  expect([quarter.data[(0 * 3 + 2) * 4], quarter.data[(1 * 3 + 2) * 4]]).toEqual([0, 0]);
  expect(turned(turned(original, 90), 270).data).toEqual(original.data);
  expect(turned(turned(original, 180), 180).data).toEqual(original.data);
});

test('planes: white is 1, black is -1, outside is white, upside down is reversed', () => {
  const one = picture(4, 4, [[0, 0, 4, 2]]);
  const whole = { u0: 0, v0: 0, u1: 4, v1: 4, angle: 0 };
  const upright = planes(one, whole, 4, 4);
  expect(upright).toHaveLength(48);
  expect([upright[0], upright[15]]).toEqual([-1, 1]);
  expect(planes(one, whole, 4, 4, true)[0]).toBe(1);
  expect(planes(one, { ...whole, u0: -10, u1: -6 }, 4, 4)[5]).toBeCloseTo(1);
});

/** A map of the detector's kind: bars of text along a slant. */
function mapOf(width: number, height: number, slant: number, vertical = false): Float32Array {
  const map = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = x * Math.cos(slant) + y * Math.sin(slant);
      const v = y * Math.cos(slant) - x * Math.sin(slant);
      const [along, across] = vertical ? [v, u] : [u, v];
      if (along > 40 && along < 260 && across > 60 && across % 40 < 9 && across < 260)
        map[y * width + x] = 0.9;
    }
  return map;
}

describe('lines from the map of the detector', () => {
  test.each([0, 0.05, -0.04])('slant %d', (slant) => {
    const parts = findParts(mapOf(320, 320, slant), 320, 320);
    expect(parts).toHaveLength(5);
    expect(slantOf(parts)).toBeCloseTo(slant, 2);
    const [first] = rectangles(parts, slant, 2, 2);
    expect(first!.u1 - first!.u0).toBeGreaterThan(2 * 220);
    expect(first!.v1 - first!.v0).toBeLessThan(2 * 9 * 3);
    expect(runsVertically(parts)).toBe(false);
  });

  test('text that runs down the page; specks and weak places are no text', () => {
    expect(runsVertically(findParts(mapOf(320, 320, 0, true), 320, 320))).toBe(true);
    const noise = new Float32Array(100 * 100);
    noise[550] = 1;
    noise.fill(0.35, 2000, 2060);
    expect(findParts(noise, 100, 100)).toEqual([]);
  });

  test('corners of a slanted rectangle', () => {
    const [topLeft] = corners({ u0: 10, v0: 0, u1: 20, v1: 5, angle: Math.PI / 2 });
    expect(topLeft![0]).toBeCloseTo(0);
    expect(topLeft![1]).toBeCloseTo(10);
  });
});

const CLASSES = ['', 'a', 'b', ' '];
/** A table in which each step is sure of one class. */
const table = (steps: string): Float32Array =>
  Float32Array.from(
    Array.from(steps).flatMap((step) =>
      CLASSES.map((_, index) => (index === Number(step) ? 0.9 : 0.02)),
    ),
  );

test('spelling: repeats fall together, blanks part them, places are kept', () => {
  const spelled = spell(table('0110103302'), 10, CLASSES);
  expect(spelled.text).toBe('aa b');
  expect(spelled.confidence).toBeCloseTo(0.9);
  const words = wordsOf(spelled);
  expect(words.map(({ text }) => text)).toEqual(['aa', 'b']);
  expect(words[0]!.from).toBeLessThan(words[0]!.to);
  expect(words[1]!.to).toBeGreaterThan(0.9);
  expect(spell(table('000'), 3, CLASSES)).toMatchObject({ text: '', confidence: 0 });
});

describe('a whole page', () => {
  /** Finds dark places, and reads a word from each line; worse when it stands on its head. */
  const nets = (upright: (input: Float32Array, width: number) => boolean): Nets => ({
    classes: CLASSES,
    detect: (input) =>
      Promise.resolve(input.slice(0, input.length / 3).map((value) => (value < 0 ? 0.9 : 0))),
    recognise: (input, width) => {
      const sure = upright(input, width) ? 0.9 : 0.6;
      return Promise.resolve(table('01020').map((value) => (value > 0.5 ? sure : value)));
    },
  });

  test('pieces with boxes in pixels of the picture', async () => {
    const page = picture(320, 320, [
      [40, 40, 240, 52],
      [40, 100, 200, 112],
    ]);
    const text = await readPicture(
      page,
      nets(() => true),
      { isStopped: () => false },
    );
    expect(text).toMatchObject({ turn: 0, unread: 0 });
    expect(text!.rows.flat().map((piece) => piece.text)).toEqual(['ab', 'ab']);
    const [x0, y0, x1, y1] = text!.rows.flat().find(({ box }) => box[1] < 50)!.box;
    expect(x0).toBeLessThan(40);
    expect(x1).toBeGreaterThan(240);
    expect(y0).toBeGreaterThan(20);
    expect(y1).toBeLessThan(75);
  });

  test('a page on its head is turned by 180 degrees, a page on its side by 90', async () => {
    // Darker at its left end where it stands upright.
    const startsDark = (input: Float32Array, width: number) => {
      const row = input.subarray(24 * width, 25 * width);
      const half = width >> 1;
      const sum = (from: number, to: number) => row.subarray(from, to).reduce((a, b) => a + b, 0);
      return sum(0, half) < sum(half, width);
    };
    const bars: [number, number, number, number][] = [
      [100, 40, 250, 52],
      [40, 100, 200, 112],
      [40, 160, 220, 172],
    ];
    const page = picture(320, 320, bars);
    // Whitens the middle of the left halves, so that the halves differ.
    for (const [x0, y0, x1, y1] of bars)
      for (let y = y0 + 4; y < y1 - 4; y++)
        for (let x = Math.round((x0 + x1) / 2); x < x1 - 4; x++)
          page.data.fill(120, (y * 320 + x) * 4, (y * 320 + x) * 4 + 3);
    const read = (turn: 0 | 90 | 180 | 270) =>
      readPicture(turned(page, turn), nets(startsDark), { isStopped: () => false });
    expect(await read(0)).toMatchObject({ turn: 0 });
    expect(await read(180)).toMatchObject({ turn: 180 });
    expect(await read(270)).toMatchObject({ turn: 90 });
    expect(await read(90)).toMatchObject({ turn: 270 });
  });

  test('stops between two lines', async () => {
    let asked = 0;
    const page = picture(320, 320, [[40, 40, 240, 52]]);
    expect(
      await readPicture(
        page,
        nets(() => true),
        { isStopped: () => ++asked > 1 },
      ),
    ).toBeNull();
  });
});
