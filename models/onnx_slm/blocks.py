"""GGUF's blocks of 32 weights as integers, scales and offsets: nothing is rounded a second time."""
from dataclasses import dataclass

import numpy as np
from gguf import GGMLQuantizationType as Block
from recipe.checkpoint import Checkpoint

BLOCK = 32


@dataclass(frozen=True)
class Blocks:
    """A matrix [rows, columns] in blocks along the columns: weight = scale · level + offset."""

    levels: np.ndarray  # uint8 [rows, blocks, 32]
    scale: np.ndarray  # float32 [rows, blocks]
    offset: np.ndarray  # float32 [rows, blocks]

    def floats(self) -> np.ndarray:
        return (self.levels * self.scale[..., None] + self.offset[..., None]).reshape(len(self.levels), -1)


def read_blocks(checkpoint: Checkpoint, name: str) -> Blocks:
    """A matrix of the checkpoint in one of its three block formats."""
    kind = checkpoint.tensors[name].tensor_type
    if kind == Block.Q4_1:
        data = checkpoint.blocks(name, kind, 20)
        return Blocks(_nibbles(data[..., 4:]), _halves(data, 0), _halves(data, 2))
    if kind == Block.Q5_0:
        data = checkpoint.blocks(name, kind, 22)
        fifth = np.unpackbits(data[..., 2:6], axis=-1, bitorder="little")
        scale = _halves(data, 0)
        return Blocks(_nibbles(data[..., 6:]) | fifth << 4, scale, -16 * scale)
    data = checkpoint.blocks(name, Block.Q8_0, 34)
    levels = (data[..., 2:].view(np.int8).astype(np.int16) + 128).astype(np.uint8)
    scale = _halves(data, 0)
    return Blocks(levels, scale, -128 * scale)


def stacked(parts: list[Blocks]) -> Blocks:
    """The rows of several matrices, one below the other."""
    return Blocks(*(np.concatenate([getattr(part, field) for part in parts]) for field in ("levels", "scale", "offset")))


def _halves(data: np.ndarray, at: int) -> np.ndarray:
    return data[..., at : at + 2].copy().view("<f2")[..., 0].astype(np.float32)


def _nibbles(data: np.ndarray) -> np.ndarray:
    """Sixteen bytes hold 32 levels: the first half in the low nibbles, the second in the high ones."""
    return np.concatenate([data & 15, data >> 4], axis=-1)
