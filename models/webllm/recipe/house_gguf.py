"""The shipped weights: the checkpoint with its embedding in smaller blocks, all else untouched, cut into byte ranges."""
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Block
from gguf import GGUFWriter
from gguf.quants import dequantize, quantize

from .checkpoint import EMBEDDING, Checkpoint

SHARD_BYTES = 23_000_000


def write_house_gguf(source: Checkpoint, out: Path, embedding: Block) -> None:
    """Copies metadata and tensors in their order; only the embedding is rounded anew."""
    writer = GGUFWriter(out, source.field("general.architecture"))
    for name, field in source.reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        kind, *inner = field.types
        writer.add_key_value(name, field.contents(), kind, sub_type=inner[-1] if inner else None)
    for tensor in source.reader.tensors:
        if tensor.name == EMBEDDING and tensor.tensor_type != embedding:
            values = dequantize(tensor.data, tensor.tensor_type)
            writer.add_tensor(tensor.name, quantize(values, embedding), raw_dtype=embedding)
        else:
            writer.add_tensor(tensor.name, np.ascontiguousarray(tensor.data), raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def cut(whole: Path, folder: Path, shard_bytes: int = SHARD_BYTES) -> list[Path]:
    """weights.gguf.0, .1, …: plain byte ranges, which joined are the file again."""
    content = whole.read_bytes()
    written = []
    for start in range(0, len(content), shard_bytes):
        shard = folder / f"weights.gguf.{len(written)}"
        shard.write_bytes(content[start : start + shard_bytes])
        written.append(shard)
    return written
