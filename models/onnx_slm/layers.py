"""Matrices as ONNX nodes, in two forms of the same weights: 4-bit blocks, or plain float32."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

from .blocks import BLOCK, Blocks

CONTRIB = "com.microsoft"
FOUR_BIT_MIDDLE = 8
EIGHT_BIT_MIDDLE = 128


class Graph:
    """Collects nodes and constants; each method returns the name of what it made."""

    def __init__(self) -> None:
        self.nodes, self.constants = [], {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def integers(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, np.int64))

    def node(self, op: str, inputs: list[str], output: str | None = None, domain: str = "", **attributes) -> str:
        output = output or f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output


class FourBit:
    """MatMulNBits: 4-bit linears, the token table in 8 bits and shared with the output layer."""

    def linear(self, graph: Graph, name: str, x: str, blocks: Blocks) -> str:
        """x · Wᵀ with W = scale · (level − 8) + (offset + 8 · scale).

        The first part is what the operator has fast kernels for; the second multiplies the sums of x over each block by a
        matrix that is 32 times smaller. Together they are exactly Q4_1.
        """
        rows, count, _ = blocks.levels.shape
        packed = graph.constant(f"{name}.levels", blocks.levels[..., 0::2] | blocks.levels[..., 1::2] << 4)
        scale = graph.constant(f"{name}.scale", blocks.scale)
        main = graph.node(
            "MatMulNBits", [x, packed, scale], domain=CONTRIB, N=rows, K=count * BLOCK, bits=4, block_size=BLOCK
        )
        shift = graph.constant(f"{name}.shift", (blocks.offset + FOUR_BIT_MIDDLE * blocks.scale).T)
        return graph.node("Add", [main, graph.node("MatMul", [self._block_sums(graph, x, count), shift])])

    def _block_sums(self, graph: Graph, x: str, count: int) -> str:
        """[1, tokens, count · 32] to [1, tokens, count]; made once for each x."""
        name = f"{x}.sums"
        if not any(name in node.output for node in graph.nodes):
            split = graph.node("Reshape", [x, graph.integers(f"blocks_of_{count}", 0, 0, count, BLOCK)])
            graph.node("ReduceSum", [split, graph.integers("last_axis", -1)], name, keepdims=0)
        return name

    def embedding(self, graph: Graph, ids: str, blocks: Blocks) -> str:
        zero_level = np.rint(-blocks.offset / np.where(blocks.scale == 0, 1, blocks.scale)).astype(np.int16)
        levels = (blocks.levels - zero_level[..., None] + EIGHT_BIT_MIDDLE).astype(np.uint8)
        table, scale = graph.constant("embed.levels", levels), graph.constant("embed.scale", blocks.scale)
        rows = graph.node("Cast", [graph.node("Gather", [table, ids])], to=TensorProto.FLOAT)
        centred = graph.node("Sub", [rows, graph.constant("middle", np.float32(EIGHT_BIT_MIDDLE))])
        scales = graph.node("Unsqueeze", [graph.node("Gather", [scale, ids]), graph.integers("last_axis", -1)])
        return graph.node("Reshape", [graph.node("Mul", [centred, scales]), graph.integers("joined", 0, 0, -1)])

    def output(self, graph: Graph, x: str, blocks: Blocks) -> None:
        rows, count, _ = blocks.levels.shape
        inputs = [x, "embed.levels", "embed.scale"]
        graph.node("MatMulNBits", inputs, "logits", CONTRIB, N=rows, K=count * BLOCK, bits=8, block_size=BLOCK)


class Floats:
    """Plain float32: the same numbers, unpacked. On WASM they are ten times faster than 4-bit blocks."""

    def linear(self, graph: Graph, name: str, x: str, blocks: Blocks) -> str:
        return graph.node("MatMul", [x, graph.constant(f"{name}.weight", blocks.floats().T)])

    def embedding(self, graph: Graph, ids: str, blocks: Blocks) -> str:
        return graph.node("Gather", [graph.constant("embed.weight", blocks.floats()), ids])

    def output(self, graph: Graph, x: str, blocks: Blocks) -> None:
        rows, count, _ = blocks.levels.shape
        flat = graph.node("Reshape", [x, graph.integers("flat_rows", -1, count * BLOCK)])
        logits = graph.node("Gemm", [flat, "embed.weight"], transB=1)
        graph.node("Reshape", [logits, graph.integers("logits_shape", 1, -1, rows)], "logits")


FORMS = {"q4": FourBit(), "fp32": Floats()}
