"""The two libraries of one model: which kernels each is made of."""
from collections.abc import Callable
from dataclasses import dataclass

from tvm.relax.frontend.nn.llm import kv_cache

from .checkpoint import LlamaConfig
from .kernels import barrier_free, barrier_free_attention, top, workgroup


@dataclass(frozen=True)
class Variant:
    """`attention` makes the kernels for a piece of the prompt, for the cache before it, and for one new token."""

    file: str
    q4_matmul: Callable
    q8_matvec: Callable
    attention: Callable
    select_top: Callable
    select_needs_scratch: bool


def thread_per_head(config: LlamaConfig, target) -> tuple:
    shape = (config.kv_heads, config.heads, config.head_dim)
    own = barrier_free_attention
    return own.prefill_ragged(*shape), own.prefill_paged(*shape), own.decode_paged(*shape)


def tvm_attention(config: LlamaConfig, target) -> tuple:
    """TVM's own kernels, which share keys and values in workgroup memory."""
    kv, heads, width = config.kv_heads, config.heads, config.head_dim
    return (
        kv_cache._attention_prefill_ragged(kv, heads, width, width, "float32", {}, target),
        kv_cache._attention_prefill(kv, heads, width, "float32", False, {}, target),
        kv_cache._attention_decode(kv, heads, width, "float32", False, {}, target),
    )


SOFTWARE = Variant(
    file="software.wasm",
    q4_matmul=barrier_free.q4_matmul,
    q8_matvec=barrier_free.q8_matvec,
    attention=thread_per_head,
    select_top=top.select_alone,
    select_needs_scratch=True,
)

HARDWARE = Variant(
    file="library.wasm",
    q4_matmul=workgroup.q4_matmul,
    q8_matvec=workgroup.q8_matvec,
    attention=tvm_attention,
    select_top=top.select_together,
    select_needs_scratch=False,
)

VARIANTS = {"software": SOFTWARE, "hardware": HARDWARE}
