/** Pictures in memory: turning them upright, and taking straightened, scaled parts of them as tensors. Pure. */

/** RGBA, row-major, like the platform's ImageData. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export type Turn = 0 | 90 | 180 | 270;

/**
 * A rectangle whose sides are turned by `angle` (radians, clockwise on the page) about the page's origin: in the frame
 * that is turned back, it spans u0..u1 along the text and v0..v1 across it, in pixels.
 */
export interface Slanted {
  u0: number;
  v0: number;
  u1: number;
  v1: number;
  angle: number;
}

/** Turns a picture clockwise. */
export function turned(picture: Picture, turn: Turn): Picture {
  if (turn === 0) return picture;
  const { width, height } = picture;
  const source = new Uint32Array(
    picture.data.buffer,
    picture.data.byteOffset,
    picture.data.length >> 2,
  );
  const target = new Uint32Array(source.length);
  const across = turn === 180 ? width : height;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] =
        turn === 90
          ? [height - 1 - y, x]
          : turn === 180
            ? [width - 1 - x, height - 1 - y]
            : [y, width - 1 - x];
      target[row * across + column] = source[y * width + x] as number;
    }
  return {
    width: across,
    height: turn === 180 ? height : width,
    data: new Uint8ClampedArray(target.buffer),
  };
}

/** The corners of a slanted rectangle on the page, clockwise from its top left. */
export function corners({ u0, v0, u1, v1, angle }: Slanted): [x: number, y: number][] {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const place = (u: number, v: number): [number, number] => [u * cos - v * sin, u * sin + v * cos];
  return [place(u0, v0), place(u1, v0), place(u1, v1), place(u0, v1)];
}

/**
 * The part of a picture inside a slanted rectangle, straightened and scaled, as planes of blue, green and red (the
 * order that PP-OCR was trained with), each value (byte / 255 − 0.5) / 0.5. Outside the picture is white.
 * @param upsideDown takes it turned by 180°
 */
export function planes(
  picture: Picture,
  area: Slanted,
  width: number,
  height: number,
  upsideDown = false,
): Float32Array {
  const size = width * height;
  const out = new Float32Array(3 * size);
  const stepU = (area.u1 - area.u0) / width;
  const stepV = (area.v1 - area.v0) / height;
  const samplesU = Math.min(4, Math.max(1, Math.round(stepU)));
  const samplesV = Math.min(4, Math.max(1, Math.round(stepV)));
  const rgb = new Float64Array(3);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      rgb.fill(0);
      for (let j = 0; j < samplesV; j++)
        for (let i = 0; i < samplesU; i++)
          addSample(
            picture,
            area,
            area.u0 + (column + (i + 0.5) / samplesU) * stepU,
            area.v0 + (row + (j + 0.5) / samplesV) * stepV,
            rgb,
          );
      const at = upsideDown ? size - 1 - (row * width + column) : row * width + column;
      const scale = 1 / (samplesU * samplesV * 127.5);
      for (let plane = 0; plane < 3; plane++)
        out[plane * size + at] = (rgb[2 - plane] as number) * scale - 1;
    }
  return out;
}

/** Adds the colour at a place of the slanted frame, interpolated between four pixels. */
function addSample(
  { width, height, data }: Picture,
  { angle }: Slanted,
  u: number,
  v: number,
  rgb: Float64Array,
): void {
  const cos = angle === 0 ? 1 : Math.cos(angle);
  const sin = angle === 0 ? 0 : Math.sin(angle);
  const x = u * cos - v * sin - 0.5;
  const y = u * sin + v * cos - 0.5;
  if (x < -1 || y < -1 || x > width || y > height) {
    for (let plane = 0; plane < 3; plane++) rgb[plane] = (rgb[plane] as number) + 255;
    return;
  }
  const left = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(y)));
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const fx = Math.min(1, Math.max(0, x - left));
  const fy = Math.min(1, Math.max(0, y - top));
  for (let plane = 0; plane < 3; plane++) {
    const at = (column: number, row: number) => data[(row * width + column) * 4 + plane] as number;
    const upper = at(left, top) * (1 - fx) + at(right, top) * fx;
    const lower = at(left, bottom) * (1 - fx) + at(right, bottom) * fx;
    rgb[plane] = (rgb[plane] as number) + upper * (1 - fy) + lower * fy;
  }
}
