"""Everything of the model but the libraries: weights, tokenizer, chat configuration, parameter list, golden answers."""
import argparse
import json
from pathlib import Path

from gguf import GGMLQuantizationType as Block

from .chat_config import chat_config
from .checkpoint import Checkpoint
from .golden import golden
from .house_gguf import cut, write_house_gguf
from .layout import params_json
from .pack import pack
from .tokenizer import tokenizer_json


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def build(source: Path, work: Path, out: Path, embedding: Block) -> None:
    whole = work / "house.gguf"
    write_house_gguf(Checkpoint(source), whole, embedding)
    house = Checkpoint(whole)
    cut(whole, out)
    (out / "tokenizer.json.gzip").write_bytes(pack(json.dumps(tokenizer_json(house), ensure_ascii=False).encode()))
    write_json(out / "mlc-chat-config.json", chat_config(house))
    (out / "params.json.gzip").write_bytes(pack(json.dumps(params_json(house.config)).encode()))
    write_json(out / "golden.json", golden(house))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True, type=Path, help="Q4_1 linears, tied embedding in Q8_0")
    arguments.add_argument("--work", required=True, type=Path)
    arguments.add_argument("--out", required=True, type=Path)
    arguments.add_argument("--embedding", default="Q5_0", choices=["Q5_0", "Q8_0"])
    given = arguments.parse_args()
    build(given.gguf, given.work, given.out, Block[given.embedding])
