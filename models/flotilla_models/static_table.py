"""The static-embedding table: one vector a token, distilled from the encoder and tuned with labels.

    python -m flotilla_models.static_table --weights build/averaged.pt --out build/static.npy [--epochs 12]

Start: each token through the encoder alone, principal components, weights that fall with frequency (Zipf rank, the SIF
formula of Arora et al. 2017). Then: the mean of the token vectors, normalised, feeds one softmax head a task, and table
and heads are trained together on the training parts. Heads are thrown away; the specialists train their own.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .bert import Bert, load_base, load_tokenizer
from .corpora import GENERIC_INTENTS, all_corpora

DIMS = 256
SIF = 1e-3
SPECIALS = (0, 100, 101, 102, 103)
SCALE = 12.0
WORD_DROPOUT = 0.1


@torch.no_grad()
def distil(model: Bert, vocabulary: int) -> np.ndarray:
    """[V, 256] float32: principal components of single-token embeddings, weighted by rank."""
    raw = np.zeros((vocabulary, 384), np.float32)
    model.eval()
    for start in range(0, vocabulary, 512):
        tokens = np.arange(start, min(vocabulary, start + 512))
        ids = np.stack([np.full(len(tokens), 101), tokens, np.full(len(tokens), 102)], 1)
        raw[tokens] = model(torch.tensor(ids), torch.ones(ids.shape, dtype=torch.long)).numpy()
    centred = raw - raw.mean(0)
    _, _, components = np.linalg.svd(centred[1000:], full_matrices=False)
    share = 1 / np.arange(1, vocabulary + 1)
    weight = SIF / (SIF + share / share.sum())
    table = (centred @ components[:DIMS].T) * weight[:, None]
    table[list(SPECIALS)] = 0
    return table.astype(np.float32)


def bags(tokenizer, texts: list[str]) -> list[np.ndarray]:
    """Token ids of each text without the special tokens."""
    return [np.array([i for i in e.ids if i not in SPECIALS] or [100]) for e in tokenizer.encode_batch(texts)]


def rows_of(corpus) -> list[tuple[str, str]]:
    if corpus.id != "customer-service":
        return corpus.train
    pairs = zip(corpus.train, corpus.facet_train)
    return sorted({(t.lower(), y if y in GENERIC_INTENTS else f"{d}/{y}") for (t, y), d in pairs})


def tune(table: np.ndarray, epochs: int, seed: int) -> np.ndarray:
    """Trains table and heads together; sparse Adam on the table, so that only seen tokens move."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    tokenizer = load_tokenizer(64)
    texts, targets, tasks, spans = [], [], [], []
    for index, corpus in enumerate(all_corpora()):
        rows = rows_of(corpus)
        labels = {label: i for i, label in enumerate(sorted({y for _, y in rows}))}
        offset = spans[-1][1] if spans else 0
        spans.append((offset, offset + len(labels)))
        texts += [t for t, _ in rows]
        targets += [offset + labels[y] for _, y in rows]
        tasks += [index] * len(rows)
    tokens = bags(tokenizer, texts)
    target, task = torch.tensor(targets), torch.tensor(tasks)
    mask = torch.full((len(spans), spans[-1][1]), -1e4)
    for index, (start, end) in enumerate(spans):
        mask[index, start:end] = 0
    embedding = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(table), freeze=False, mode="mean", sparse=True)
    head = torch.nn.Linear(DIMS, spans[-1][1])
    optimisers = [torch.optim.SparseAdam(embedding.parameters(), lr=2e-3),
                  torch.optim.AdamW(head.parameters(), lr=5e-3, weight_decay=1e-4)]
    batch = 128
    steps = epochs * (len(tokens) // batch + 1)
    schedules = [torch.optim.lr_scheduler.LambdaLR(o, lambda s: max(0.02, 1 - s / steps)) for o in optimisers]
    for epoch in range(epochs):
        started, total = time.time(), 0.0
        order = rng.permutation(len(tokens))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            kept = [drop_words(tokens[i], rng) for i in rows]
            offsets = torch.tensor(np.cumsum([0] + [len(k) for k in kept[:-1]]))
            x = F.normalize(embedding(torch.tensor(np.concatenate(kept)), offsets), dim=-1) * SCALE
            logits = head(F.dropout(x, 0.3)) + mask[task[rows]]
            loss = F.cross_entropy(logits, target[rows])
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            for optimiser, schedule in zip(optimisers, schedules):
                optimiser.step()
                schedule.step()
            total += loss.item() * len(rows)
        print("epoch", epoch, "loss", round(total / len(order), 4), "seconds", round(time.time() - started), flush=True)
    return embedding.weight.detach().numpy()


def drop_words(ids: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The bag without some of its words, never empty."""
    kept = ids[rng.random(len(ids)) >= WORD_DROPOUT]
    return kept if len(kept) else ids


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--weights", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--epochs", type=int, default=12)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    model = load_base()
    if options.weights != "base":
        model.load_state_dict(torch.load(options.weights)["model"])
    table = tune(distil(model, 30522), options.epochs, seed=0)
    np.save(Path(options.out), table)


if __name__ == "__main__":
    main()
