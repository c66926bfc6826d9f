"""Matrix products for real GPUs: threads of a workgroup share what they read and add up their parts."""
from tvm.script import tirx as T

from .numbers import half_at, high_half, low_half, nibble, signed_byte

GROUP = 32
LANES = 32
"""Neighbouring threads take neighbouring rows, whose words lie side by side."""
SLICES = 8
"""Threads that share a row; each takes every eighth block of it."""
TILE_ROWS, TILE_TOKENS = 64, 32
ACROSS, DOWN = 16, 8
"""Threads of a tile; each computes 4 rows of 4 tokens."""
MINE = 4


def q4_matmul(rows: int, columns: int, one_token: bool, residual: bool):
    """o[0, t, r] = Σ x[0, t, k] · w[r, k] (+ residual[0, t, r]), with w in blocks of 4 bits."""
    if rows % TILE_ROWS != 0:
        raise ValueError(f"the kernels need a number of rows that {TILE_ROWS} divides, not {rows}")
    make = one_token_product if one_token else tiled_product
    return make(rows, columns, residual)


def one_token_product(rows: int, columns: int, residual: bool):
    blocks = columns // GROUP

    @T.macro
    def product(x, q, s, add, o, row, slice_):
        part = T.sblock_alloc_buffer((3,), "float32", scope="local")
        packed = T.sblock_alloc_buffer((1,), "uint32", scope="local")
        parts = T.sblock_alloc_buffer((SLICES, LANES), "float32", scope="shared")
        lane: T.let[T.int32] = row % LANES
        part[0] = T.float32(0)
        for step in T.serial((blocks + SLICES - 1) // SLICES):
            if step * SLICES + slice_ < blocks:
                g: T.let[T.int32] = step * SLICES + slice_
                part[1] = T.float32(0)
                part[2] = T.float32(0)
                for k in T.unroll(GROUP // 8):
                    packed[0] = q[g * (GROUP // 8) + k, row]
                    for e in T.unroll(8):
                        part[1] = part[1] + nibble(packed[0], e) * x[0, 0, g * GROUP + k * 8 + e]
                        part[2] = part[2] + x[0, 0, g * GROUP + k * 8 + e]
                packed[0] = s[g, row]
                part[0] = part[0] + part[1] * low_half(packed[0]) + part[2] * high_half(packed[0])
        parts[slice_, lane] = part[0]
        T.tvm_storage_sync("shared")
        if slice_ == 0:
            for other in T.unroll(1, SLICES):
                part[0] = part[0] + parts[other, lane]
            if residual:
                o[0, 0, row] = part[0] + add[0, 0, row]
            else:
                o[0, 0, row] = part[0]

    @T.prim_func(private=True, s_tir=True)
    def plain(x_: T.handle, q_: T.handle, s_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        x = T.match_buffer(x_, (1, 1, columns), "float32")
        q = T.match_buffer(q_, (columns // 8, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP, rows), "uint32")
        o = T.match_buffer(o_, (1, 1, rows), "float32")
        for bx in T.thread_binding(rows // LANES, thread="blockIdx.x"):
            for ty in T.thread_binding(SLICES, thread="threadIdx.y"):
                for tx in T.thread_binding(LANES, thread="threadIdx.x"):
                    with T.sblock("product"):
                        vx, vy, vt = T.axis.remap("SSS", [bx, ty, tx])
                        T.reads(x[0, 0, 0:columns], q[0 : columns // 8, 0:rows], s[0:blocks, 0:rows])
                        T.writes(o[0, 0, 0:rows])
                        product(x, q, s, o, o, vx * LANES + vt, vy)

    @T.prim_func(private=True, s_tir=True)
    def added(x_: T.handle, q_: T.handle, s_: T.handle, r_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        x = T.match_buffer(x_, (1, 1, columns), "float32")
        q = T.match_buffer(q_, (columns // 8, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP, rows), "uint32")
        add = T.match_buffer(r_, (1, 1, rows), "float32")
        o = T.match_buffer(o_, (1, 1, rows), "float32")
        for bx in T.thread_binding(rows // LANES, thread="blockIdx.x"):
            for ty in T.thread_binding(SLICES, thread="threadIdx.y"):
                for tx in T.thread_binding(LANES, thread="threadIdx.x"):
                    with T.sblock("product"):
                        vx, vy, vt = T.axis.remap("SSS", [bx, ty, tx])
                        T.reads(x[0, 0, 0:columns], q[0 : columns // 8, 0:rows], s[0:blocks, 0:rows], add[0, 0, 0:rows])
                        T.writes(o[0, 0, 0:rows])
                        product(x, q, s, add, o, vx * LANES + vt, vy)

    return added if residual else plain


def tiled_product(rows: int, columns: int, residual: bool):
    threads = ACROSS * DOWN

    @T.macro
    def tile(x, q, s, add, o, n, first_token, first_row, down, across):
        inputs = T.sblock_alloc_buffer((TILE_TOKENS, GROUP), "float32", scope="shared")
        weights = T.sblock_alloc_buffer((GROUP, TILE_ROWS), "float32", scope="shared")
        acc = T.sblock_alloc_buffer((MINE, MINE), "float32", scope="local")
        left = T.sblock_alloc_buffer((MINE,), "float32", scope="local")
        right = T.sblock_alloc_buffer((MINE,), "float32", scope="local")
        packed = T.sblock_alloc_buffer((2,), "uint32", scope="local")
        thread: T.let[T.int32] = down * ACROSS + across
        for i in T.unroll(MINE):
            for j in T.unroll(MINE):
                acc[i, j] = T.float32(0)
        for g in T.serial(columns // GROUP):
            for step in T.serial(TILE_TOKENS * GROUP // threads):
                token: T.let[T.int32] = (step * threads + thread) // GROUP
                k: T.let[T.int32] = (step * threads + thread) % GROUP
                inputs[token, k] = x[0, T.min(first_token + token, n - 1), g * GROUP + k]
            for step in T.serial(TILE_ROWS * (GROUP // 8) // threads):
                row: T.let[T.int32] = (step * threads + thread) % TILE_ROWS
                of_block: T.let[T.int32] = (step * threads + thread) // TILE_ROWS
                packed[0] = q[g * (GROUP // 8) + of_block, first_row + row]
                packed[1] = s[g, first_row + row]
                for e in T.unroll(8):
                    weights[of_block * 8 + e, row] = nibble(packed[0], e) * low_half(packed[1]) + high_half(packed[1])
            T.tvm_storage_sync("shared")
            for k in T.serial(GROUP):
                for i in T.unroll(MINE):
                    left[i] = inputs[i * DOWN + down, k]
                    right[i] = weights[k, i * ACROSS + across]
                for i in T.unroll(MINE):
                    for j in T.unroll(MINE):
                        acc[i, j] = acc[i, j] + left[i] * right[j]
            T.tvm_storage_sync("shared")
        for i in T.unroll(MINE):
            if first_token + i * DOWN + down < n:
                for j in T.unroll(MINE):
                    t: T.let[T.int32] = first_token + i * DOWN + down
                    r: T.let[T.int32] = first_row + j * ACROSS + across
                    if residual:
                        o[0, t, r] = acc[i, j] + add[0, t, r]
                    else:
                        o[0, t, r] = acc[i, j]

    @T.prim_func(private=True, s_tir=True)
    def plain(x_: T.handle, q_: T.handle, s_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        x = T.match_buffer(x_, (1, n, columns), "float32")
        q = T.match_buffer(q_, (columns // 8, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP, rows), "uint32")
        o = T.match_buffer(o_, (1, n, rows), "float32")
        for by in T.thread_binding((n + TILE_TOKENS - 1) // TILE_TOKENS, thread="blockIdx.y"):
            for bx in T.thread_binding(rows // TILE_ROWS, thread="blockIdx.x"):
                for ty in T.thread_binding(DOWN, thread="threadIdx.y"):
                    for tx in T.thread_binding(ACROSS, thread="threadIdx.x"):
                        with T.sblock("product"):
                            vy, vx, down, across = T.axis.remap("SSSS", [by, bx, ty, tx])
                            T.reads(x[0, 0:n, 0:columns], q[0 : columns // 8, 0:rows], s[0 : columns // GROUP, 0:rows])
                            T.writes(o[0, 0:n, 0:rows])
                            tile(x, q, s, o, o, n, vy * TILE_TOKENS, vx * TILE_ROWS, down, across)

    @T.prim_func(private=True, s_tir=True)
    def added(x_: T.handle, q_: T.handle, s_: T.handle, r_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        n = T.int32()
        x = T.match_buffer(x_, (1, n, columns), "float32")
        q = T.match_buffer(q_, (columns // 8, rows), "uint32")
        s = T.match_buffer(s_, (columns // GROUP, rows), "uint32")
        add = T.match_buffer(r_, (1, n, rows), "float32")
        o = T.match_buffer(o_, (1, n, rows), "float32")
        for by in T.thread_binding((n + TILE_TOKENS - 1) // TILE_TOKENS, thread="blockIdx.y"):
            for bx in T.thread_binding(rows // TILE_ROWS, thread="blockIdx.x"):
                for ty in T.thread_binding(DOWN, thread="threadIdx.y"):
                    for tx in T.thread_binding(ACROSS, thread="threadIdx.x"):
                        with T.sblock("product"):
                            vy, vx, down, across = T.axis.remap("SSSS", [by, bx, ty, tx])
                            T.reads(
                                x[0, 0:n, 0:columns],
                                q[0 : columns // 8, 0:rows],
                                s[0 : columns // GROUP, 0:rows],
                                add[0, 0:n, 0:rows],
                            )
                            T.writes(o[0, 0:n, 0:rows])
                            tile(x, q, s, add, o, n, vy * TILE_TOKENS, vx * TILE_ROWS, down, across)

    return added if residual else plain


def q8_matvec(rows: int, columns: int):
    """Logits of one token: o[0, 0, r] = Σ x[0, 0, k] · w[r, k], with w in blocks of 8 bits."""
    blocks = columns // GROUP

    @T.prim_func(private=True, s_tir=True)
    def matvec(x_: T.handle, q_: T.handle, s_: T.handle, o_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        x = T.match_buffer(x_, (1, 1, columns), "float32")
        q = T.match_buffer(q_, (columns // 4, rows), "uint32")
        s = T.match_buffer(s_, (blocks // 2, rows), "uint32")
        o = T.match_buffer(o_, (1, 1, rows), "float32")
        for bx in T.thread_binding(rows // LANES, thread="blockIdx.x"):
            for ty in T.thread_binding(SLICES, thread="threadIdx.y"):
                for tx in T.thread_binding(LANES, thread="threadIdx.x"):
                    with T.sblock("product"):
                        vx, slice_, lane = T.axis.remap("SSS", [bx, ty, tx])
                        T.reads(x[0, 0, 0:columns], q[0 : columns // 4, 0:rows], s[0 : blocks // 2, 0:rows])
                        T.writes(o[0, 0, 0:rows])
                        part = T.sblock_alloc_buffer((2,), "float32", scope="local")
                        packed = T.sblock_alloc_buffer((1,), "uint32", scope="local")
                        parts = T.sblock_alloc_buffer((SLICES, LANES), "float32", scope="shared")
                        row: T.let[T.int32] = vx * LANES + lane
                        part[0] = T.float32(0)
                        for step in T.serial((blocks + SLICES - 1) // SLICES):
                            if step * SLICES + slice_ < blocks:
                                g: T.let[T.int32] = step * SLICES + slice_
                                part[1] = T.float32(0)
                                for k in T.unroll(GROUP // 4):
                                    packed[0] = q[g * (GROUP // 4) + k, row]
                                    for e in T.unroll(4):
                                        part[1] = part[1] + signed_byte(packed[0], e) * x[0, 0, g * GROUP + k * 4 + e]
                                part[0] = part[0] + part[1] * half_at(s[g // 2, row], g % 2)
                        parts[slice_, lane] = part[0]
                        T.tvm_storage_sync("shared")
                        if slice_ == 0:
                            for other in T.unroll(1, SLICES):
                                part[0] = part[0] + parts[other, lane]
                            o[0, 0, row] = part[0]

    return matvec
