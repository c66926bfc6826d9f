"""Compiles the model for WebGPU: wasm objects, which build.sh links with TVM's runtime to a library of WebLLM."""
import argparse
import json
import shutil
from pathlib import Path

import tvm
from tvm import relax
from tvm.s_tir import dlight

from .chat_config import CONTEXT, PREFILL_CHUNK, QUANTIZATION
from .checkpoint import Checkpoint, LlamaConfig
from .kernels.sampling import in_place, sample_top_p
from .kernels.top import TOP, column_best
from .kernels.top import ROWS as VOCABULARY_ROWS
from .layout import parameters
from .llama import Llama
from .variants import VARIANTS, Variant

EXPORTED = [
    "embed",
    "prefill",
    "decode",
    "create_tir_paged_kv_cache",
    "softmax_with_temperature",
    "argsort_probs",
    "sample_with_top_p",
    "_metadata",
]
"""What WebLLM 0.2.86 looks up, besides the kernels of sampling.in_place."""


def metadata(config: LlamaConfig) -> dict:
    return {
        "model_type": "llama",
        "quantization": QUANTIZATION,
        "context_window_size": min(CONTEXT, config.trained_context),
        "sliding_window_size": -1,
        "attention_sink_size": -1,
        "prefill_chunk_size": PREFILL_CHUNK,
        "max_batch_size": 1,
        "kv_state_kind": "kv_cache",
        "tensor_parallel_shards": 1,
        "params": [{"name": p.name, "shape": p.shape, "dtype": p.dtype} for p in parameters(config)],
    }


def tensor(size: int, dtype: str, rows: int | None = 1) -> relax.TensorType:
    return relax.TensorType((size,) if rows is None else (rows, size), dtype)


def add_sorting(block: relax.BlockBuilder, vocab: int, variant: Variant) -> None:
    """`argsort_probs`: the TOP likeliest tokens, all that sampling and the reported probabilities look at."""
    columns = vocab // VOCABULARY_ROWS
    pair = [tensor(columns, "float32"), tensor(columns, "int32")]
    chosen = [tensor(TOP, "float32"), tensor(TOP, "int32")]
    best = block.add_func(column_best(vocab), "column_best")
    select = block.add_func(variant.select_top(vocab), "select_top")
    probabilities = relax.Var("probs", tensor(vocab, "float32"))
    with block.function("argsort_probs", [probabilities]):
        with block.dataflow():
            of_columns = block.emit(relax.call_tir(best, [probabilities], out_ty=pair))
            inputs = [probabilities, block.emit(of_columns[0]), block.emit(of_columns[1])]
            scratch = pair if variant.select_needs_scratch else []
            top = block.emit(relax.call_tir(select, inputs, out_ty=chosen + scratch))
            out = block.emit_output(relax.Tuple([block.emit(top[0]), block.emit(top[1])]))
        block.emit_func_output(out)


def add_sampling(block: relax.BlockBuilder) -> None:
    """`sample_with_top_p`: one draw among them."""
    kernel = block.add_func(sample_top_p(), "sample_top_p")
    inputs = [
        relax.Var("sorted_probs", tensor(TOP, "float32")),
        relax.Var("sorted_indices", tensor(TOP, "int32")),
        relax.Var("uniform_samples", tensor(1, "float32", None)),
        relax.Var("sample_indices", tensor(1, "int32", None)),
        relax.Var("top_p", tensor(1, "float32", None)),
    ]
    with block.function("sample_with_top_p", inputs):
        with block.dataflow():
            out = block.emit_output(relax.call_tir(kernel, inputs, out_ty=tensor(1, "int32", None)))
        block.emit_func_output(out)


def whole_module(config: LlamaConfig, variant: Variant) -> tvm.IRModule:
    model = Llama(config, variant)
    module, named = model.export_tvm(spec=model.spec(), allow_extern=False)
    known = [(p.name, tuple(p.shape), p.dtype) for p in parameters(config)]
    if known != [(name, tuple(int(size) for size in p.shape), p.dtype) for name, p in named]:
        raise ValueError("the model's parameters are not those of layout.parameters")
    block = relax.BlockBuilder(module)
    add_sorting(block, config.vocab, variant)
    add_sampling(block)
    with block.function("_metadata", []):
        block.emit_func_output(tvm.ir.StringImm(json.dumps(metadata(config))))
    module = block.finalize()
    for name, kernel in in_place(config.vocab).items():
        module[name] = kernel
    return module


def pipeline(kept: list[str]):
    """Relax to byte code: fuse what is elementwise, schedule what is not a kernel of ours, plan the memory."""
    gpu, transform = dlight.gpu, relax.transform

    @tvm.transform.module_pass(opt_level=0)
    def run(module, _context):
        return tvm.transform.Sequential(
            [
                relax.backend.DispatchSampling(),
                relax.backend.DispatchSortScan(),
                transform.LegalizeOps(),
                transform.AnnotateTIROpPattern(),
                transform.FoldConstant(),
                transform.FuseOps(),
                transform.FuseTIR(),
                transform.DeadCodeElimination(kept),
                dlight.ApplyDefaultSchedule(
                    gpu.Matmul(), gpu.GEMV(), gpu.Reduction(), gpu.GeneralReduction(), gpu.Fallback()
                ),
                tvm.tirx.transform.ForceNarrowIndexToInt32(),
                transform.RewriteDataflowReshape(),
                transform.ToNonDataflow(),
                transform.RemovePurityChecking(),
                transform.CallTIRRewrite(),
                transform.StaticPlanBlockMemory(),
                transform.LowerAllocTensor(),
                transform.KillAfterLastUse(),
                transform.LowerRuntimeBuiltin(),
                transform.ComputePrimValue(),
                transform.VMShapeLower(),
                transform.AttachGlobalSymbol(),
            ]
        )(module)

    return run


def compile_objects(config: LlamaConfig, variant: Variant, out: Path) -> None:
    """Writes lib0.o and devc.o. `mvp` because Debian's linker is older than TVM's LLVM."""
    host = {"kind": "llvm", "mtriple": "wasm32-unknown-unknown-wasm", "mcpu": "mvp"}
    target = tvm.target.Target("webgpu", host=host)
    kept = [*EXPORTED, *in_place(config.vocab)]
    with target:
        built = relax.build(whole_module(config, variant), target, relax_pipeline=pipeline(kept), system_lib=True)
    out.mkdir(parents=True, exist_ok=True)

    def keep(output, objects, options=None, **_):
        for item in objects:
            shutil.copy(item, out)
        Path(output).touch()

    keep.object_format = "o"
    built.export_library(str(out / "none"), fcompile=keep)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True, help="for the model's shape")
    arguments.add_argument("--variant", required=True, choices=VARIANTS)
    arguments.add_argument("--out", required=True, type=Path)
    given = arguments.parse_args()
    compile_objects(Checkpoint(given.gguf).config, VARIANTS[given.variant], given.out)
