"""Golden answers: what the float reference says to a few prompts, so that a browser can check its own backend.

A prompt is only taken if the best token leads the second one by MARGIN at every step: a right backend then writes the same
tokens in spite of its rounding (int8 activations, another order of sums), and a wrong one is found out.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from .checkpoint import Checkpoint
from .choice_mask import ChoiceMask
from .reference import Reference, log_softmax
from .tokenizer import chat_prompt, default_system, open_tokenizer

MARGIN = 0.5
"""Least lead of the best token, in nats."""

ALLOWED_GAP = 0.3
"""Largest difference of a token's log-probability from the reference, in nats. README: "Golden answers"."""

LONGEST = 16
"""Tokens of an answer."""


def turns(*contents: str, system: str | None = None) -> list[dict]:
    spoken = [{"role": ("user", "assistant")[n % 2], "content": content} for n, content in enumerate(contents)]
    return ([{"role": "system", "content": system}] if system else []) + spoken


def shown(chance: float) -> float:
    """Four places, and no negative zero."""
    return round(float(chance), 4) + 0.0


PROMPTS = [
    turns("Count from 1 to 10."),
    turns("What is the capital of Japan?"),
    turns("Say the days of the week in order."),
    turns("What is the capital of France?", "The capital of France is Paris.", "And of Italy?", system="Brief."),
]

SCHEMA_PROMPTS = [
    (
        turns("I was charged twice. Is it billing or shipping?", system="Answer with one word."),
        {"type": "string", "enum": ["billing", "shipping"]},
    ),
    (
        turns("What colour is grass: red, green or blue?", system="You are helpful."),
        {"type": "string", "enum": ["red", "green", "blue"]},
    ),
]
"""The reference is small: the answers need not be true, they have to be the same everywhere."""


class Golden:
    def __init__(self, checkpoint: Checkpoint):
        self.checkpoint = checkpoint
        self.model = Reference(checkpoint)
        self.tokenizer = open_tokenizer(checkpoint)
        self.system = default_system(checkpoint)
        self.end = int(checkpoint.field("tokenizer.ggml.eos_token_id"))

    def answer(self, conversation: list[dict], schema: dict | None = None) -> tuple[dict, float]:
        """The record of one prompt, and the smallest lead of a best token in it."""
        prompt = self.tokenizer.encode(chat_prompt(conversation, self.system)).ids
        mask = ChoiceMask(self.checkpoint, schema) if schema else None
        sequence = self.model.start()
        logits = sequence.read(prompt)
        ids, logprobs, forced, first, margin, finish = [], [], [], None, np.inf, "length"
        while len(ids) < LONGEST:
            allowed = mask.allowed() if mask else np.arange(len(logits))
            chances = log_softmax(logits[allowed])
            order = np.argsort(-chances, kind="stable")[:5]
            if first is None:
                first = [[int(allowed[n]), shown(chances[n]), self.text(allowed[n])] for n in order]
            if len(order) > 1:
                margin = min(margin, float(chances[order[0]] - chances[order[1]]))
            token = int(allowed[order[0]])
            if token == self.end:
                finish = "stop"
                break
            ids.append(token)
            logprobs.append(shown(chances[order[0]]))
            forced.append(len(allowed) == 1)
            if mask:
                mask.accept(token)
            logits = sequence.read([token])
        record = {
            "turns": conversation,
            "promptIds": prompt,
            "tokenIds": ids,
            "tokens": [self.text(token) for token in ids],
            "logprobs": logprobs,
            "top5": first,
            "finish": finish,
        }
        if schema:
            record |= {"schema": json.dumps(schema), "forced": forced}
        return record, margin

    def text(self, token: int) -> str:
        return self.tokenizer.decode([int(token)], skip_special_tokens=False)


def golden(checkpoint: Checkpoint) -> dict:
    maker = Golden(checkpoint)
    free = [maker.answer(conversation) for conversation in PROMPTS]
    bound = [maker.answer(conversation, schema) for conversation, schema in SCHEMA_PROMPTS]
    for record, margin in [*free, *bound]:
        text = "".join(record["tokens"])
        print(f"{len(record['promptIds'])} + {len(record['tokenIds'])} tokens, least lead {margin:.2f}: {text!r}")
        if margin < MARGIN:
            raise ValueError(f"the lead is below {MARGIN}; take another prompt than {record['turns'][-1]['content']!r}")
    return {
        "prompts": [record for record, _ in free],
        "schemaPrompts": [record for record, _ in bound],
        "allowedLogprobGap": ALLOWED_GAP,
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True)
    arguments.add_argument("--out", required=True, type=Path)
    given = arguments.parse_args()
    given.out.write_text(json.dumps(golden(Checkpoint(given.gguf)), ensure_ascii=False, indent=1) + "\n")
