"""Attention without workgroup memory: one thread follows one head of one token over all keys (online softmax).

Loops stay loops: unrolled over the head's width these kernels take minutes to compile on a software adapter and lose the
device. Signatures are those that TVM's paged cache calls; rotation is done before, there is one sequence, no sliding window.
"""
import math

from tvm.script import tirx as T

LOG2_E = math.log2(math.e)
LOWEST = -5e4
"""Below every score; what TVM's own kernels start from."""
LEAST_TOTAL = 1e-30
PAGE = 16
"""Positions of a page of the cache."""
MAXIMUM, TOTAL, SCORE, FACTOR, PRODUCT = range(5)
"""What `state` holds: largest score so far, sum of the weights, this score, a factor, a product."""


def steps(width: int):
    """The parts that all three kernels share. Scores are in base 2, as TVM's merge of two results expects."""

    @T.macro
    def start(q, query, mixed, state, row, head, sm_scale):
        state[MAXIMUM] = T.float32(LOWEST)
        state[TOTAL] = T.float32(0)
        for i in T.serial(width):
            query[i] = q[row, head, i] * sm_scale * T.float32(LOG2_E)
            mixed[i] = T.float32(0)

    @T.macro
    def weigh(mixed, state):
        if state[SCORE] > state[MAXIMUM]:
            state[FACTOR] = T.exp2(state[MAXIMUM] - state[SCORE])
            state[MAXIMUM] = state[SCORE]
            state[TOTAL] = state[TOTAL] * state[FACTOR]
            for i in T.serial(width):
                mixed[i] = mixed[i] * state[FACTOR]
        state[FACTOR] = T.exp2(state[SCORE] - state[MAXIMUM])
        state[TOTAL] = state[TOTAL] + state[FACTOR]

    @T.macro
    def finish(output, lse, mixed, state, row, head):
        state[TOTAL] = T.max(state[TOTAL], T.float32(LEAST_TOTAL))
        for i in T.serial(width):
            output[row, head, i] = mixed[i] / state[TOTAL]
        lse[row, head] = state[MAXIMUM] + T.log2(state[TOTAL])

    @T.macro
    def over_pages(pages, page_values, first_page, length, kv_head, query, mixed, state):
        for c in T.serial(length):
            page: T.let[T.int32] = page_values[first_page + c // PAGE]
            state[SCORE] = T.float32(0)
            for i in T.serial(width):
                state[PRODUCT] = query[i] * pages[page, 0, kv_head, c % PAGE, i]
                state[SCORE] = state[SCORE] + state[PRODUCT]
            weigh(mixed, state)
            for i in T.serial(width):
                state[PRODUCT] = state[FACTOR] * pages[page, 1, kv_head, c % PAGE, i]
                mixed[i] = mixed[i] + state[PRODUCT]

    return start, weigh, finish, over_pages


def cached_length(page_indptr, length_info, sequence):
    """Positions in the cache: whole pages and what is used of the last."""
    used = page_indptr[sequence + 1] - page_indptr[sequence]
    return T.if_then_else(used > 0, (used - 1) * PAGE + length_info[sequence], 0)


def prefill_ragged(kv_heads: int, heads: int, width: int):
    """A piece of the prompt attends to itself."""
    group, threads = heads // kv_heads, 16
    start, weigh, finish, _ = steps(width)

    @T.prim_func(s_tir=True)
    def batch_prefill_ragged_kv(
        q_: T.handle, q_indptr_: T.handle, k_: T.handle, v_: T.handle, kv_indptr_: T.handle, q_position_: T.handle,
        k_offset_: T.handle, output_: T.handle, lse_: T.handle,
        causal: T.int32, rotary_mode: T.int32, rope_scale: T.float32, rope_theta: T.float32, sm_scale: T.float32,
    ):
        T.func_attr({"tirx.is_scheduled": True})
        batch = T.int32()
        n = T.int32()
        m = T.int32()
        o1 = T.int32()
        o2 = T.int32()
        o3 = T.int32()
        o4 = T.int32()
        q = T.match_buffer(q_, (n, heads, width), "float32")
        q_indptr = T.match_buffer(q_indptr_, (batch + 1,), "int32", elem_offset=o1)
        k = T.match_buffer(k_, (m, kv_heads, width), "float32")
        v = T.match_buffer(v_, (m, kv_heads, width), "float32")
        kv_indptr = T.match_buffer(kv_indptr_, (batch + 1,), "int32", elem_offset=o2)
        q_position = T.match_buffer(q_position_, (n,), "int32", elem_offset=o3)
        k_offset = T.match_buffer(k_offset_, (batch,), "int32", elem_offset=o4)
        output = T.match_buffer(output_, (n, heads, width), "float32")
        lse = T.match_buffer(lse_, (n, heads), "float32")
        for by in T.thread_binding(heads, thread="blockIdx.y"):
            for bx in T.thread_binding((n + threads - 1) // threads, thread="blockIdx.x"):
                for tx in T.thread_binding(threads, thread="threadIdx.x"):
                    with T.sblock("attention"):
                        head, vx, vt = T.axis.remap("SSS", [by, bx, tx])
                        T.reads()
                        T.writes()
                        query = T.sblock_alloc_buffer((width,), "float32", scope="local")
                        mixed = T.sblock_alloc_buffer((width,), "float32", scope="local")
                        state = T.sblock_alloc_buffer((5,), "float32", scope="local")
                        if vx * threads + vt < n:
                            row: T.let[T.int32] = vx * threads + vt
                            start(q, query, mixed, state, row, head, sm_scale)
                            for c in T.serial(T.if_then_else(causal > 0, m - n + row + 1, m)):
                                state[SCORE] = T.float32(0)
                                for i in T.serial(width):
                                    state[PRODUCT] = query[i] * k[c, head // group, i]
                                    state[SCORE] = state[SCORE] + state[PRODUCT]
                                weigh(mixed, state)
                                for i in T.serial(width):
                                    state[PRODUCT] = state[FACTOR] * v[c, head // group, i]
                                    mixed[i] = mixed[i] + state[PRODUCT]
                            finish(output, lse, mixed, state, row, head)

    return batch_prefill_ragged_kv


def prefill_paged(kv_heads: int, heads: int, width: int):
    """A piece of the prompt attends to what the cache holds."""
    group, threads = heads // kv_heads, 16
    start, _, finish, over_pages = steps(width)

    @T.prim_func(s_tir=True)
    def batch_prefill_paged_kv(
        q_: T.handle, q_indptr_: T.handle, pages_: T.handle, page_indptr_: T.handle, page_values_: T.handle,
        length_: T.handle, k_offset_: T.handle, q_position_: T.handle, output_: T.handle, lse_: T.handle,
        causal: T.int32, rotary_mode: T.int32, rope_scale: T.float32, rope_theta: T.float32, sm_scale: T.float32,
    ):
        T.func_attr({"tirx.is_scheduled": True})
        batch = T.int32()
        n = T.int32()
        used_pages = T.int32()
        all_pages = T.int32()
        first = T.int64()
        o1 = T.int32()
        o2 = T.int32()
        o3 = T.int32()
        o4 = T.int32()
        o5 = T.int32()
        o6 = T.int32()
        q = T.match_buffer(q_, (n, heads, width), "float32")
        q_indptr = T.match_buffer(q_indptr_, (batch + 1,), "int32", elem_offset=o1)
        pages = T.match_buffer(pages_, (all_pages, 2, kv_heads, PAGE, width), "float32", elem_offset=first)
        page_indptr = T.match_buffer(page_indptr_, (batch + 1,), "int32", elem_offset=o2)
        page_values = T.match_buffer(page_values_, (used_pages,), "int32", elem_offset=o3)
        length = T.match_buffer(length_, (batch,), "int32", elem_offset=o4)
        k_offset = T.match_buffer(k_offset_, (batch,), "int32", elem_offset=o5)
        q_position = T.match_buffer(q_position_, (n,), "int32", elem_offset=o6)
        output = T.match_buffer(output_, (n, heads, width), "float32")
        lse = T.match_buffer(lse_, (n, heads), "float32")
        for by in T.thread_binding(heads, thread="blockIdx.y"):
            for bx in T.thread_binding((n + threads - 1) // threads, thread="blockIdx.x"):
                for tx in T.thread_binding(threads, thread="threadIdx.x"):
                    with T.sblock("attention"):
                        head, vx, vt = T.axis.remap("SSS", [by, bx, tx])
                        T.reads()
                        T.writes()
                        query = T.sblock_alloc_buffer((width,), "float32", scope="local")
                        mixed = T.sblock_alloc_buffer((width,), "float32", scope="local")
                        state = T.sblock_alloc_buffer((5,), "float32", scope="local")
                        seen = T.sblock_alloc_buffer((1,), "int32", scope="local")
                        if vx * threads + vt < n:
                            row: T.let[T.int32] = vx * threads + vt
                            seen[0] = cached_length(page_indptr, length, 0)
                            if causal > 0:
                                seen[0] = seen[0] - n + row + 1
                            start(q, query, mixed, state, row, head, sm_scale)
                            over_pages(pages, page_values, page_indptr[0], seen[0], head // group, query, mixed, state)
                            finish(output, lse, mixed, state, row, head)

    return batch_prefill_paged_kv


def decode_paged(kv_heads: int, heads: int, width: int):
    """One new token attends to what the cache holds."""
    group, threads = heads // kv_heads, 4
    start, _, finish, over_pages = steps(width)

    @T.prim_func(s_tir=True)
    def batch_decode_paged_kv(
        q_: T.handle, pages_: T.handle, page_indptr_: T.handle, page_values_: T.handle, length_: T.handle,
        k_offset_: T.handle, q_position_: T.handle, output_: T.handle, lse_: T.handle,
        rotary_mode: T.int32, rope_scale: T.float32, rope_theta: T.float32, sm_scale: T.float32,
    ):
        T.func_attr({"tirx.is_scheduled": True})
        batch = T.int32()
        used_pages = T.int32()
        all_pages = T.int32()
        first = T.int64()
        o1 = T.int32()
        o2 = T.int32()
        o3 = T.int32()
        o4 = T.int32()
        o5 = T.int32()
        q = T.match_buffer(q_, (batch, heads, width), "float32")
        pages = T.match_buffer(pages_, (all_pages, 2, kv_heads, PAGE, width), "float32", elem_offset=first)
        page_indptr = T.match_buffer(page_indptr_, (batch + 1,), "int32", elem_offset=o1)
        page_values = T.match_buffer(page_values_, (used_pages,), "int32", elem_offset=o2)
        k_offset = T.match_buffer(k_offset_, (batch,), "int32", elem_offset=o3)
        q_position = T.match_buffer(q_position_, (batch,), "int32", elem_offset=o4)
        output = T.match_buffer(output_, (batch, heads, width), "float32")
        lse = T.match_buffer(lse_, (batch, heads), "float32")
        length = T.match_buffer(length_, (batch,), "int32", elem_offset=o5)
        for by in T.thread_binding(batch, thread="blockIdx.y"):
            for bx in T.thread_binding((heads + threads - 1) // threads, thread="blockIdx.x"):
                for tx in T.thread_binding(threads, thread="threadIdx.x"):
                    with T.sblock("attention"):
                        row, vx, vt = T.axis.remap("SSS", [by, bx, tx])
                        T.reads()
                        T.writes()
                        query = T.sblock_alloc_buffer((width,), "float32", scope="local")
                        mixed = T.sblock_alloc_buffer((width,), "float32", scope="local")
                        state = T.sblock_alloc_buffer((5,), "float32", scope="local")
                        seen = T.sblock_alloc_buffer((1,), "int32", scope="local")
                        if vx * threads + vt < heads:
                            head: T.let[T.int32] = vx * threads + vt
                            seen[0] = cached_length(page_indptr, length, row)
                            start(q, query, mixed, state, row, head, sm_scale)
                            over_pages(pages, page_values, page_indptr[row], seen[0], head // group, query, mixed, state)
                            finish(output, lse, mixed, state, row, head)

    return batch_decode_paged_kv
