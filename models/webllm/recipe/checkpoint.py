"""Reads a GGUF checkpoint of the Llama family: its shape from the metadata, its blocks, its floats."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Block
from gguf import GGUFReader
from gguf.quants import dequantize

EMBEDDING = "token_embd.weight"


@dataclass(frozen=True)
class LlamaConfig:
    """Shape of the model. The embedding is tied: it is also the output layer."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    rope_theta: float
    epsilon: float
    trained_context: int


class Checkpoint:
    """An open GGUF file; tensors are memory-mapped and read when asked for."""

    def __init__(self, path: str | Path):
        self.reader = GGUFReader(path)
        self.tensors = {tensor.name: tensor for tensor in self.reader.tensors}
        self.config = self._read_config()
        self._refuse_what_is_not_supported()

    def field(self, name: str):
        """Value of a metadata key; a missing one is an error that names it."""
        found = self.reader.fields.get(name)
        if found is None:
            raise ValueError(f"the checkpoint has no “{name}”")
        return found.contents()

    def shape(self, name: str) -> tuple[int, int]:
        """Rows and columns of a matrix. GGUF lists the fastest dimension first."""
        columns, rows = (int(size) for size in self.tensors[name].shape)
        return rows, columns

    def blocks(self, name: str, kind: Block, block_bytes: int) -> np.ndarray:
        """Stored bytes of a matrix [rows, blocks of 32 values, bytes of a block]; refuses another block format."""
        tensor = self.tensors[name]
        if tensor.tensor_type != kind:
            raise ValueError(f"{name} is {tensor.tensor_type.name}, not {kind.name}")
        rows, columns = self.shape(name)
        return np.ascontiguousarray(tensor.data).view(np.uint8).reshape(rows, columns // 32, block_bytes)

    def floats(self, name: str) -> np.ndarray:
        """The tensor as float32 in reading order: [rows, columns] or [values]."""
        tensor = self.tensors[name]
        values = np.asarray(dequantize(tensor.data, tensor.tensor_type), np.float32)
        return values.reshape([int(size) for size in tensor.shape][::-1])

    def _read_config(self) -> LlamaConfig:
        if self.field("general.architecture") != "llama":
            raise ValueError(f"the architecture is {self.field('general.architecture')}, not llama")
        heads = int(self.field("llama.attention.head_count"))
        hidden = int(self.field("llama.embedding_length"))
        return LlamaConfig(
            hidden=hidden,
            layers=int(self.field("llama.block_count")),
            heads=heads,
            kv_heads=int(self.field("llama.attention.head_count_kv")),
            head_dim=int(self.field("llama.rope.dimension_count")),
            ffn=int(self.field("llama.feed_forward_length")),
            vocab=len(self.field("tokenizer.ggml.tokens")),
            rope_theta=float(self.field("llama.rope.freq_base")),
            epsilon=float(self.field("llama.attention.layer_norm_rms_epsilon")),
            trained_context=int(self.field("llama.context_length")),
        )

    def _refuse_what_is_not_supported(self) -> None:
        config = self.config
        if config.head_dim * config.heads != config.hidden:
            raise ValueError("heads that do not fill the hidden width are not supported")
        if "output.weight" in self.tensors:
            raise ValueError("an output layer of its own is not supported: the embedding has to be tied")
        if any(name.startswith("llama.rope.scaling") for name in self.reader.fields):
            raise ValueError("scaled rotary positions are not supported")
        if config.vocab % 64 != 0:
            raise ValueError("the kernels need a vocabulary that 64 divides")
        if any(name.endswith(".bias") for name in self.tensors):
            raise ValueError("biases are not supported")
