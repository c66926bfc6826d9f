"""Fine-tunes the shared encoder on the union of the corpora (one softmax head per task, heads fitted first).

    python -m flotilla_models.finetune --out build/multitask.pt [--epochs 3]

Only training parts are read. The result is averaged with the base model by `average.py`.
"""
import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F

from .bert import Bert, embed, fit_softmax, load_base, load_tokenizer, pad
from .corpora import GENERIC_INTENTS, Corpus, all_corpora

BATCH = 48
MASKED = -1e4
FIT_ROWS = 2000


def task_rows(corpus: Corpus, rng: np.random.Generator) -> list[tuple[str, str]]:
    """The rows to fine-tune on. Departments are learned together with the intents; repeats are thinned out."""
    if corpus.id != "customer-service":
        return corpus.train
    joined = {(text.lower(), intent if intent in GENERIC_INTENTS else f"{department}/{intent}")
              for (text, intent), department in zip(corpus.train, corpus.facet_train)}
    rows = sorted(joined)
    plain = [row for row in rows if row[1].endswith("/contentonly")]
    other = [row for row in rows if not row[1].endswith("/contentonly")]
    return other + [plain[i] for i in rng.permutation(len(plain))[:3000]]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--rate", type=float, default=1e-4)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)

    tokenizer = load_tokenizer(64)
    texts: list[str] = []
    targets: list[int] = []
    tasks: list[int] = []
    spans: list[tuple[int, int]] = []
    for index, corpus in enumerate(all_corpora()):
        rows = task_rows(corpus, rng)
        labels = {label: i for i, label in enumerate(sorted({label for _, label in rows}))}
        offset = spans[-1][1] if spans else 0
        spans.append((offset, offset + len(labels)))
        texts += [text for text, _ in rows]
        targets += [offset + labels[label] for _, label in rows]
        tasks += [index] * len(rows)
        print(corpus.id, len(rows), len(labels), flush=True)
    token_ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    target, task = torch.tensor(targets), torch.tensor(tasks)
    classes = spans[-1][1]
    mask = torch.full((len(spans), classes), MASKED)
    for index, (start, end) in enumerate(spans):
        mask[index, start:end] = 0

    started = time.time()
    model = load_base()
    head = torch.nn.Linear(384, classes)
    for index, (start, end) in enumerate(spans):
        rows = few_per_class(np.asarray(targets), start, end, rng)
        base = embed(model, [token_ids[i] for i in rows])
        weight, bias = fit_softmax(base, np.asarray(targets)[rows] - start, end - start, steps=40)
        head.weight.data[start:end], head.bias.data[start:end] = torch.tensor(weight.T.copy()), torch.tensor(bias)
    print("heads fitted", round(time.time() - started), "s", flush=True)

    train(model, head, token_ids, target, task, mask, options, rng)


def few_per_class(targets: np.ndarray, start: int, end: int, rng: np.random.Generator) -> np.ndarray:
    """Up to FIT_ROWS / classes rows of each class: enough to place the heads before the encoder moves."""
    most = max(20, FIT_ROWS // (end - start))
    rows = [rng.permutation(np.flatnonzero(targets == label))[:most] for label in range(start, end)]
    return np.concatenate(rows)


def train(model: Bert, head, token_ids, target, task, mask, options, rng) -> None:
    """AdamW with linear warm-up and decay; embeddings stay frozen; batches of similar length."""
    model.train()
    model.set_dropout(0.1)
    model.words.weight.requires_grad = model.positions.weight.requires_grad = False
    free = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in free if p.ndim >= 2], "weight_decay": 0.01, "lr": options.rate},
        {"params": [p for p in free if p.ndim < 2] + [head.bias], "weight_decay": 0.0, "lr": options.rate},
        {"params": [head.weight], "weight_decay": 0.0, "lr": options.rate * 10},
    ]
    optimiser = torch.optim.AdamW(groups)
    per_epoch = (len(token_ids) + BATCH - 1) // BATCH
    steps = options.epochs * per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (0.06 * steps), max(0.0, (steps - s) / (0.94 * steps))))
    parameters = [p for group in groups for p in group["params"]]
    for epoch in range(options.epochs):
        started, total = time.time(), 0.0
        for number, rows in enumerate(length_batches(token_ids, rng)):
            ids, attention = pad([token_ids[i] for i in rows])
            logits = head(model(torch.tensor(ids), torch.tensor(attention))) + mask[task[rows]]
            loss = F.cross_entropy(logits, target[rows])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            if number % 100 == 99:
                print("epoch", epoch, "step", number + 1, "of", per_epoch, "loss", round(total / (number + 1), 4),
                      "seconds", round(time.time() - started), flush=True)
        torch.save({"model": model.state_dict(), "head": head.state_dict(), "epoch": epoch}, options.out)
    print("done", flush=True)


def length_batches(token_ids: list[list[int]], rng: np.random.Generator) -> list[np.ndarray]:
    """All rows once, in random order, in batches of rows of similar length."""
    order = rng.permutation(len(token_ids))
    batches = []
    for start in range(0, len(order), BATCH * 20):
        window = order[start : start + BATCH * 20]
        window = window[np.argsort([len(token_ids[i]) for i in window], kind="stable")]
        batches += [window[i : i + BATCH] for i in range(0, len(window), BATCH)]
    return [batches[i] for i in rng.permutation(len(batches))]


if __name__ == "__main__":
    main()
