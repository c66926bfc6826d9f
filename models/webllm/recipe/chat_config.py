"""mlc-chat-config.json: what WebLLM has to know of the model besides its weights."""
from .checkpoint import Checkpoint
from .tokenizer import default_system

QUANTIZATION = "q4f32_1_gguf"
"""Name of our own layout; WebLLM only shows it."""

CONTEXT = 2048
PREFILL_CHUNK = 512
"""Longest piece of a prompt that is read at once; sizes the buffers."""


def chat_config(checkpoint: Checkpoint, context: int = CONTEXT) -> dict:
    config = checkpoint.config
    end = int(checkpoint.field("tokenizer.ggml.eos_token_id"))
    limits = {
        "context_window_size": min(context, config.trained_context),
        "prefill_chunk_size": PREFILL_CHUNK,
    }
    return {
        "version": "0.1.0",
        "model_type": "llama",
        "quantization": QUANTIZATION,
        "model_config": {
            "hidden_size": config.hidden,
            "num_hidden_layers": config.layers,
            "num_attention_heads": config.heads,
            "num_key_value_heads": config.kv_heads,
            "head_dim": config.head_dim,
            "vocab_size": config.vocab,
            **limits,
        },
        "vocab_size": config.vocab,
        **limits,
        "sliding_window_size": -1,
        "attention_sink_size": -1,
        "tensor_parallel_shards": 1,
        "temperature": 0.2,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "repetition_penalty": 1.0,
        "top_p": 0.9,
        "tokenizer_files": ["tokenizer.json"],
        "tokenizer_info": {
            "token_postproc_method": "byte_level",
            "prepend_space_in_encode": False,
            "strip_space_in_decode": False,
        },
        "conv_template": {
            "name": "chatml",
            "system_template": "<|im_start|>system\n{system_message}<|im_end|>\n",
            "system_message": default_system(checkpoint),
            "system_prefix_token_ids": None,
            "add_role_after_system_message": True,
            "roles": {"user": "<|im_start|>user", "assistant": "<|im_start|>assistant"},
            "role_templates": {
                "user": "{user_message}",
                "assistant": "{assistant_message}",
                "tool": "{tool_message}",
            },
            "messages": [],
            "seps": ["<|im_end|>\n"],
            "role_content_sep": "\n",
            "role_empty_sep": "\n",
            "stop_str": ["<|im_end|>"],
            "stop_token_ids": [end],
            "function_string": "",
            "use_function_calling": False,
        },
        "pad_token_id": int(checkpoint.field("tokenizer.ggml.padding_token_id")),
        "bos_token_id": int(checkpoint.field("tokenizer.ggml.bos_token_id")),
        "eos_token_id": end,
    }
