/** Pieces of text in other units. Pure. */
import type { Piece } from './reading-order.ts';

export function scaled(piece: Piece, factor: number): Piece {
  const times = (box: Piece['box']): Piece['box'] =>
    box.map((side) => side * factor) as Piece['box'];
  return {
    ...piece,
    box: times(piece.box),
    words: piece.words.map((word) => ({ ...word, box: times(word.box) })),
  };
}
