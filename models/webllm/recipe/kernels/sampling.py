"""The small kernels that WebLLM looks up by name: grammar mask, bias, penalties, and the choice among the likeliest."""
from tvm.script import tirx as T

THREADS = 128
LOWEST = -3.4028234663852886e38


def in_place(vocab: int) -> dict:
    """Kernels that change the logits where they are, under the names that WebLLM calls."""
    words = vocab // 32

    @T.prim_func(s_tir=True)
    def apply_bitmask_inplace(logits_: T.handle, sequences_: T.handle, mask_: T.handle):
        T.func_attr({"global_symbol": "apply_bitmask_inplace", "tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        logits = T.match_buffer(logits_, (1, vocab), "float32")
        sequences = T.match_buffer(sequences_, (n,), "int32")
        mask = T.match_buffer(mask_, (1, words), "int32")
        for by in T.thread_binding(n, thread="blockIdx.y"):
            for bx in T.thread_binding(vocab // THREADS, thread="blockIdx.x"):
                for tx in T.thread_binding(THREADS, thread="threadIdx.x"):
                    with T.sblock("mask"):
                        s = T.axis.spatial(n, by)
                        token = T.axis.spatial(vocab, bx * THREADS + tx)
                        if T.bitwise_and(T.shift_right(mask[sequences[s], token // 32], token % 32), 1) == 0:
                            logits[sequences[s], token] = T.float32(LOWEST)

    @T.prim_func(s_tir=True)
    def apply_logit_bias_inplace(logits_: T.handle, positions_: T.handle, tokens_: T.handle, bias_: T.handle):
        T.func_attr({"global_symbol": "apply_logit_bias_inplace", "tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        logits = T.match_buffer(logits_, (1, vocab), "float32")
        positions = T.match_buffer(positions_, (n,), "int32")
        tokens = T.match_buffer(tokens_, (n,), "int32")
        bias = T.match_buffer(bias_, (n,), "float32")
        for bx in T.thread_binding((n + THREADS - 1) // THREADS, thread="blockIdx.x"):
            for tx in T.thread_binding(THREADS, thread="threadIdx.x"):
                with T.sblock("bias"):
                    i = T.axis.spatial(n, bx * THREADS + tx)
                    T.where(bx * THREADS + tx < n)
                    logits[positions[i], tokens[i]] = logits[positions[i], tokens[i]] + bias[i]

    @T.prim_func(s_tir=True)
    def apply_penalty_inplace(
        logits_: T.handle, sequences_: T.handle, positions_: T.handle, tokens_: T.handle, counts_: T.handle,
        penalties_: T.handle,
    ):  # penalties: presence, frequency, repetition
        T.func_attr({"global_symbol": "apply_penalty_inplace", "tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        m = T.int32()
        logits = T.match_buffer(logits_, (1, vocab), "float32")
        sequences = T.match_buffer(sequences_, (m,), "int32")
        positions = T.match_buffer(positions_, (n,), "int32")
        tokens = T.match_buffer(tokens_, (n,), "int32")
        counts = T.match_buffer(counts_, (n,), "int32")
        penalties = T.match_buffer(penalties_, (m, 3), "float32")
        for bx in T.thread_binding((n + THREADS - 1) // THREADS, thread="blockIdx.x"):
            for tx in T.thread_binding(THREADS, thread="threadIdx.x"):
                with T.sblock("penalty"):
                    i = T.axis.spatial(n, bx * THREADS + tx)
                    T.where(bx * THREADS + tx < n)
                    logits[sequences[positions[i]], tokens[i]] = logits[sequences[positions[i]], tokens[i]] - (
                        penalties[positions[i], 0] + T.Cast("float32", counts[i]) * penalties[positions[i], 1]
                    )
                    logits[sequences[positions[i]], tokens[i]] = T.if_then_else(
                        logits[sequences[positions[i]], tokens[i]] > T.float32(0),
                        logits[sequences[positions[i]], tokens[i]] / penalties[positions[i], 2],
                        logits[sequences[positions[i]], tokens[i]] * penalties[positions[i], 2],
                    )

    kernels = (apply_bitmask_inplace, apply_logit_bias_inplace, apply_penalty_inplace)
    return {kernel.attrs["global_symbol"]: kernel for kernel in kernels}


def sample_top_p():
    """Draws from the smallest set of likeliest tokens whose probabilities reach `top_p`."""

    @T.prim_func(private=True, s_tir=True)
    def sample(
        probabilities_: T.handle, tokens_: T.handle, uniform_: T.handle, rows_: T.handle, top_p_: T.handle,
        chosen_: T.handle,
    ):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        k = T.int32()
        probabilities = T.match_buffer(probabilities_, (1, k), "float32")
        tokens = T.match_buffer(tokens_, (1, k), "int32")
        uniform = T.match_buffer(uniform_, (1,), "float32")
        rows = T.match_buffer(rows_, (1,), "int32")
        top_p = T.match_buffer(top_p_, (1,), "float32")
        chosen = T.match_buffer(chosen_, (1,), "int32")
        for bx in T.thread_binding(1, thread="blockIdx.x"):
            for tx in T.thread_binding(1, thread="threadIdx.x"):
                with T.sblock("sample"):
                    mass = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    aim = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    i = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    mass[0] = T.float32(0)
                    i[0] = 0
                    while T.And(i[0] < k, mass[0] < top_p[0]):
                        mass[0] = mass[0] + probabilities[0, i[0]]
                        i[0] = i[0] + 1
                    aim[0] = mass[0] * uniform[0]
                    mass[0] = probabilities[0, 0]
                    i[0] = 0
                    while T.And(i[0] < k - 1, mass[0] <= aim[0]):
                        i[0] = i[0] + 1
                        mass[0] = mass[0] + probabilities[0, i[0]]
                    chosen[0] = tokens[0, i[0]]

    return sample
