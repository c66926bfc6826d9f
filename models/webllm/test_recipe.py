"""Tests of quantising, cutting, layout, tokens and masks. Run: python -m unittest test_recipe (in models/webllm)."""
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Block
from gguf import GGUFWriter
from gguf.quants import dequantize, quantize

from recipe.checkpoint import EMBEDDING, Checkpoint
from recipe.choice_mask import ChoiceMask, byte_of_character
from recipe.embedding_formats import q5_0_fitted
from recipe.house_gguf import cut, write_house_gguf
from recipe.layout import compute, half_order, parameters, params_json
from recipe.manifest import model_json
from recipe.pack import pack
from recipe.reference import Reference, log_softmax
from recipe.tokenizer import chat_prompt, default_system, open_tokenizer

HIDDEN, LAYERS, HEADS, KV_HEADS, HEAD, FFN, VOCAB = 64, 2, 2, 1, 32, 128, 320
TEMPLATE = (
    "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are small.<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role']}}"
)


def tiny_tokens() -> tuple[list[str], list[int]]:
    """Three control tokens, all bytes, and a few pairs."""
    letters = sorted(byte_of_character(), key=lambda character: byte_of_character()[character])
    pairs = ["re", "gr", "ed", '"r'] + [f"x{n}" for n in range(VOCAB - 3 - 256 - 4)]
    return ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *letters, *pairs], [3] * 3 + [1] * (VOCAB - 3)


def write_tiny(path: Path, embedding: Block = Block.Q8_0, **changed) -> None:
    """A whole checkpoint of two layers, in the format of the real one."""
    rng = np.random.default_rng(7)
    tokens, types = tiny_tokens()
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(512)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(changed.get("rope", HEAD))
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(["r e", "g r", "e d", '" r'])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_chat_template(TEMPLATE)

    def matrix(name: str, rows: int, columns: int, kind: Block) -> None:
        writer.add_tensor(name, quantize(rng.normal(0, 0.1, (rows, columns)).astype(np.float32), kind), raw_dtype=kind)

    matrix(EMBEDDING, VOCAB, HIDDEN, embedding)
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("attn_q", HIDDEN, HIDDEN),
            ("attn_k", KV_HEADS * HEAD, HIDDEN),
            ("attn_v", KV_HEADS * HEAD, HIDDEN),
            ("attn_output", HIDDEN, HIDDEN),
            ("ffn_gate", FFN, HIDDEN),
            ("ffn_up", FFN, HIDDEN),
            ("ffn_down", HIDDEN, FFN),
        ):
            matrix(f"blk.{layer}.{name}.weight", rows, columns, Block.Q4_1)
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(HIDDEN, np.float32))
    writer.add_tensor("output_norm.weight", np.ones(HIDDEN, np.float32))
    if changed.get("output"):
        matrix("output.weight", VOCAB, HIDDEN, Block.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class RecipeTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        write_tiny(self.folder / "source.gguf")
        self.source = Checkpoint(self.folder / "source.gguf")

    def house(self) -> Checkpoint:
        write_house_gguf(self.source, self.folder / "house.gguf", Block.Q5_0)
        return Checkpoint(self.folder / "house.gguf")


class CheckpointTest(RecipeTest):
    def test_reads_the_shape_from_the_metadata(self):
        config = self.source.config
        self.assertEqual((config.hidden, config.layers, config.heads, config.kv_heads), (HIDDEN, LAYERS, HEADS, KV_HEADS))
        self.assertEqual((config.head_dim, config.ffn, config.vocab), (HEAD, FFN, VOCAB))

    def test_refuses_what_the_kernels_cannot_do(self):
        for changed, words in (({"output": True}, "tied"), ({"rope": 16}, "heads")):
            write_tiny(self.folder / "other.gguf", **changed)
            with self.assertRaisesRegex(ValueError, words):
                Checkpoint(self.folder / "other.gguf")


class HouseTest(RecipeTest):
    def test_only_the_embedding_changes(self):
        house = self.house()
        self.assertEqual(list(house.tensors), list(self.source.tensors))
        for name, tensor in self.source.tensors.items():
            same = bytes(tensor.data) == bytes(house.tensors[name].data)
            self.assertEqual(same, name != EMBEDDING, name)
        self.assertEqual(house.tensors[EMBEDDING].tensor_type, Block.Q5_0)
        self.assertLess(np.abs(house.floats(EMBEDDING) - self.source.floats(EMBEDDING)).max(), 0.02)
        kept = {name for name in self.source.reader.fields if not name.startswith("GGUF.")}
        for name in kept:
            self.assertEqual(house.field(name), self.source.field(name), name)

    def test_shards_joined_are_the_file(self):
        self.house()
        whole = (self.folder / "house.gguf").read_bytes()
        shards = cut(self.folder / "house.gguf", self.folder, 10_000)
        self.assertEqual(b"".join(shard.read_bytes() for shard in shards), whole)
        self.assertEqual([shard.name for shard in shards], [f"weights.gguf.{n}" for n in range(len(shards))])
        self.assertLessEqual(max(shard.stat().st_size for shard in shards), 10_000)

    def test_the_same_input_gives_the_same_bytes(self):
        write_house_gguf(self.source, self.folder / "a.gguf", Block.Q5_0)
        write_house_gguf(self.source, self.folder / "b.gguf", Block.Q5_0)
        self.assertEqual((self.folder / "a.gguf").read_bytes(), (self.folder / "b.gguf").read_bytes())
        self.assertEqual(pack(b"text" * 100), pack(b"text" * 100))

    def test_fitted_blocks_are_no_worse_and_read_as_q5_0(self):
        values = np.random.default_rng(3).normal(0, 1, (16, 64)).astype(np.float32)
        values[0, :32] = 0
        fitted = dequantize(q5_0_fitted(values), Block.Q5_0)
        plain = dequantize(quantize(values, Block.Q5_0), Block.Q5_0)
        self.assertEqual(np.abs(fitted[0, :32]).max(), 0)
        self.assertLess(np.square(fitted - values).sum(), np.square(plain - values).sum())


class LayoutTest(RecipeTest):
    """Decodes each buffer as the kernels do, one value at a time, and compares it with GGUF's own decoding."""

    def floats_of(self, checkpoint: Checkpoint, prefix: str) -> np.ndarray:
        known = {parameter.name: parameter for parameter in parameters(checkpoint.config)}
        q = compute(checkpoint, known[prefix + ".q"])
        s = compute(checkpoint, known[prefix + ".s"])
        per_word = 4 if known[prefix + ".q"].layout == "q8-words" else 8
        values = np.zeros((q.shape[1], q.shape[0] * per_word), np.float32)
        halves = lambda word: np.array([word & 0xFFFF, word >> 16], np.uint16).view(np.float16).astype(np.float32)
        for row in range(values.shape[0]):
            for column in range(values.shape[1]):
                word = int(q[column // per_word, row])
                if per_word == 8:
                    scale, least = halves(int(s[column // 32, row]))
                    values[row, column] = scale * (word >> 4 * (column % 8) & 15) + least
                else:
                    scale = halves(int(s[column // 64, row]))[column // 32 % 2]
                    byte = word >> 8 * (column % 4) & 255
                    values[row, column] = scale * (byte - 256 if byte > 127 else byte)
        return values

    def test_linears(self):
        of = self.source.floats
        np.testing.assert_allclose(self.floats_of(self.source, "layers.1.mlp.down"), of("blk.1.ffn_down.weight"), atol=1e-6)
        both = np.concatenate([of("blk.0.ffn_gate.weight"), of("blk.0.ffn_up.weight")])
        np.testing.assert_allclose(self.floats_of(self.source, "layers.0.mlp.gate_up"), both, atol=1e-6)

    def test_query_and_key_rows_stand_half_against_half(self):
        of = self.source.floats
        order = [*range(0, HEAD, 2), *range(1, HEAD, 2)]
        self.assertEqual(list(half_order(self.source, "blk.0.attn_k.weight")), order)
        query = of("blk.0.attn_q.weight").reshape(HEADS, HEAD, HIDDEN)[:, order].reshape(-1, HIDDEN)
        wanted = np.concatenate([query, of("blk.0.attn_k.weight")[order], of("blk.0.attn_v.weight")])
        np.testing.assert_allclose(self.floats_of(self.source, "layers.0.attn.qkv"), wanted, atol=1e-6)

    def test_embedding_of_either_format_is_lossless(self):
        for checkpoint in (self.source, self.house()):
            np.testing.assert_array_equal(self.floats_of(checkpoint, "tok"), checkpoint.floats(EMBEDDING))

    def test_the_list_names_every_tensor_once(self):
        listed = params_json(self.source.config)["params"]
        used = [name for entry in listed if entry["layout"] not in ("q4-scales", "q8-scales") for name in entry["source"]]
        self.assertEqual(sorted(used), sorted(self.source.tensors))
        for entry in listed:
            self.assertEqual(entry["nbytes"], 4 * int(np.prod(entry["shape"])))


class ReferenceTest(RecipeTest):
    def test_reading_in_pieces_is_reading_at_once(self):
        model, ids = Reference(self.source), [5, 9, 200, 31, 7]
        at_once = model.start().read_all(ids)
        sequence = model.start()
        sequence.read(ids[:2])
        fork = sequence.fork()
        sequence.read([99])
        np.testing.assert_allclose(fork.read(ids[2:]), at_once[-1], atol=1e-4)
        self.assertAlmostEqual(float(np.exp(log_softmax(at_once[-1])).sum()), 1, places=9)


class TextTest(RecipeTest):
    def test_chat_prompt(self):
        self.assertEqual(default_system(self.source), "You are small.")
        text = chat_prompt([{"role": "user", "content": "red"}], "You are small.")
        wanted = "<|im_start|>system\nYou are small.<|im_end|>\n<|im_start|>user\nred<|im_end|>\n<|im_start|>assistant\n"
        self.assertEqual(text, wanted)
        tokenizer = open_tokenizer(self.source)
        self.assertEqual(tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False), wanted)

    def test_mask_allows_what_leads_to_a_choice_and_nothing_else(self):
        mask = ChoiceMask(self.source, {"enum": ["red", "green"]})
        tokens, _ = tiny_tokens()
        named = lambda: sorted(tokens[index] for index in mask.allowed())
        self.assertEqual(named(), ['"', '"r'])
        mask.accept(tokens.index('"'))
        self.assertEqual(named(), ["g", "gr", "r", "re"])
        for text in ("re", "d", '"'):
            self.assertIn(text, named())
            mask.accept(tokens.index(text))
        self.assertEqual(named(), ["<|im_end|>"])


class ManifestTest(unittest.TestCase):
    def test_refuses_too_large_a_file(self):
        with tempfile.TemporaryDirectory() as holder:
            folder = Path(holder)
            (folder / "mlc-chat-config.json").write_text(json.dumps({"context_window_size": 8, "model_config": {}}))
            with open(folder / "weights.gguf.0", "wb") as file:
                file.truncate(24_000_001)
            for name in ("tokenizer.json.gzip", "params.json.gzip", "library.wasm.gzip", "software.wasm.gzip", "golden.json"):
                (folder / name).write_bytes(b"")
            with self.assertRaisesRegex(ValueError, "larger than 24000000"):
                model_json(folder)


if __name__ == "__main__":
    unittest.main()
