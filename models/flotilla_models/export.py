"""Builds the shipped encoder from a torch checkpoint: few levels, int8 ONNX, pooled in the graph, gzip.

    python -m flotilla_models.export --weights base --out ../public/fleet/encoder/1.0.0

Files: model.onnx.gzip, vocab.txt.gzip, config.json, golden.json. The ending is `.gzip`, not `.gz`, because web servers
send `.gz` with `Content-Encoding: gzip`, and the browser would then unpack it before its hash could be checked.
"""
import argparse
import hashlib
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from .bert import Bert, embed, load_base, load_tokenizer, write_json
from .corpora import all_corpora
from .encoder_graph import build_graph
from .golden import GOLDEN_TEXTS, write_golden
from .quantise import Steps, input_products, round_layers, round_rows, round_words

POSITIONS = 256
CALIBRATION_TEXTS = 400
COMPARED_TEXTS = 800
BUDGET_BYTES = 12_000_000
# What transformers.js needs to know to open the model.
CONFIG = {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 384, "num_hidden_layers": 6,
          "num_attention_heads": 12, "intermediate_size": 1536, "vocab_size": 30522, "max_position_embeddings": POSITIONS}


def gzip_bytes(data: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """A gzip file without name and time. Weights have no repeats, so plain Huffman coding packs them best."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    body = packer.compress(data) + packer.flush()
    tail = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + body + tail


def load_weights(source: str) -> Bert:
    """`base`, or a file with a state dict (alone, or under `model`)."""
    model = load_base()
    if source != "base":
        state = torch.load(source, map_location="cpu", weights_only=True)
        model.load_state_dict(state.get("model", state))
    return model.eval()


@lru_cache
def sample_texts() -> tuple[list[str], list[str]]:
    """Training texts to round with, and held-out texts to compare on; the same on every run."""
    rng = np.random.default_rng(0)
    corpora = all_corpora()
    train = [text for corpus in corpora for text, _ in corpus.train]
    held_out = [text for corpus in corpora for text, _ in corpus.held_out]
    return ([train[i] for i in rng.permutation(len(train))[:CALIBRATION_TEXTS]],
            [held_out[i] for i in rng.permutation(len(held_out))[:COMPARED_TEXTS]])


def open_session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def embed_onnx(session: onnxruntime.InferenceSession, token_ids: Iterable[list[int]]) -> np.ndarray:
    """Embeddings [N, 384], one text per call, as the browser does it."""
    return np.stack([session.run(["sentence_embedding"], {"input_ids": np.array([ids], np.int64)})[0][0] for ids in token_ids])


def build_model(model: Bert, steps: Steps, tokenizer) -> bytes:
    """The ONNX file's bytes."""
    calibration, _ = sample_texts()
    products = input_products(model, [encoding.ids for encoding in tokenizer.encode_batch(calibration)])
    tokens = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    words = round_words(model.words.weight.detach(), tokens, steps)
    positions = round_rows(model.positions.weight.detach()[:POSITIONS] + model.segment.detach(), steps.positions)
    return build_graph(model, words, positions, round_layers(model, products, steps)).SerializeToString()


def report_cosines(model: Bert, session: onnxruntime.InferenceSession, tokenizer) -> None:
    """Prints how close the shipped encoder is to the float32 one on held-out texts."""
    _, texts = sample_texts()
    token_ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    cosines = (embed_onnx(session, token_ids) * embed(model, token_ids)).sum(1)
    print(f"cosine to float32 on {len(texts)} held-out texts: mean {cosines.mean():.5f}, "
          f"5th percentile {np.percentile(cosines, 5):.5f}, min {cosines.min():.5f}")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--weights", required=True, help="'base' or a state dict file")
    arguments.add_argument("--out", required=True, type=Path)
    for name, value in vars(Steps()).items():
        arguments.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = load_tokenizer(POSITIONS)
    model = load_weights(options.weights)
    onnx_bytes = build_model(model, Steps(**{name: getattr(options, name) for name in vars(Steps())}), tokenizer)
    session = open_session(onnx_bytes)

    options.out.mkdir(parents=True, exist_ok=True)
    vocabulary = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
    (options.out / "model.onnx.gzip").write_bytes(gzip_bytes(onnx_bytes, zlib.Z_HUFFMAN_ONLY))
    (options.out / "vocab.txt.gzip").write_bytes(gzip_bytes(("\n".join(vocabulary) + "\n").encode()))
    write_json(options.out / "config.json", CONFIG)
    golden = [encoding.ids for encoding in tokenizer.encode_batch(GOLDEN_TEXTS)]
    write_golden(options.out / "golden.json", golden, embed_onnx(session, golden))
    report(options.out, len(onnx_bytes))
    report_cosines(model, session, tokenizer)


def report(folder: Path, raw_bytes: int, budget: int = BUDGET_BYTES) -> None:
    """Prints sizes and hashes; ends with an error when the files are over the budget."""
    total = 0
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        total += len(data)
        print(f"{path.name:20s} {len(data):>10,d} bytes  sha-256 {hashlib.sha256(data).hexdigest()}")
    print(f"transferred {total:,d} bytes of {budget:,d}; model unpacked {raw_bytes:,d}")
    if total > budget:
        raise SystemExit("over the budget: choose wider steps")


if __name__ == "__main__":
    main()
