"""Packs a float table [tokens × dims] into the static runtime's file: 4 bits a value, one float16 scale per row or group.

    python -m flotilla_models.pack_static --table build/static.npy --out ../public/fleet/static/1.0.0

Files: table.safetensors.gzip, vocab.txt.gzip, golden.json. The weight of each token is already part of its row, so a
text is the sum of its tokens' rows, scaled to length 1 ([CLS] and [SEP] are skipped; no token gives zeros).
"""
import argparse
import zlib
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from .bert import load_tokenizer
from .export import gzip_bytes, report
from .golden import GOLDEN_TEXTS, write_golden

MAX_TOKENS = 256
BUDGET_BYTES = 4_000_000
ZERO_NIBBLE = 8
CLIPS = np.linspace(0.5, 1.0, 21)


def round_groups(table: np.ndarray, group: int) -> tuple[np.ndarray, np.ndarray]:
    """Levels −8..7 [tokens, dims] and float16 scales [tokens, dims / group] with the least squared error."""
    blocks = table.reshape(len(table), -1, group).astype(np.float32)
    largest = np.abs(blocks).max(2, keepdims=True) + 1e-12
    best_levels = np.zeros_like(blocks)
    best_scales = np.zeros_like(largest)
    best_error = np.full_like(largest, np.inf)
    for clip in CLIPS:
        scales = (largest * clip / 7).astype(np.float16).astype(np.float32)
        scales = np.maximum(scales, np.float32(6e-8))
        levels = np.clip(np.round(blocks / scales), -8, 7)
        error = ((levels * scales - blocks) ** 2).sum(2, keepdims=True)
        better = error < best_error
        best_levels, best_scales = np.where(better, levels, best_levels), np.where(better, scales, best_scales)
        best_error = np.where(better, error, best_error)
    return best_levels.reshape(table.shape).astype(np.int8), best_scales[:, :, 0].astype(np.float16)


def pack(levels: np.ndarray, scales: np.ndarray) -> bytes:
    """safetensors bytes: `levels` with the even dim in the low nibble, and `scales`."""
    nibbles = (levels + ZERO_NIBBLE).astype(np.uint8)
    return save({"levels": nibbles[:, 0::2] | (nibbles[:, 1::2] << 4), "scales": scales})


def embed_static(levels: np.ndarray, scales: np.ndarray, token_ids: list[list[int]]) -> np.ndarray:
    """What the runtime computes, in numpy: for golden.json."""
    rows = levels.astype(np.float32) * np.repeat(scales.astype(np.float32), levels.shape[1] // scales.shape[1], 1)
    sums = np.stack([rows[ids[1:-1]].sum(0) for ids in token_ids])
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--table", required=True, type=Path)
    arguments.add_argument("--out", required=True, type=Path)
    arguments.add_argument("--group", type=int, default=0, help="dims per scale; 0 = the whole row")
    options = arguments.parse_args()
    table = np.load(options.table).astype(np.float32)
    levels, scales = round_groups(table, options.group or table.shape[1])
    rebuilt = levels * np.repeat(scales.astype(np.float32), table.shape[1] // scales.shape[1], 1)
    used = np.linalg.norm(table, axis=1) > 0
    cosines = (rebuilt * table).sum(1)[used] / np.maximum(np.linalg.norm(rebuilt, axis=1) * np.linalg.norm(table, axis=1), 1e-12)[used]
    print(f"rows: mean cosine {cosines.mean():.5f}, min {cosines.min():.5f}; relative error "
          f"{np.linalg.norm(rebuilt - table) / np.linalg.norm(table):.4f}")

    tokenizer = load_tokenizer(MAX_TOKENS)
    vocabulary = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
    raw = pack(levels, scales)
    options.out.mkdir(parents=True, exist_ok=True)
    packed = min((gzip_bytes(raw, strategy) for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)), key=len)
    (options.out / "table.safetensors.gzip").write_bytes(packed)
    (options.out / "vocab.txt.gzip").write_bytes(gzip_bytes(("\n".join(vocabulary) + "\n").encode()))
    golden = [encoding.ids for encoding in tokenizer.encode_batch(GOLDEN_TEXTS)]
    write_golden(options.out / "golden.json", golden, embed_static(levels, scales, golden), required=0.9999)
    report(options.out, len(raw), BUDGET_BYTES)


if __name__ == "__main__":
    main()
