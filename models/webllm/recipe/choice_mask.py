"""Which tokens a JSON schema of fixed strings allows: the smallest grammar, written out, to check real engines against."""
import json

import numpy as np

from .checkpoint import Checkpoint
from .tokenizer import CONTROL


def byte_of_character() -> dict[str, int]:
    """Byte-level BPE writes printable Latin-1 bytes as themselves and the others, in order, from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + n): byte for n, byte in enumerate(others)}


class ChoiceMask:
    """Follows `{"type": "string", "enum": [...]}`: the output is one of the choices as a JSON string, nothing else."""

    def __init__(self, checkpoint: Checkpoint, schema: dict):
        table = byte_of_character()
        types = checkpoint.field("tokenizer.ggml.token_type")
        self.bytes = [
            None if kind == CONTROL else bytes(table[character] for character in token)
            for token, kind in zip(checkpoint.field("tokenizer.ggml.tokens"), types)
        ]
        self.end = int(checkpoint.field("tokenizer.ggml.eos_token_id"))
        self.choices = [json.dumps(choice, ensure_ascii=False).encode() for choice in schema["enum"]]
        self.written = b""

    def allowed(self) -> np.ndarray:
        """Ids of the tokens that may come next; the end token alone once a choice is complete."""
        start = len(self.written)
        open_choices = [choice[start:] for choice in self.choices if choice.startswith(self.written)]
        ids = [
            index
            for index, token in enumerate(self.bytes)
            if token and any(choice.startswith(token) for choice in open_choices)
        ]
        return np.array(ids + [self.end] * (b"" in open_choices))

    def accept(self, token: int) -> None:
        self.written += self.bytes[token] or b""
