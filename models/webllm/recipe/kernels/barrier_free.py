"""Matrix products without workgroup memory: every thread owns a small tile, so a software adapter pays for no barrier.

Multiply and add are written apart: `fma()` is a library call for each lane on SwiftShader.
"""
from tvm.script import tirx as T

from .numbers import half_at, high_half, low_half, nibble, signed_byte

GROUP = 32
ROWS = 8
"""Output rows of a thread, one from each eighth of the matrix, so that neighbouring threads read neighbouring words."""
TOKENS = 8
"""Tokens of a thread while a prompt is read."""
THREADS = 8


def q4_matmul(rows: int, columns: int, one_token: bool, residual: bool):
    """o[0, t, r] = Σ x[0, t, k] · w[r, k] (+ residual[0, t, r]), with w in blocks of 4 bits."""
    tokens = 1 if one_token else TOKENS
    stride = rows // ROWS
    blocks = (stride + THREADS - 1) // THREADS
    unrolled = T.unroll if one_token else T.serial

    @T.macro
    def tile(x, q, s, add, o, n, token, row):
        acc = T.sblock_alloc_buffer((tokens * ROWS,), "float32", scope="local")
        part = T.sblock_alloc_buffer((tokens * ROWS,), "float32", scope="local")
        packed = T.sblock_alloc_buffer((ROWS,), "uint32", scope="local")
        scale = T.sblock_alloc_buffer((ROWS,), "float32", scope="local")
        least = T.sblock_alloc_buffer((ROWS,), "float32", scope="local")
        value = T.sblock_alloc_buffer((tokens,), "float32", scope="local")
        total = T.sblock_alloc_buffer((tokens,), "float32", scope="local")
        product = T.sblock_alloc_buffer((2,), "float32", scope="local")
        if row < stride:
            for i in T.unroll(tokens * ROWS):
                acc[i] = T.float32(0)
            for g in T.serial(columns // GROUP):
                for r in T.unroll(ROWS):
                    packed[r] = s[g, row + r * stride]
                    scale[r] = low_half(packed[r])
                    least[r] = high_half(packed[r])
                for i in T.unroll(tokens):
                    total[i] = T.float32(0)
                    for r in T.unroll(ROWS):
                        part[i * ROWS + r] = T.float32(0)
                for k in T.serial(GROUP // 8):
                    for r in T.unroll(ROWS):
                        packed[r] = q[g * (GROUP // 8) + k, row + r * stride]
                    for e in unrolled(8):
                        for i in T.unroll(tokens):
                            value[i] = x[0, T.min(token + i, n - 1), g * GROUP + k * 8 + e]
                            total[i] = total[i] + value[i]
                        for r in T.unroll(ROWS):
                            product[0] = nibble(packed[r], e)
                            for i in T.unroll(tokens):
                                product[1] = product[0] * value[i]
                                part[i * ROWS + r] = part[i * ROWS + r] + product[1]
                for i in T.unroll(tokens):
                    for r in T.unroll(ROWS):
                        product[0] = part[i * ROWS + r] * scale[r]
                        product[1] = total[i] * least[r]
                        acc[i * ROWS + r] = acc[i * ROWS + r] + product[0]
                        acc[i * ROWS + r] = acc[i * ROWS + r] + product[1]
            for i in T.unroll(tokens):
                if token + i < n:
                    for r in T.unroll(ROWS):
                        if residual:
                            o[0, token + i, row + r * stride] = acc[i * ROWS + r] + add[0, token + i, row + r * stride]
                        else:
                            o[0, token + i, row + r * stride] = acc[i * ROWS + r]

    @T.prim_func(private=True, s_tir=True)
    def plain(x_: T.handle, q_: T.handle, s_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        x = T.match_buffer(x_, (1, n, columns), "float32")
        q = T.match_buffer(q_, (columns // 8, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP, rows), "uint32")
        o = T.match_buffer(o_, (1, n, rows), "float32")
        for by in T.thread_binding((n + tokens - 1) // tokens, thread="blockIdx.y"):
            for bx in T.thread_binding(blocks, thread="blockIdx.x"):
                for tx in T.thread_binding(THREADS, thread="threadIdx.x"):
                    with T.sblock("product"):
                        vy, vx, vt = T.axis.remap("SSS", [by, bx, tx])
                        T.reads(x[0, 0:n, 0:columns], q[0 : columns // 8, 0:rows], s[0 : columns // GROUP, 0:rows])
                        T.writes(o[0, 0:n, 0:rows])
                        tile(x, q, s, o, o, n, vy * tokens, vx * THREADS + vt)

    @T.prim_func(private=True, s_tir=True)
    def added(x_: T.handle, q_: T.handle, s_: T.handle, r_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        x = T.match_buffer(x_, (1, n, columns), "float32")
        q = T.match_buffer(q_, (columns // 8, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP, rows), "uint32")
        add = T.match_buffer(r_, (1, n, rows), "float32")
        o = T.match_buffer(o_, (1, n, rows), "float32")
        for by in T.thread_binding((n + tokens - 1) // tokens, thread="blockIdx.y"):
            for bx in T.thread_binding(blocks, thread="blockIdx.x"):
                for tx in T.thread_binding(THREADS, thread="threadIdx.x"):
                    with T.sblock("product"):
                        vy, vx, vt = T.axis.remap("SSS", [by, bx, tx])
                        T.reads(
                            x[0, 0:n, 0:columns],
                            q[0 : columns // 8, 0:rows],
                            s[0 : columns // GROUP, 0:rows],
                            add[0, 0:n, 0:rows],
                        )
                        T.writes(o[0, 0:n, 0:rows])
                        tile(x, q, s, add, o, n, vy * tokens, vx * THREADS + vt)

    return added if residual else plain


def q8_matvec(rows: int, columns: int):
    """Logits of one token: o[0, 0, r] = Σ x[0, 0, k] · w[r, k], with w in blocks of 8 bits."""
    per_thread, threads = 4, 64
    stride = rows // per_thread
    blocks = (stride + threads - 1) // threads

    @T.prim_func(private=True, s_tir=True)
    def matvec(x_: T.handle, q_: T.handle, s_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        x = T.match_buffer(x_, (1, 1, columns), "float32")
        q = T.match_buffer(q_, (columns // 4, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP // 2, rows), "uint32")
        o = T.match_buffer(o_, (1, 1, rows), "float32")
        for bx in T.thread_binding(blocks, thread="blockIdx.x"):
            for tx in T.thread_binding(threads, thread="threadIdx.x"):
                with T.sblock("product"):
                    vx, vt = T.axis.remap("SS", [bx, tx])
                    T.reads(x[0, 0, 0:columns], q[0 : columns // 4, 0:rows], s[0 : columns // GROUP // 2, 0:rows])
                    T.writes(o[0, 0, 0:rows])
                    acc = T.sblock_alloc_buffer((per_thread,), "float32", scope="local")
                    part = T.sblock_alloc_buffer((per_thread,), "float32", scope="local")
                    packed = T.sblock_alloc_buffer((per_thread,), "uint32", scope="local")
                    product = T.sblock_alloc_buffer((2,), "float32", scope="local")
                    if vx * threads + vt < stride:
                        for r in T.unroll(per_thread):
                            acc[r] = T.float32(0)
                        for pair in T.serial(columns // GROUP // 2):
                            for side in T.unroll(2):
                                for r in T.unroll(per_thread):
                                    part[r] = T.float32(0)
                                for k in T.serial(GROUP // 4):
                                    for r in T.unroll(per_thread):
                                        packed[r] = q[(pair * 2 + side) * (GROUP // 4) + k, vx * threads + vt + r * stride]
                                    for e in T.unroll(4):
                                        product[0] = x[0, 0, (pair * 2 + side) * GROUP + k * 4 + e]
                                        for r in T.unroll(per_thread):
                                            product[1] = signed_byte(packed[r], e) * product[0]
                                            part[r] = part[r] + product[1]
                                for r in T.unroll(per_thread):
                                    acc[r] = acc[r] + part[r] * half_at(s[pair, vx * threads + vt + r * stride], side)
                        for r in T.unroll(per_thread):
                            o[0, 0, vx * threads + vt + r * stride] = acc[r]

    return matvec
