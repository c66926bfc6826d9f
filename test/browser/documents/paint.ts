/** Paints pages of known text as a scanner or a phone would see them: typefaces, slant, noise, blur, grey paper. */

export interface PaintedText {
  text: string;
  /** Left, top, right, bottom in pixels of the paper. */
  box: [number, number, number, number];
  font?: string;
  bold?: boolean;
}

export interface Paper {
  width: number;
  height: number;
  texts: PaintedText[];
  font: string;
  /** Pixels of the picture for each pixel of the paper. */
  scale: number;
  /** Degrees, clockwise. */
  slant: number;
  /** Whole turns of the picture: 0, 90, 180, 270 degrees clockwise. */
  turn?: number;
  /** Standard deviation of the noise, 0..255. */
  noise: number;
  /** Radius in pixels of the picture. */
  blur: number;
  /** Grey of paper and ink, 0..255. */
  paper: number;
  ink: number;
  seed: number;
  type: 'image/png' | 'image/jpeg';
}

export interface Painted {
  base64: string;
  width: number;
  height: number;
}

/** Mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export async function paintPage(paper: Paper): Promise<Painted> {
  const turn = paper.turn ?? 0;
  const across = turn === 90 || turn === 270;
  const width = Math.round(paper.width * paper.scale);
  const height = Math.round(paper.height * paper.scale);
  const canvas = new OffscreenCanvas(across ? height : width, across ? width : height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const grey = (value: number) => `rgb(${value} ${value} ${value})`;
  context.fillStyle = grey(paper.paper);
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (paper.blur > 0) context.filter = `blur(${paper.blur}px)`;
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(((turn + paper.slant) * Math.PI) / 180);
  context.scale(paper.scale, paper.scale);
  context.translate(-paper.width / 2, -paper.height / 2);
  context.fillStyle = grey(paper.ink);
  context.textBaseline = 'alphabetic';
  for (const { text, box, font, bold } of paper.texts) {
    const [left, top, right, bottom] = box;
    const size = Math.max(6, (bottom - top) * 0.82);
    context.font = `${bold ? 'bold ' : ''}${size}px ${font ?? paper.font}`;
    const natural = context.measureText(text).width;
    context.save();
    context.translate(left, bottom - (bottom - top) * 0.2);
    context.scale(Math.min(1.25, Math.max(0.6, (right - left) / natural)), 1);
    context.fillText(text, 0, 0);
    context.restore();
  }
  context.resetTransform();
  if (paper.noise > 0) addNoise(context, canvas, paper.noise, numbers(paper.seed));
  const blob = await canvas.convertToBlob({ type: paper.type, quality: 0.7 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { base64: btoa(binary), width: canvas.width, height: canvas.height };
}

function addNoise(
  context: OffscreenCanvasRenderingContext2D,
  canvas: OffscreenCanvas,
  deviation: number,
  next: () => number,
): void {
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const offset = (next() + next() + next() + next() - 2) * 1.73 * deviation;
    for (let plane = 0; plane < 3; plane++)
      pixels.data[at + plane] = pixels.data[at + plane]! + offset;
  }
  context.putImageData(pixels, 0, 0);
}
