"""The Llama decoder as WebLLM's pipeline calls it: embed, prefill, decode, the cache, and the softmax."""
from tvm import relax, te, tirx
from tvm.ir import StringImm
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor, op
from tvm.relax.frontend.nn.llm import kv_cache
from tvm.relax.frontend.nn.llm.kv_cache import AttnKind, PagedKVCache, RopeMode
from tvm.target import Target

from .checkpoint import LlamaConfig
from .kernels.merge import merge_state
from .kernels.numbers import half_at, signed_byte
from .layout import GROUP
from .variants import Variant


class Q4Linear(nn.Module):
    """A matrix of 4-bit blocks; layout `q4-words` and `q4-scales`."""

    def __init__(self, columns: int, rows: int, variant: Variant):
        self.columns, self.rows, self.variant = columns, rows, variant
        self.q = nn.Parameter((columns // 8, rows), "uint32")
        self.s = nn.Parameter((columns // GROUP, rows), "uint32")

    def forward(self, x: Tensor, residual: Tensor | None = None) -> Tensor:
        tokens = x.shape[1]
        one = isinstance(tokens, int) or isinstance(tokens, tirx.IntImm)
        kernel = self.variant.q4_matmul(self.rows, self.columns, one, residual is not None)
        inputs = [x, self.q, self.s] + ([] if residual is None else [residual])
        return op.tensor_ir_op(kernel, "q4_matmul", inputs, Tensor.placeholder((1, tokens, self.rows), "float32"))


class Q8Embedding(nn.Module):
    """The table of tokens, which is also the output layer; layout `q8-words` and `q8-scales`."""

    def __init__(self, vocab: int, hidden: int, variant: Variant):
        self.vocab, self.hidden, self.variant = vocab, hidden, variant
        self.q = nn.Parameter((hidden // 4, vocab), "uint32")
        self.s = nn.Parameter((hidden // GROUP // 2, vocab), "uint32")

    def forward(self, ids: Tensor) -> Tensor:
        def take(ids, q, s):
            def value(token, column):
                block = column // GROUP
                scale = half_at(s[block // 2, ids[token]], block % 2)
                return signed_byte(q[column // 4, ids[token]], column % 4) * scale

            return te.compute((ids.shape[0], self.hidden), value, name="take")

        return op.tensor_expr_op(take, "q8_take", [ids, self.q, self.s])

    def logits(self, x: Tensor) -> Tensor:
        kernel = self.variant.q8_matvec(self.vocab, self.hidden)
        return op.tensor_ir_op(kernel, "q8_matvec", [x, self.q, self.s], Tensor.placeholder((1, 1, self.vocab), "float32"))


class Attention(nn.Module):
    def __init__(self, config: LlamaConfig, variant: Variant):
        self.config = config
        self.all_heads = config.heads + 2 * config.kv_heads
        self.qkv = Q4Linear(config.hidden, self.all_heads * config.head_dim, variant)
        self.o = Q4Linear(config.hidden, config.hidden, variant)

    def forward(self, x: Tensor, cache: PagedKVCache, layer: int, residual: Tensor) -> Tensor:
        config, (one, tokens, _) = self.config, x.shape
        qkv = op.reshape(self.qkv(x), (one, tokens, self.all_heads, config.head_dim))
        mixed = cache.attention_with_fused_qkv(layer, qkv, config.heads, sm_scale=config.head_dim**-0.5)
        return self.o(op.reshape(mixed, (one, tokens, config.hidden)), residual)


class FeedForward(nn.Module):
    def __init__(self, config: LlamaConfig, variant: Variant):
        self.gate_up = Q4Linear(config.hidden, 2 * config.ffn, variant)
        self.down = Q4Linear(config.ffn, config.hidden, variant)

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        gate, up = op.split(self.gate_up(x), 2, axis=-1)
        return self.down(op.silu(gate) * up, residual)


class Layer(nn.Module):
    def __init__(self, config: LlamaConfig, variant: Variant):
        self.attn = Attention(config, variant)
        self.mlp = FeedForward(config, variant)
        self.attn_norm = nn.RMSNorm(config.hidden, -1, config.epsilon, bias=False)
        self.mlp_norm = nn.RMSNorm(config.hidden, -1, config.epsilon, bias=False)

    def forward(self, x: Tensor, cache: PagedKVCache, layer: int) -> Tensor:
        x = self.attn(self.attn_norm(x), cache, layer, x)
        return self.mlp(self.mlp_norm(x), x)


class Llama(nn.Module):
    def __init__(self, config: LlamaConfig, variant: Variant):
        self.config, self.variant = config, variant
        self.tok = Q8Embedding(config.vocab, config.hidden, variant)
        self.layers = nn.ModuleList([Layer(config, variant) for _ in range(config.layers)])
        self.norm = nn.RMSNorm(config.hidden, -1, config.epsilon, bias=False)

    def embed(self, input_ids: Tensor):
        return self.tok(input_ids)

    def prefill(self, input_embed: Tensor, paged_kv_cache: PagedKVCache):
        """Logits after the last token of a piece of the prompt."""

        def last(x):
            return te.compute((1, 1, self.config.hidden), lambda i, _, k: x[i, x.shape[1] - 1, k], name="last")

        x = op.tensor_expr_op(last, "last", [self.through_layers(input_embed, paged_kv_cache)])
        return self.tok.logits(self.norm(x)), paged_kv_cache

    def decode(self, input_embed: Tensor, paged_kv_cache: PagedKVCache):
        x = self.through_layers(input_embed, paged_kv_cache)
        return self.tok.logits(self.norm(x)), paged_kv_cache

    def through_layers(self, x: Tensor, cache: PagedKVCache) -> Tensor:
        for index, layer in enumerate(self.layers):
            x = layer(x, cache, index)
        return x

    def softmax_with_temperature(self, logits: Tensor, temperature: Tensor):
        return op.softmax(logits / op.reshape(temperature, (logits.shape[0], 1, 1)), axis=-1)

    def create_tir_paged_kv_cache(
        self, max_batch_size, max_total_seq_len, prefill_chunk_size, page_size, support_sliding_window
    ):
        """Arguments of the runtime's `paged_attention_kv_cache_create`, in its order."""
        config, target, block = self.config, Target.current(), relax.BlockBuilder.current()
        heads, kv, width = config.heads, config.kv_heads, config.head_dim
        ragged, paged, decode = self.variant.attention(config, target)
        none = relax.Tuple([])

        def kernel(function, name: str):
            return relax.Tuple([StringImm("tirx"), block.add_func(function, name)])

        rope = kv_cache.llama_rope_with_position_map(config.rope_theta, 1, width, heads, kv, "float32", {}, width)
        arguments = [
            relax.ShapeExpr([max_batch_size, max_total_seq_len, prefill_chunk_size, page_size, support_sliding_window]),
            relax.ShapeExpr([0, config.layers]),
            *(relax.prim_value(value) for value in (heads, kv, width, width)),
            relax.ShapeExpr([int(AttnKind.MHA)] * config.layers),
            relax.prim_value(False),
            relax.prim_value(int(RopeMode.NORMAL)),
            relax.prim_value(1),
            relax.prim_value(config.rope_theta),
            relax.prim_value(0),  # no factors of long rope; a tensor here would mean that there are
            relax.op.zeros((), "float32"),
            block.add_func(kv_cache._kv_cache_transpose_append(kv, width, "float32"), "kv_cache_transpose_append"),
            relax.prim_value(0),  # no latent attention
            kernel(ragged, "attention_prefill_ragged"),
            kernel(paged, "attention_prefill"),
            kernel(decode, "attention_decode"),
            *[none] * 5,  # sliding window (prefill, decode), trees of drafts (2), latent attention
            relax.Tuple([block.add_func(merge_state(heads, width), "merge_state")]),
            block.add_func(rope, "split_rotary"),
            block.add_func(kv_cache._copy_single_page(kv, page_size, width, "float32", target), "copy_single_page"),
            block.add_func(kv_cache._kv_cache_debug_get_kv(config.layers, kv, width, "float32"), "debug_get_kv"),
            block.add_func(kv_cache._compact_kv_copy(kv, width, "float32", target), "compact_kv_copy"),
        ]
        create = "vm.builtin.paged_attention_kv_cache_create"
        return PagedKVCache(
            _expr=relax.call_pure_packed(create, *arguments, ty_args=relax.AnyType()), _name="paged_kv_cache"
        )

    def spec(self) -> nn.spec.ModuleSpec:
        """Shapes of what WebLLM hands in; one sequence at a time."""
        config, spec = self.config, nn.spec
        cache = spec.Object(object_type=PagedKVCache)
        plain = {"param_mode": "none", "effect_mode": "none"}
        with_weights = {"param_mode": "packed", "effect_mode": "none"}
        sizes = ["max_batch_size", "max_total_seq_len", "prefill_chunk_size", "page_size", "support_sliding_window"]
        return spec.ModuleSpec.from_raw(
            {
                "embed": {"input_ids": spec.Tensor(["seq_len"], "int32"), "$": with_weights},
                "prefill": {
                    "input_embed": spec.Tensor([1, "seq_len", config.hidden], "float32"),
                    "paged_kv_cache": cache,
                    "$": with_weights,
                },
                "decode": {
                    "input_embed": spec.Tensor([1, 1, config.hidden], "float32"),
                    "paged_kv_cache": cache,
                    "$": with_weights,
                },
                "create_tir_paged_kv_cache": {**{size: int for size in sizes}, "$": plain},
                "softmax_with_temperature": {
                    "logits": spec.Tensor([1, 1, config.vocab], "float32"),
                    "temperature": spec.Tensor([1], "float32"),
                    "$": plain,
                },
            },
            self,
        )
