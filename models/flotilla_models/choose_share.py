"""Prints what the share of fine-tuned weights costs and gains: tasks it was tuned on, and tasks it never saw.

    python -m flotilla_models.choose_share --weights build/multitask.pt --shares 0,0.5,0.75,1

Logistic heads on frozen embeddings; few rows a class, so that the encoder and not the head decides. Held-out parts only.
Never seen: snips (7 intents) and the call-style intents of dstc11_natcs_utterances.
"""
import argparse

import numpy as np
import torch

from .average import averaged
from .bert import embed, fit_softmax, load_base, load_tokenizer
from .corpora import all_corpora, normalise, read_csv

SHOTS = 15


def few(rows: list[tuple[str, str]], shots: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Up to `shots` rows of each label."""
    by_label: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        by_label.setdefault(row[1], []).append(row)
    return [group[i] for group in by_label.values() for i in rng.permutation(len(group))[:shots]]


def unseen() -> list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
    """Name, training rows and test rows of tasks that no recipe trains on."""
    rng = np.random.default_rng(0)
    snips = [(r["text"], r["label"]) for r in read_csv("snips/train.csv")]
    snips_test = [(r["text"], r["label"]) for r in read_csv("snips/val.csv")]
    calls = [(r["text"], r["label"]) for r in read_csv("dstc11_natcs_utterances/dev.csv") if r.get("label")]
    calls = [calls[i] for i in rng.permutation(len(calls))]
    half = len(calls) // 2
    return [("snips", few(snips, 5, rng), snips_test), ("calls", calls[:half], calls[half:])]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--weights", required=True)
    arguments.add_argument("--shares", default="0,0.5,0.75,1")
    options = arguments.parse_args()
    weights = torch.load(options.weights)["model"]
    tokenizer = load_tokenizer(64)
    rng = np.random.default_rng(1)
    tasks = [(c.id, few(c.train, SHOTS, rng), [c.held_out[i] for i in rng.permutation(len(c.held_out))[:1000]])
             for c in all_corpora() if c.id != "customer-service"] + unseen()
    model = load_base()
    for share in map(float, options.shares.split(",")):
        model.load_state_dict(averaged(weights, share))
        line = []
        for name, train, test in tasks:
            known = {normalise(t) for t, _ in train}
            test = [row for row in test if normalise(row[0]) not in known]
            labels = sorted({y for _, y in train})
            x = embed(model, [e.ids for e in tokenizer.encode_batch([t for t, _ in train + test])])
            y = np.array([labels.index(label) if label in labels else -1 for _, label in train + test])
            weight, bias = fit_softmax(x[: len(train)], y[: len(train)], len(labels), decay=1e-5)
            right = (x[len(train) :] @ weight + bias).argmax(1) == y[len(train) :]
            line.append(f"{name} {right.mean():.4f} (n {len(test)})")
        print(f"share {share}:", ", ".join(line), flush=True)


if __name__ == "__main__":
    main()
