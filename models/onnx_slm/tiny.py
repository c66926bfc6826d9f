"""A random Llama of the same shape as the shipped one, but tiny: for tests of the runtime, not for answers.

    python -m onnx_slm.tiny --gguf ../path/to/house.gguf --out ../test/browser/data/tiny-llama      # in models/

Two layers, 1,024 tokens: the first of the real tokenizer with their merges. Written as GGUF with the same block formats, so
that the whole recipe is exercised.
"""
import argparse
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Block
from gguf import GGUFWriter, quants
from recipe.checkpoint import EMBEDDING, Checkpoint
from recipe.reference import Reference, log_softmax
from recipe.tokenizer import chat_prompt, default_system, open_tokenizer

from .export import export, manifest

VOCAB, HIDDEN, LAYERS, HEADS, KV_HEADS, FFN, POSITIONS = 1024, 96, 2, 3, 1, 256, 256
SEED = 1

MARGIN = 0.02
"""Least lead of the best token in a golden answer, in nats: float32 sums in another order stay far below."""

ALLOWED_GAP = 0.001
LONGEST = 12

PROMPTS = [
    [{"role": "user", "content": "Count from 1 to 5."}],
    [{"role": "system", "content": "Brief."}, {"role": "user", "content": "What is in the box?"}],
]

PASSPORT = {
    "source": "random numbers; token strings of SmolLM2-135M-Instruct",
    "licence": "apache-2.0",
    "attribution": "HuggingFaceTB/SmolLM2-135M-Instruct (tokenizer)",
    "trainingData": "none",
    "recipe": "models/onnx_slm: tiny.py",
}


def write_gguf(source: Checkpoint, path: Path) -> None:
    writer = GGUFWriter(path, "llama")
    write_metadata(source, writer)
    rng = np.random.default_rng(SEED)

    def matrix(name: str, rows: int, columns: int, kind: Block, size: float) -> None:
        values = rng.normal(0, size, (rows, columns)).astype(np.float32)
        writer.add_tensor(name, quants.quantize(values, kind), raw_dtype=kind)

    def norm(name: str) -> None:
        writer.add_tensor(name, rng.uniform(0.5, 1.5, HIDDEN).astype(np.float32))

    matrix(EMBEDDING, VOCAB, HIDDEN, Block.Q5_0, 0.5)
    norm("output_norm.weight")
    kv_rows = HIDDEN // HEADS * KV_HEADS
    for layer in range(LAYERS):
        norm(f"blk.{layer}.attn_norm.weight")
        norm(f"blk.{layer}.ffn_norm.weight")
        shapes = {
            "attn_q": (HIDDEN, HIDDEN),
            "attn_k": (kv_rows, HIDDEN),
            "attn_v": (kv_rows, HIDDEN),
            "attn_output": (HIDDEN, HIDDEN),
            "ffn_gate": (FFN, HIDDEN),
            "ffn_up": (FFN, HIDDEN),
            "ffn_down": (HIDDEN, FFN),
        }
        for part, (rows, columns) in shapes.items():
            matrix(f"blk.{layer}.{part}.weight", rows, columns, Block.Q4_1, 2.5 * columns**-0.5)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_metadata(source: Checkpoint, writer: GGUFWriter) -> None:
    tokens = source.field("tokenizer.ggml.tokens")[:VOCAB]
    known = set(tokens)
    writer.add_block_count(LAYERS)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_rope_freq_base(source.config.rope_theta)
    writer.add_layer_norm_rms_eps(source.config.epsilon)
    writer.add_vocab_size(VOCAB)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(source.field("tokenizer.ggml.token_type")[:VOCAB])
    writer.add_token_merges([merge for merge in source.field("tokenizer.ggml.merges") if merge.replace(" ", "") in known])
    writer.add_bos_token_id(int(source.field("tokenizer.ggml.bos_token_id")))
    writer.add_eos_token_id(int(source.field("tokenizer.ggml.eos_token_id")))
    writer.add_chat_template(source.field("tokenizer.chat_template"))


def answer(checkpoint: Checkpoint, turns: list[dict]) -> dict:
    """A golden answer of the float reference; too close a decision is an error."""
    prompt = open_tokenizer(checkpoint).encode(chat_prompt(turns, default_system(checkpoint))).ids
    sequence = Reference(checkpoint).start()
    logits, ids, logprobs = sequence.read(prompt), [], []
    while len(ids) < LONGEST:
        chances = log_softmax(logits)
        best, second = np.argsort(-chances)[:2]
        if chances[best] - chances[second] < MARGIN:
            raise ValueError("two tokens are too close: take another prompt or seed")
        if best == checkpoint.field("tokenizer.ggml.eos_token_id"):
            break
        ids.append(int(best))
        logprobs.append(round(float(chances[best]), 5))
        logits = sequence.read([int(best)])
    return {"turns": turns, "promptIds": prompt, "tokenIds": ids, "logprobs": logprobs}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True, help="whose tokenizer is cut down")
    arguments.add_argument("--out", required=True, type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        write_gguf(Checkpoint(given.gguf), Path(work) / "tiny.gguf")
        tiny = Checkpoint(Path(work) / "tiny.gguf")
        answers = {"prompts": [answer(tiny, turns) for turns in PROMPTS], "allowedLogprobGap": ALLOWED_GAP}
        export(tiny, "q4", given.out, POSITIONS, answers, data_files=False)
        about = {"id": "tiny-llama", "title": "Tiny random Llama", "description": "For tests.", "passport": PASSPORT}
        manifest(tiny, given.out, POSITIONS, about)
