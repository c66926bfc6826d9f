"""Writes the encoder's ONNX graph node by node: token ids in, pooled and L2-normalised embedding out.

The graph is for a batch of one: without neighbours there is no padding, so it needs no attention mask, and the dynamic
int8 scales depend on the text alone. The fused operators are onnxruntime's (domain com.microsoft).
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .bert import Bert

HEADS = 12
WIDTH = 384
Rounded = dict[str, tuple[np.ndarray, np.ndarray]]


class Graph:
    """Nodes and initialisers in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def tensor(self, name: str, value: np.ndarray) -> str:
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def fused(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        return self.node(kind, inputs, output, "com.microsoft", **attributes)


def add_rows(graph: Graph, name: str, ids: str, levels: np.ndarray, scales: np.ndarray) -> str:
    """Rows of an int8 table with one float16 scale per row, as float32."""
    rows = graph.node("Gather", [graph.tensor(f"{name}.levels", levels), ids], f"{name}.rows")
    scale = graph.node("Gather", [graph.tensor(f"{name}.scales", scales.astype(np.float16)[:, None]), ids], f"{name}.scale")
    cast = [graph.node("Cast", [part], f"{part}.float", to=TensorProto.FLOAT) for part in (rows, scale)]
    return graph.node("Mul", cast, name)


def add_linear(graph: Graph, name: str, x: str, parts: list[tuple[np.ndarray, np.ndarray]], bias: np.ndarray | None) -> str:
    """x·Wᵀ + bias with int8 weights per output channel and uint8 activations scaled by their own range."""
    levels = np.concatenate([levels for levels, _ in parts]).T
    scales = np.concatenate([scales for _, scales in parts])
    inputs = [x, graph.tensor(f"{name}.levels", levels), graph.tensor(f"{name}.scales", scales.astype(np.float32))]
    if bias is not None:
        inputs += ["", graph.tensor(f"{name}.bias", bias)]
    return graph.fused("DynamicQuantizeMatMul", inputs, name)


def add_layer(graph: Graph, index: int, layer, rounded: Rounded, x: str) -> str:
    """One post-norm transformer block."""
    def bias(name: str) -> np.ndarray:
        return getattr(layer, name).bias.detach().numpy()

    def norm(name: str, parts: list[str], output: str) -> str:
        module = getattr(layer, name)
        weights = [graph.tensor(f"{output}.{kind}", getattr(module, kind).detach().numpy()) for kind in ("weight", "bias")]
        return graph.fused("SkipLayerNormalization", parts + weights, output, epsilon=module.eps)

    p = f"layer{index}"
    qkv = add_linear(graph, f"{p}.qkv", x, [rounded[f"{index}.{n}"] for n in "qkv"], np.concatenate([bias(n) for n in "qkv"]))
    graph.nodes.append(helper.make_node("Split", [qkv], [f"{p}.{n}" for n in "qkv"], name=f"{p}.split", axis=2, num_outputs=3))
    mixed = graph.fused("MultiHeadAttention", [f"{p}.{n}" for n in "qkv"], f"{p}.attention", num_heads=HEADS)
    out = add_linear(graph, f"{p}.out", mixed, [rounded[f"{index}.o"]], bias("o"))
    x = norm("ln1", [out, x], f"{p}.norm1")
    inner = add_linear(graph, f"{p}.inner", x, [rounded[f"{index}.f1"]], None)
    active = graph.fused("BiasGelu", [inner, graph.tensor(f"{p}.inner.bias", bias("f1"))], f"{p}.gelu")
    outer = add_linear(graph, f"{p}.outer", active, [rounded[f"{index}.f2"]], bias("f2"))
    return norm("ln2", [outer, x], f"{p}.norm2")


def build_graph(model: Bert, words: tuple[np.ndarray, np.ndarray], positions: tuple[np.ndarray, np.ndarray],
                layers: Rounded) -> onnx.ModelProto:
    """The whole encoder. `positions` already contain the segment vector."""
    graph = Graph()
    shape = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    end = graph.node("Squeeze", [shape], "end")
    start, one = graph.tensor("zero", np.array(0, np.int64)), graph.tensor("one", np.array(1, np.int64))
    position_ids = graph.node("Range", [start, end, one], "position_ids")
    word_rows = add_rows(graph, "words", "input_ids", *words)
    position_rows = add_rows(graph, "positions", position_ids, *positions)
    norm = [graph.tensor(f"norm.{kind}", getattr(model.ln, kind).detach().numpy()) for kind in ("weight", "bias")]
    summed = graph.node("Add", [word_rows, position_rows], "summed")
    x = graph.node("LayerNormalization", [summed] + norm, "norm", axis=-1, epsilon=model.ln.eps)
    for index, layer in enumerate(model.layers):
        x = add_layer(graph, index, layer, layers, x)
    graph.node("Identity", [x], "last_hidden_state")
    mean = graph.node("ReduceMean", [x, graph.tensor("token_axis", np.array([1], np.int64))], "mean", keepdims=0)
    length = graph.node("ReduceL2", [mean, graph.tensor("width_axis", np.array([1], np.int64))], "mean_length", keepdims=1)
    graph.node("Div", [mean, length], "sentence_embedding")
    return finish(graph)


def finish(graph: Graph) -> onnx.ModelProto:
    """Names the inputs and outputs and fixes the versions."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    outputs = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, [1, WIDTH]),
               helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [1, "tokens", WIDTH])]
    body = helper.make_graph(graph.nodes, "encoder", [ids], outputs, graph.tensors)
    versions = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(body, opset_imports=versions, producer_name="flotilla_models")
    model.ir_version = 9
    return model
