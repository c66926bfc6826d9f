"""How the WebGPU libraries want the weights: a lossless re-ordering of the checkpoint's blocks. README: "Parameters".

The list (params.json) is what the browser follows; the conversion here is the same in numpy, for the tests.
"""
from dataclasses import asdict, dataclass, field

import numpy as np
from gguf import GGMLQuantizationType as Block

from .checkpoint import EMBEDDING, Checkpoint, LlamaConfig

GROUP = 32
"""Values that share a scale, in every block format here."""


@dataclass(frozen=True)
class Parameter:
    """One buffer of the library. `source`: GGUF tensors whose rows follow one another in it."""

    name: str
    shape: list[int]
    dtype: str
    layout: str
    source: list[str]
    rotated: list[str] = field(default_factory=list)
    """Sources whose rows GGUF keeps in rotation pairs; here the first halves of a head come first."""

    @property
    def nbytes(self) -> int:
        return 4 * int(np.prod(self.shape))

    def as_json(self) -> dict:
        return {**asdict(self), "nbytes": self.nbytes}


def linear(name: str, source: list[str], columns: int, rows: int, rotated: list[str]) -> list[Parameter]:
    """A matrix of 4-bit blocks, input-major: neighbouring words belong to neighbouring output rows."""
    return [
        Parameter(name + ".q", [columns // 8, rows], "uint32", "q4-words", source, rotated),
        Parameter(name + ".s", [columns // GROUP, rows], "uint32", "q4-scales", source, rotated),
    ]


def parameters(config: LlamaConfig) -> list[Parameter]:
    """All buffers, in the order of the library's metadata."""
    hidden, ffn, vocab = config.hidden, config.ffn, config.vocab
    heads = (config.heads + 2 * config.kv_heads) * config.head_dim
    found = [
        Parameter("tok.q", [hidden // 4, vocab], "uint32", "q8-words", [EMBEDDING]),
        Parameter("tok.s", [hidden // GROUP // 2, vocab], "uint32", "q8-scales", [EMBEDDING]),
    ]
    for layer in range(config.layers):
        to, of = f"layers.{layer}.", f"blk.{layer}."
        query, key, value = (f"{of}attn_{part}.weight" for part in "qkv")
        gate_up = [of + "ffn_gate.weight", of + "ffn_up.weight"]
        found += linear(to + "attn.qkv", [query, key, value], hidden, heads, [query, key])
        found += linear(to + "attn.o", [of + "attn_output.weight"], hidden, hidden, [])
        found += linear(to + "mlp.gate_up", gate_up, hidden, 2 * ffn, [])
        found += linear(to + "mlp.down", [of + "ffn_down.weight"], ffn, hidden, [])
        found.append(Parameter(to + "attn_norm.weight", [hidden], "float32", "floats", [of + "attn_norm.weight"]))
        found.append(Parameter(to + "mlp_norm.weight", [hidden], "float32", "floats", [of + "ffn_norm.weight"]))
    found.append(Parameter("norm.weight", [hidden], "float32", "floats", ["output_norm.weight"]))
    return found


def params_json(config: LlamaConfig) -> dict:
    return {
        "schema": 1,
        "headDim": config.head_dim,
        "params": [parameter.as_json() for parameter in parameters(config)],
    }


def compute(checkpoint: Checkpoint, parameter: Parameter) -> np.ndarray:
    """The buffer of a parameter, from the blocks of its sources."""
    if parameter.layout == "floats":
        return checkpoint.floats(parameter.source[0])
    make = {"q4-words": q4_words, "q4-scales": q4_scales, "q8-words": q8_words, "q8-scales": q8_scales}
    parts = []
    for name in parameter.source:
        rows = make[parameter.layout](checkpoint, name)
        parts.append(rows[half_order(checkpoint, name)] if name in parameter.rotated else rows)
    return np.ascontiguousarray(np.concatenate(parts).T)


def half_order(checkpoint: Checkpoint, name: str) -> np.ndarray:
    """For each row of the library the row of GGUF: within a head, first the even rows, then the odd ones."""
    rows, _ = checkpoint.shape(name)
    size = checkpoint.config.head_dim
    return np.arange(rows).reshape(-1, size // 2, 2).swapaxes(1, 2).reshape(-1)


def q4_words(checkpoint: Checkpoint, name: str) -> np.ndarray:
    """Q4_1: half d, half m, 16 bytes; byte j holds value j (low nibble) and j + 16. A word holds 8 values in order."""
    packed = checkpoint.blocks(name, Block.Q4_1, 20)[..., 4:]
    values = np.concatenate([packed & 15, packed >> 4], axis=-1).reshape(len(packed), -1, 8).astype(np.uint32)
    return np.bitwise_or.reduce(values << np.arange(0, 32, 4, dtype=np.uint32), axis=-1)


def q4_scales(checkpoint: Checkpoint, name: str) -> np.ndarray:
    """d in the low half, m in the high half: value = d · nibble + m."""
    return checkpoint.blocks(name, Block.Q4_1, 20)[..., :4].copy().view("<u4")[..., 0]


def embedding_bytes(checkpoint: Checkpoint, name: str) -> tuple[np.ndarray, np.ndarray]:
    """int8 values [rows, columns] and scales [rows, blocks] as half bits; Q5_0's value is d · (q - 16), so nothing is lost."""
    if checkpoint.tensors[name].tensor_type == Block.Q8_0:
        block = checkpoint.blocks(name, Block.Q8_0, 34)
        values = block[..., 2:].copy().view(np.int8)
    else:
        block = checkpoint.blocks(name, Block.Q5_0, 22)
        low = np.concatenate([block[..., 6:] & 15, block[..., 6:] >> 4], axis=-1)
        high = np.unpackbits(block[..., 2:6], axis=-1, bitorder="little")
        values = (low | high << 4).astype(np.int8) - np.int8(16)
    return values.reshape(len(block), -1), block[..., :2].copy().view("<u2")[..., 0]


def q8_words(checkpoint: Checkpoint, name: str) -> np.ndarray:
    """Four int8 values a word, the first in the low byte."""
    return embedding_bytes(checkpoint, name)[0].view("<u4")


def q8_scales(checkpoint: Checkpoint, name: str) -> np.ndarray:
    """Two half scales a word, the first in the low half: value = scale · int8."""
    scales = embedding_bytes(checkpoint, name)[1].astype(np.uint32)
    return scales[:, 0::2] | scales[:, 1::2] << np.uint32(16)
