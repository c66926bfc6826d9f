"""Turns the GGUF weights of a Llama-shaped model into an ONNX model that transformers.js runs."""
import sys
from pathlib import Path

# The checkpoint's reader, the float reference and the tokenizer are those of the WebLLM recipe.
sys.path.append(str(Path(__file__).parent.parent / "webllm"))
