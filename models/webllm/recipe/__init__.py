"""From a GGUF checkpoint of the Llama family to a model that the browser's runtimes can load."""
