"""tokenizer.json and the chat prompt, from the checkpoint's own metadata."""
import json

from tokenizers import Tokenizer

from .checkpoint import Checkpoint

CONTROL = 3
"""Token type of GGUF for tokens that stand for no text."""

TURN = "<|im_start|>{role}\n{content}<|im_end|>\n"
ANSWER = "<|im_start|>assistant\n"


def tokenizer_json(checkpoint: Checkpoint) -> dict:
    """Byte-level BPE that splits digits: what llama.cpp calls the pre-tokenizer `smollm`."""
    if checkpoint.field("tokenizer.ggml.model") != "gpt2" or checkpoint.field("tokenizer.ggml.pre") != "smollm":
        raise ValueError("only the byte-level tokenizer with the pre-tokenizer “smollm” is supported")
    tokens = checkpoint.field("tokenizer.ggml.tokens")
    types = checkpoint.field("tokenizer.ggml.token_type")
    byte_level = {"type": "ByteLevel", "trim_offsets": True, "use_regex": True}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": index, "content": tokens[index], **flags} for index, kind in enumerate(types) if kind == CONTROL
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {**byte_level, "add_prefix_space": False},
            ],
        },
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: index for index, token in enumerate(tokens)},
            "merges": list(checkpoint.field("tokenizer.ggml.merges")),
        },
    }


def open_tokenizer(checkpoint: Checkpoint) -> Tokenizer:
    return Tokenizer.from_str(json.dumps(tokenizer_json(checkpoint), ensure_ascii=False))


def default_system(checkpoint: Checkpoint) -> str:
    """The system message that the checkpoint's chat template puts before a conversation without one."""
    template = checkpoint.field("tokenizer.chat_template")
    start, end = "<|im_start|>system\n", "<|im_end|>"
    if TURN.format(role="system", content="").split("\n")[0] not in template or "{{'<|im_start|>' + message" not in template:
        raise ValueError("only the ChatML template is supported")
    return template.split(start, 1)[1].split(end, 1)[0]


def chat_prompt(turns: list[dict], system: str) -> str:
    """The text that the model goes on from; `turns` are {role, content}, oldest first."""
    whole = turns if turns[0]["role"] == "system" else [{"role": "system", "content": system}, *turns]
    return "".join(TURN.format(**turn) for turn in whole) + ANSWER
