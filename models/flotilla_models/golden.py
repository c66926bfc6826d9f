"""The texts of the self-test that every runtime passes after it was loaded, and the file that holds their vectors."""
import json
from pathlib import Path

import numpy as np

GOLDEN_TEXTS = [
    "please transfer two hundred dollars from my checking account to my savings account",
    "my card was declined at the supermarket, what is going on?",
    "turn off the kitchen lights at 10 pm",
    "Reset my password!!!",
    "Where is my order #A-1029? It was due on 2026-03-14.",
    "Écoutez, où est mon café? ÅNGSTRÖM naïve façade",
    "שלום, אני צריך עזרה עם החשבון שלי",
    "مرحبا، أين طلبي؟",
    "我的订单在哪里 🚚📦 thanks 👍🏽",
    "?",
    "   \n\t ",
    " ".join(["the invoice for the second quarter has not been paid and the supplier asks for a date"] * 30),
]
HEAD_DIMS = 16
LEVELS = 2047
REQUIRED_COSINE = 0.995


def write_golden(path: Path, token_ids: list[list[int]], vectors: np.ndarray, required: float = REQUIRED_COSINE) -> None:
    """Token ids must be equal; cosine over all dims, from int8 levels of the vector, must reach `requiredCosine`.

    `head` holds the first dims for people; `levels` the vector as round(2047 · value / max|value|).
    """
    entries = []
    for text, ids, vector in zip(GOLDEN_TEXTS, token_ids, vectors):
        largest = float(np.abs(vector).max()) or 1.0
        entries.append({"text": text, "ids": ids[:HEAD_DIMS], "tokens": len(ids),
                        "head": [round(float(value), 5) for value in vector[:HEAD_DIMS]],
                        "levels": np.round(vector / largest * LEVELS).astype(int).tolist()})
    write_json_rows(path, {"requiredCosine": required, "dims": int(vectors.shape[1])}, entries)


def write_json_rows(path: Path, head: dict, entries: list[dict]) -> None:
    """One entry per line, so that the file stays short and diffs stay readable."""

    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    start = json.dumps(head, indent=2)[:-2]
    path.write_text(f'{start},\n  "texts": [\n{lines}\n  ]\n}}\n', encoding="utf-8")
