/** Optical character recognition of one page: finds the pieces of text, turns the page upright, reads each piece. */
import type { Box } from '../../../../src/core/document.ts';
import { readingOrder, type Piece, type Row } from '../reading-order.ts';
import { findParts, rectangles, runsVertically, slantOf } from './find-lines.ts';
import { corners, planes, turned, type Picture, type Slanted, type Turn } from './picture.ts';
import { spell, wordsOf, type Spelled } from './spell.ts';

/** The two networks. Both take planes as picture.ts makes them. */
export interface Nets {
  /** Probability of text for each pixel. Both sides are multiples of 32. */
  detect(input: Float32Array, width: number, height: number): Promise<Float32Array>;
  /** [steps × classes] for a line of 48 pixels. */
  recognise(input: Float32Array, width: number): Promise<Float32Array>;
  classes: readonly string[];
}

export interface PictureText {
  /** Clockwise turn after which the page stands upright; the boxes are those of the upright page. */
  turn: Turn;
  /** In reading order, which is found along the page's slant. */
  rows: Row[];
  /** Places that look like text and could not be read. */
  unread: number;
}

export interface Reading {
  isStopped(): boolean;
  /** Share of the page that is done, 0..1. */
  onProgress?(share: number): void;
}

/** Longer side of the picture that the detector sees. */
export const DETECT_SIDE = 1280;
const LINE_HEIGHT = 48;
const MOST_LINE_WIDTH = 2400;
/** Below this a reading is rather noise than text. */
const LEAST_CONFIDENCE = 0.5;
/** Where the pieces read worse than this, the page may stand on its head. */
const SURE = 0.85;
const SAMPLES = 4;

interface Found {
  picture: Picture;
  turn: Turn;
  areas: Slanted[];
}

/** Null when it was stopped. */
export async function readPicture(
  original: Picture,
  nets: Nets,
  reading: Reading,
): Promise<PictureText | null> {
  const found = await findUpright(original, nets, reading);
  if (found === null) return null;
  const pieces: Piece[] = [];
  let unread = 0;
  for (const [index, area] of found.areas.entries()) {
    if (reading.isStopped()) return null;
    const spelled = await readArea(found.picture, area, nets);
    if (spelled.text.trim() !== '' && spelled.confidence >= LEAST_CONFIDENCE)
      pieces.push(pieceOf(area, spelled));
    else unread += 1;
    reading.onProgress?.((index + 1) / found.areas.length);
  }
  const slant = found.areas[0]?.angle ?? 0;
  const rows = readingOrder(pieces).map((row) =>
    row.map((piece) => onPage(piece, slant, found.picture)),
  );
  return { turn: found.turn, rows, unread };
}

/** The clockwise turn after which a page stands upright; null when it was stopped. */
export async function uprightTurn(
  picture: Picture,
  nets: Nets,
  reading: Reading,
): Promise<Turn | null> {
  return (await findUpright(picture, nets, reading))?.turn ?? null;
}

async function findUpright(original: Picture, nets: Nets, reading: Reading): Promise<Found | null> {
  let picture = original;
  let turn: Turn = 0;
  let found = await findAreas(picture, nets);
  if (found.sideways) {
    picture = turned(original, 90);
    turn = 90;
    found = await findAreas(picture, nets);
  }
  if (reading.isStopped()) return null;
  if (await standsOnHead(picture, found.areas, nets)) {
    picture = turned(picture, 180);
    turn = turn === 90 ? 270 : 180;
    found = await findAreas(picture, nets);
  }
  return reading.isStopped() ? null : { picture, turn, areas: found.areas };
}

const toStep = (pixels: number): number => Math.max(32, Math.round(pixels / 32) * 32);

async function findAreas(
  picture: Picture,
  nets: Nets,
): Promise<{ areas: Slanted[]; sideways: boolean }> {
  const scale = Math.min(1, DETECT_SIDE / Math.max(picture.width, picture.height));
  const width = toStep(picture.width * scale);
  const height = toStep(picture.height * scale);
  const whole = { u0: 0, v0: 0, u1: picture.width, v1: picture.height, angle: 0 };
  const map = await nets.detect(planes(picture, whole, width, height), width, height);
  const parts = findParts(map, width, height);
  const slant = slantOf(parts);
  const areas = rectangles(parts, slant, picture.width / width, picture.height / height);
  return { areas, sideways: runsVertically(parts) };
}

/** Reads the widest pieces both ways round. */
async function standsOnHead(
  picture: Picture,
  areas: readonly Slanted[],
  nets: Nets,
): Promise<boolean> {
  const widest = [...areas]
    .sort((a, b) => b.u1 - b.u0 - (a.u1 - a.u0))
    .filter((area) => (area.u1 - area.u0) / (area.v1 - area.v0) < 20)
    .slice(0, SAMPLES);
  let upright = 0;
  for (const area of widest) upright += (await readArea(picture, area, nets)).confidence;
  if (widest.length === 0 || upright / widest.length >= SURE) return false;
  let inverted = 0;
  for (const area of widest) inverted += (await readArea(picture, area, nets, true)).confidence;
  return inverted > upright + 0.05 * widest.length;
}

async function readArea(
  picture: Picture,
  area: Slanted,
  nets: Nets,
  upsideDown = false,
): Promise<Spelled> {
  const ratio = (area.u1 - area.u0) / (area.v1 - area.v0);
  const width = Math.min(MOST_LINE_WIDTH, Math.max(32, Math.ceil((LINE_HEIGHT * ratio) / 8) * 8));
  const table = await nets.recognise(planes(picture, area, width, LINE_HEIGHT, upsideDown), width);
  return spell(table, table.length / nets.classes.length, nets.classes);
}

/** The box on the page around a box that lies along its slant. */
function boxOnPage([u0, v0, u1, v1]: Box, angle: number, { width, height }: Picture): Box {
  const places = corners({ u0, v0, u1, v1, angle });
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  return [
    Math.max(0, Math.min(...xs)),
    Math.max(0, Math.min(...ys)),
    Math.min(width, Math.max(...xs)),
    Math.min(height, Math.max(...ys)),
  ];
}

const onPage = (piece: Piece, slant: number, picture: Picture): Piece => ({
  ...piece,
  box: boxOnPage(piece.box, slant, picture),
  words: piece.words.map((word) => ({ ...word, box: boxOnPage(word.box, slant, picture) })),
});

/** A piece whose boxes lie along the page's slant. */
function pieceOf({ u0, v0, u1, v1 }: Slanted, spelled: Spelled): Piece {
  const across = u1 - u0;
  const words = wordsOf(spelled).map(({ text, from, to }) => ({
    text,
    box: [u0 + from * across, v0, u0 + to * across, v1] satisfies Box,
  }));
  return {
    text: words.map((word) => word.text).join(' '),
    box: [u0, v0, u1, v1],
    words,
    confidence: spelled.confidence,
  };
}
