"""Joins the attention over the cache with that over the new piece. Own, because TVM's has a race (README: "Traps")."""
from tvm.script import tirx as T


def merge_state(heads: int, width: int):
    """One thread owns one head of one token: nothing is read after another thread wrote it."""

    @T.prim_func(s_tir=True)
    def merge_state_inplace(v_: T.handle, s_: T.handle, v_other_: T.handle, s_other_: T.handle):
        T.func_attr({"tirx.is_scheduled": True})
        n = T.int32()
        v = T.match_buffer(v_, (n, heads, width), "float32")
        s = T.match_buffer(s_, (n, heads), "float32")
        v_other = T.match_buffer(v_other_, (n, heads, width), "float32")
        s_other = T.match_buffer(s_other_, (n, heads), "float32")
        for bx in T.thread_binding(n, thread="blockIdx.x"):
            for tx in T.thread_binding(heads, thread="threadIdx.x"):
                with T.sblock("merge"):
                    row, head = T.axis.remap("SS", [bx, tx])
                    T.reads()
                    T.writes()
                    largest = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    mine = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    other = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    largest[0] = T.max(s[row, head], s_other[row, head])
                    mine[0] = T.exp2(s[row, head] - largest[0])
                    other[0] = T.exp2(s_other[row, head] - largest[0])
                    for i in T.serial(width):
                        v[row, head, i] = (v[row, head, i] * mine[0] + v_other[row, head, i] * other[0]) / (
                            mine[0] + other[0]
                        )
                    s[row, head] = T.log2(mine[0] + other[0]) + largest[0]

    return merge_state_inplace
