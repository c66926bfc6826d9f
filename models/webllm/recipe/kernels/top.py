"""The 64 likeliest tokens in order. Own, because TVM's sort binds `blockIdx.z`, which WebGPU code cannot (README: "Traps").

The vocabulary is seen as 64 rows of V / 64 columns. First each column's largest is found; then, 64 times, the largest of
these is taken and its column gets its next one. Equal probabilities: the lower token first.
"""
from tvm.script import tirx as T

TOP = 64
ROWS = 64
BELOW_ALL = -1.0


def column_best(vocab: int):
    """Largest probability of each column, and its token."""
    columns, threads = vocab // ROWS, 32

    @T.prim_func(private=True, s_tir=True)
    def best(probabilities_: T.handle, values_: T.handle, tokens_: T.handle):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        probabilities = T.match_buffer(probabilities_, (1, vocab), "float32")
        values = T.match_buffer(values_, (1, columns), "float32")
        tokens = T.match_buffer(tokens_, (1, columns), "int32")
        for bx in T.thread_binding((columns + threads - 1) // threads, thread="blockIdx.x"):
            for tx in T.thread_binding(threads, thread="threadIdx.x"):
                with T.sblock("best"):
                    vx, vt = T.axis.remap("SS", [bx, tx])
                    T.reads(probabilities[0, 0:vocab])
                    T.writes(values[0, 0:columns], tokens[0, 0:columns])
                    value = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    token = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    if vx * threads + vt < columns:
                        value[0] = T.float32(BELOW_ALL)
                        token[0] = 0
                        for row in T.serial(ROWS):
                            if probabilities[0, row * columns + vx * threads + vt] > value[0]:
                                value[0] = probabilities[0, row * columns + vx * threads + vt]
                                token[0] = row * columns + vx * threads + vt
                        values[0, vx * threads + vt] = value[0]
                        tokens[0, vx * threads + vt] = token[0]

    return best


def next_in_column(vocab: int):
    """Macro: the largest of the column of `token` that comes after it in the order."""
    columns = vocab // ROWS

    @T.macro
    def find(probabilities, value, token, next_value, next_token):
        next_value[0] = T.float32(BELOW_ALL)
        next_token[0] = token
        for row in T.serial(ROWS):
            other: T.let[T.int32] = row * columns + token % columns
            if probabilities[0, other] > next_value[0]:
                if T.Or(
                    probabilities[0, other] < value, T.And(probabilities[0, other] == value, other > token)
                ):
                    next_value[0] = probabilities[0, other]
                    next_token[0] = other

    return find


def select_alone(vocab: int):
    """One thread does it all, with the columns in groups so that it looks at few of them each time."""
    columns = vocab // ROWS
    width = 32 if columns % 32 == 0 else columns
    groups = columns // width
    find = next_in_column(vocab)

    @T.prim_func(private=True, s_tir=True)
    def select(
        probabilities_: T.handle, values_: T.handle, tokens_: T.handle, top_values_: T.handle, top_tokens_: T.handle,
        left_: T.handle, at_: T.handle,
    ):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        probabilities = T.match_buffer(probabilities_, (1, vocab), "float32")
        values = T.match_buffer(values_, (1, columns), "float32")
        tokens = T.match_buffer(tokens_, (1, columns), "int32")
        top_values = T.match_buffer(top_values_, (1, TOP), "float32")
        top_tokens = T.match_buffer(top_tokens_, (1, TOP), "int32")
        left = T.match_buffer(left_, (1, columns), "float32")
        at = T.match_buffer(at_, (1, columns), "int32")
        for bx in T.thread_binding(1, thread="blockIdx.x"):
            for tx in T.thread_binding(1, thread="threadIdx.x"):
                with T.sblock("select"):
                    vx, vt = T.axis.remap("SS", [bx, tx])
                    T.reads(probabilities[0, 0:vocab], values[0, 0:columns], tokens[0, 0:columns])
                    T.writes(top_values[0, 0:TOP], top_tokens[0, 0:TOP], left[0, 0:columns], at[0, 0:columns])
                    of_group = T.sblock_alloc_buffer((groups,), "float32", scope="local")
                    value = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    next_value = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    next_token = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    token = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    group = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    for j in T.serial(columns):
                        left[0, j] = values[0, j]
                        at[0, j] = tokens[0, j]
                    for g in T.serial(groups):
                        value[0] = T.float32(BELOW_ALL)
                        for j in T.serial(width):
                            value[0] = T.max(value[0], values[0, g * width + j])
                        of_group[g] = value[0]
                    for t in T.serial(TOP):
                        value[0] = T.float32(BELOW_ALL)
                        for g in T.serial(groups):
                            value[0] = T.max(value[0], of_group[g])
                        token[0] = vocab
                        for g in T.serial(groups):
                            if of_group[g] == value[0]:
                                for j in T.serial(width):
                                    if T.And(left[0, g * width + j] == value[0], at[0, g * width + j] < token[0]):
                                        token[0] = at[0, g * width + j]
                        top_values[0, t] = value[0]
                        top_tokens[0, t] = token[0]
                        find(probabilities, value[0], token[0], next_value, next_token)
                        left[0, token[0] % columns] = next_value[0]
                        at[0, token[0] % columns] = next_token[0]
                        group[0] = token[0] % columns // width
                        value[0] = T.float32(BELOW_ALL)
                        for j in T.serial(width):
                            value[0] = T.max(value[0], left[0, group[0] * width + j])
                        of_group[group[0]] = value[0]

    return select


def select_together(vocab: int):
    """A workgroup shares the columns. In 8 steps every thread learns the best of 2, 4 … 256 threads, itself included."""
    columns, threads = vocab // ROWS, 256
    each = (columns + threads - 1) // threads
    find = next_in_column(vocab)

    @T.macro
    def take_better(value, token):
        if T.Or(value[1] > value[0], T.And(value[1] == value[0], token[1] < token[0])):
            value[0] = value[1]
            token[0] = token[1]

    @T.prim_func(private=True, s_tir=True)
    def select(
        probabilities_: T.handle, values_: T.handle, tokens_: T.handle, top_values_: T.handle, top_tokens_: T.handle,
    ):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        probabilities = T.match_buffer(probabilities_, (1, vocab), "float32")
        values = T.match_buffer(values_, (1, columns), "float32")
        tokens = T.match_buffer(tokens_, (1, columns), "int32")
        top_values = T.match_buffer(top_values_, (1, TOP), "float32")
        top_tokens = T.match_buffer(top_tokens_, (1, TOP), "int32")
        for bx in T.thread_binding(1, thread="blockIdx.x"):
            for tx in T.thread_binding(threads, thread="threadIdx.x"):
                with T.sblock("select"):
                    vx, thread = T.axis.remap("SS", [bx, tx])
                    T.reads(probabilities[0, 0:vocab], values[0, 0:columns], tokens[0, 0:columns])
                    T.writes(top_values[0, 0:TOP], top_tokens[0, 0:TOP])
                    best_value = T.sblock_alloc_buffer((threads,), "float32", scope="shared")
                    best_token = T.sblock_alloc_buffer((threads,), "int32", scope="shared")
                    my_value = T.sblock_alloc_buffer((each,), "float32", scope="local")
                    my_token = T.sblock_alloc_buffer((each,), "int32", scope="local")
                    value = T.sblock_alloc_buffer((2,), "float32", scope="local")
                    token = T.sblock_alloc_buffer((2,), "int32", scope="local")
                    next_value = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    next_token = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    for j in T.unroll(each):
                        my_value[j] = T.float32(BELOW_ALL)
                        my_token[j] = vocab
                        if j * threads + thread < columns:
                            my_value[j] = values[0, j * threads + thread]
                            my_token[j] = tokens[0, j * threads + thread]
                    for t in T.serial(TOP):
                        value[0] = my_value[0]
                        token[0] = my_token[0]
                        for j in T.unroll(1, each):
                            value[1] = my_value[j]
                            token[1] = my_token[j]
                            take_better(value, token)
                        for step in T.unroll(8):
                            best_value[thread] = value[0]
                            best_token[thread] = token[0]
                            T.tvm_storage_sync("shared")
                            value[1] = best_value[(thread + T.shift_left(1, step)) % threads]
                            token[1] = best_token[(thread + T.shift_left(1, step)) % threads]
                            take_better(value, token)
                            T.tvm_storage_sync("shared")
                        if thread == 0:
                            top_values[0, t] = value[0]
                            top_tokens[0, t] = token[0]
                        if token[0] % columns % threads == thread:
                            find(probabilities, value[0], token[0], next_value, next_token)
                            for j in T.unroll(each):
                                if j == token[0] % columns // threads:
                                    my_value[j] = next_value[0]
                                    my_token[j] = next_token[0]

    return select
