"""Rounds the embedding into smaller blocks: the formats that were compared, and the one that ships."""
import numpy as np
from gguf import GGMLQuantizationType as Block
from gguf.quants import dequantize, quantize

FITTED = "Q5_0 fitted"
"""Blocks of Q5_0 whose scale is the best of a few, instead of the one that the largest value sets."""

FORMATS = ("Q8_0", "Q5_0", FITTED, "Q4_1", "Q5_1")
SCALES = np.linspace(0.80, 1.06, 14, dtype=np.float32)


def q5_0_fitted(values: np.ndarray) -> np.ndarray:
    """Q5_0 blocks [rows, bytes]: value = d · (q - 16), q of 0..31; of SCALES the d with the least squared error."""
    rows = len(values)
    blocks = np.ascontiguousarray(values, np.float32).reshape(-1, 32)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)
    best_error = np.full((len(blocks), 1), np.inf, np.float32)
    best_scale = np.zeros((len(blocks), 1), np.float16)
    best_levels = np.zeros(blocks.shape, np.uint8)
    for share in SCALES:
        scale = (largest / np.float32(-16) * share).astype(np.float16)
        levels = np.clip(np.rint(blocks / np.where(scale == 0, 1, scale).astype(np.float32)) + 16, 0, 31)
        error = np.square(blocks - scale.astype(np.float32) * (levels - 16)).sum(axis=1, keepdims=True)
        better = error < best_error
        best_error = np.where(better, error, best_error)
        best_scale = np.where(better, scale, best_scale)
        best_levels = np.where(better, levels, best_levels).astype(np.uint8)
    low = best_levels & 15
    packed = low[:, :16] | low[:, 16:] << 4
    high = np.packbits(best_levels >> 4, axis=1, bitorder="little")
    return np.concatenate([best_scale.view(np.uint8), high, packed], axis=1).reshape(rows, -1)


def encode(values: np.ndarray, name: str) -> tuple[np.ndarray, Block]:
    """Blocks of float32 rows in a named format."""
    if name == FITTED:
        return q5_0_fitted(values), Block.Q5_0
    return quantize(values, Block[name]), Block[name]


def rounded(values: np.ndarray, name: str) -> np.ndarray:
    """What is left of the values after rounding."""
    return np.asarray(dequantize(*encode(values, name)), np.float32).reshape(values.shape)
