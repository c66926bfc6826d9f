#!/bin/sh
# Builds the four .wasm files of the llama-wasm runtime, and writes their hashes for the contract test.
# Usage: build.sh [folder for the .wasm files]. Needs the ziglang wheel named below (clang 22 with wasm-ld inside).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../workers/runtimes/llama-wasm}
zig_version=0.17.1
python=${PYTHON:-python3}

found=$("$python" -m ziglang version)
[ "$found" = "$zig_version" ] || { echo "ziglang $zig_version is needed, found $found: pip install ziglang==$zig_version" >&2; exit 1; }

build() { # name, features, defines, memory flags
  # shellcheck disable=SC2086
  (cd "$here" && "$python" -m ziglang cc -target wasm32-freestanding -mcpu="generic+simd128+bulk_memory+mutable_globals$2" \
    -std=c11 -O3 -ffreestanding -fno-builtin -ffp-contract=off -fno-sanitize=all -g0 -Wall -Wextra -Werror $3 \
    -nostdlib -Wl,--no-entry -Wl,--import-memory -Wl,--strip-all -Wl,-z,stack-size=16384 $4 \
    -Wl,--export=__stack_pointer engine.c load.c choose.c -o "$out/$1.wasm")
  chmod 644 "$out/$1.wasm"
}

shared="-Wl,--shared-memory -Wl,--max-memory=2147483648"
build plain "" "" ""
build plain-threads "+atomics" "-DTHREADS" "$shared"
build relaxed "+relaxed_simd" "-DRELAXED" ""
build relaxed-threads "+relaxed_simd+atomics" "-DRELAXED -DTHREADS" "$shared"

cd "$out"
sha256sum plain.wasm plain-threads.wasm relaxed.wasm relaxed-threads.wasm |
  awk 'BEGIN { print "{" } { printf "%s  \"%s\": \"%s\"", (NR > 1 ? ",\n" : ""), $2, $1 } END { print "\n}" }' >wasm-hashes.json
cat wasm-hashes.json
