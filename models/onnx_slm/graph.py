"""The ONNX graph of a Llama, in the layout that transformers.js expects of a decoder.

Inputs: input_ids, attention_mask, num_logits_to_keep, past_key_values.N.{key,value}. Outputs: logits, present.N.{key,value}.
Only operators of onnxruntime's WASM and WebGPU builds. Batches of one.
"""
import numpy as np
from onnx import ModelProto, TensorProto, helper
from recipe.checkpoint import EMBEDDING, Checkpoint, LlamaConfig

from .blocks import read_blocks, stacked
from .layers import CONTRIB, FORMS, Graph


class Llama:
    def __init__(self, checkpoint: Checkpoint, form: str) -> None:
        self.checkpoint, self.config = checkpoint, checkpoint.config
        self.graph, self.form = Graph(), FORMS[form]

    def build(self, positions: int) -> ModelProto:
        """The model for at most `positions` tokens of prompt and answer together."""
        graph, table = self.graph, read_blocks(self.checkpoint, EMBEDDING)
        self._lengths()
        self._rotations(positions)
        x = self.form.embedding(graph, "input_ids", table)
        for layer in range(self.config.layers):
            x = graph.node("Add", [x, self._attention(layer, self._norm(x, f"blk.{layer}.attn_norm.weight"))])
            x = graph.node("Add", [x, self._feed_forward(layer, self._norm(x, f"blk.{layer}.ffn_norm.weight"))])
        self.form.output(graph, self._norm(self._last_rows(x), "output_norm.weight"), table)
        body = helper.make_graph(graph.nodes, "llama", *doors(self.config), list(graph.constants.values()))
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(body, opset_imports=opsets, ir_version=8)

    def _linear(self, layer: int, x: str, *parts: str) -> str:
        names = [f"blk.{layer}.{part}.weight" for part in parts]
        return self.form.linear(self.graph, names[0], x, stacked([read_blocks(self.checkpoint, name) for name in names]))

    def _norm(self, x: str, name: str) -> str:
        weight = self.graph.constant(name, self.checkpoint.floats(name))
        inputs = [x, weight]
        return self.graph.node("SimplifiedLayerNormalization", inputs, axis=-1, epsilon=self.config.epsilon, stash_type=1)

    def _attention(self, layer: int, x: str) -> str:
        """GGUF keeps the two values of a rotation side by side, which the operator calls interleaved."""
        joined = self._linear(layer, x, "attn_q", "attn_k", "attn_v")
        past = [f"past_key_values.{layer}.{part}" for part in ("key", "value")]
        outputs = [f"attention_{layer}", f"present.{layer}.key", f"present.{layer}.value"]
        self.graph.nodes.append(
            helper.make_node(
                "GroupQueryAttention",
                [joined, "", "", *past, "last_position", "length", "cosines", "sines"],
                outputs,
                domain=CONTRIB,
                num_heads=self.config.heads,
                kv_num_heads=self.config.kv_heads,
                do_rotary=1,
                rotary_interleaved=1,
            )
        )
        return self._linear(layer, outputs[0], "attn_output")

    def _feed_forward(self, layer: int, x: str) -> str:
        gate, up = self._linear(layer, x, "ffn_gate"), self._linear(layer, x, "ffn_up")
        active = self.graph.node("Mul", [gate, self.graph.node("Sigmoid", [gate])])
        return self._linear(layer, self.graph.node("Mul", [active, up]), "ffn_down")

    def _lengths(self) -> None:
        """From the attention mask: the position of the last token, and how long prompt and answer are together."""
        graph = self.graph
        one = graph.integers("axis_1", 1)
        total = graph.node("ReduceSum", ["attention_mask", one], keepdims=0)
        graph.node("Cast", [graph.node("Sub", [total, one])], "last_position", to=TensorProto.INT32)
        size = graph.node("Gather", [graph.node("Shape", ["attention_mask"]), graph.constant("one", np.int64(1))])
        graph.node("Cast", [size], "length", to=TensorProto.INT32)

    def _rotations(self, positions: int) -> None:
        size = self.config.head_dim
        steps = self.config.rope_theta ** (-np.arange(0, size, 2) / size)
        angles = np.arange(positions)[:, None] * steps
        self.graph.constant("cosines", np.cos(angles).astype(np.float32))
        self.graph.constant("sines", np.sin(angles).astype(np.float32))

    def _last_rows(self, x: str) -> str:
        """Only the last `num_logits_to_keep` positions reach the output layer; 0 keeps all."""
        graph = self.graph
        first = graph.node("Reshape", [graph.node("Neg", ["num_logits_to_keep"]), graph.integers("flat", 1)])
        return graph.node("Slice", [x, first, graph.integers("end", np.iinfo(np.int64).max), "axis_1"])


def doors(config: LlamaConfig) -> tuple[list, list]:
    """Inputs and outputs with their names and shapes."""
    value, floats, integers = helper.make_tensor_value_info, TensorProto.FLOAT, TensorProto.INT64
    inputs = [
        value("input_ids", integers, ["batch_size", "sequence_length"]),
        value("attention_mask", integers, ["batch_size", "total_sequence_length"]),
        value("num_logits_to_keep", integers, []),
    ]
    outputs = [value("logits", floats, ["batch_size", "kept_length", config.vocab])]
    for layer in range(config.layers):
        for part in ("key", "value"):
            past = ["batch_size", config.kv_heads, "past_sequence_length", config.head_dim]
            present = ["batch_size", config.kv_heads, "total_sequence_length", config.head_dim]
            inputs.append(value(f"past_key_values.{layer}.{part}", floats, past))
            outputs.append(value(f"present.{layer}.{part}", floats, present))
    return inputs, outputs
