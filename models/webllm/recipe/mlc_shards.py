"""The weights as plain WebLLM reads them (tensor-cache.json and shards), for check.mjs; the app makes the same in the tab."""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from .checkpoint import Checkpoint
from .layout import compute, parameters

SHARD_BYTES = 16 << 20


def write_shards(checkpoint: Checkpoint, out: Path) -> None:
    shards, records, content = [], [], b""

    def flush() -> None:
        name = f"params_shard_{len(shards)}.bin"
        (out / name).write_bytes(content)
        digest = hashlib.md5(content).hexdigest()
        shards.append(
            {"dataPath": name, "format": "raw-shard", "nbytes": len(content), "records": records, "md5sum": digest}
        )

    for parameter in parameters(checkpoint.config):
        value = compute(checkpoint, parameter)
        if list(value.shape) != parameter.shape or value.dtype != np.dtype(parameter.dtype):
            raise ValueError(f"{parameter.name} is {value.dtype}{list(value.shape)}")
        if content and len(content) + parameter.nbytes > SHARD_BYTES:
            flush()
            records, content = [], b""
        records.append(
            {
                "name": parameter.name,
                "shape": parameter.shape,
                "dtype": parameter.dtype,
                "format": "raw",
                "nbytes": parameter.nbytes,
                "byteOffset": len(content),
            }
        )
        content += value.tobytes()
    flush()
    total = sum(shard["nbytes"] for shard in shards)
    metadata = {"ParamSize": sum(len(shard["records"]) for shard in shards), "ParamBytes": total, "BitsPerParam": 0}
    (out / "tensor-cache.json").write_text(json.dumps({"metadata": metadata, "records": shards}))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True)
    arguments.add_argument("--out", required=True, type=Path)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    write_shards(Checkpoint(given.gguf), given.out)
