"""What a smaller embedding costs: perplexity, agreement with the Q8_0 model, and a choice of labels, on real texts.

`python -m recipe.evaluate --gguf FILE --data FOLDER` prints the table of the README.
"""
import argparse
import csv
from pathlib import Path

import numpy as np

from .checkpoint import EMBEDDING, Checkpoint
from .embedding_formats import FORMATS, encode, rounded
from .reference import Reference, Sequence, log_softmax
from .tokenizer import open_tokenizer

WINDOW = 256
DEPARTMENTS = ("airline", "fastfood", "finance", "insurance", "media", "software")


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(data: Path, windows: int) -> list[str]:
    """Half dialogues between doctor and patient, half e-mails, a dozen of these joined."""
    dialogues = [row["dialogue"] for row in rows(data / "mts_dialog/val.csv")]
    mails = [row["text"] for row in rows(data / "parakweet_email_intent/train.csv")]
    joined = ["\n".join(mails[n : n + 12]) for n in range(0, 12 * windows, 12)]
    return sorted(dialogues, key=len, reverse=True)[: windows // 2] + joined[: windows - windows // 2]


def tickets(data: Path, each: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Turns of customers with at least eight words: two examples a department, and `each` more to be asked about."""
    examples, asked = [], []
    for department in DEPARTMENTS:
        of_it = [row["text"] for row in rows(data / f"multidogo/{department}.csv") if len(row["text"].split()) >= 8]
        spread = [(text, department) for text in of_it[:: len(of_it) // (each + 2)][: each + 2]]
        examples.append(spread[:2])
        asked += spread[2:]
    return [pair for both in zip(*examples) for pair in both], asked


class Comparison:
    """Runs one model over the same texts as the reference model before it."""

    def __init__(self, checkpoint: Checkpoint, data: Path, windows: int, each: int):
        self.checkpoint = checkpoint
        self.tokenizer = open_tokenizer(checkpoint)
        self.windows = [self.tokenizer.encode(text).ids[:WINDOW] for text in texts(data, windows)]
        self.examples, self.tickets = tickets(data, each)
        self.chances = None
        self.choices = None

    def run(self, model: Reference) -> dict:
        return {**self.next_tokens(model), **self.departments(model)}

    def next_tokens(self, model: Reference) -> dict:
        """Perplexity, and how the next token's distribution moved away from the first model's."""
        losses, same, drift, mine = [], [], [], []
        for n, ids in enumerate(self.windows):
            chances = np.array([log_softmax(row) for row in model.start().read_all(ids)], np.float32)
            losses += list(-chances[np.arange(len(ids) - 1), ids[1:]])
            before = self.chances[n] if self.chances else chances
            same += list(chances.argmax(-1) == before.argmax(-1))
            drift += list((np.exp(before) * (before - chances)).sum(-1))
            mine.append(chances)
        self.chances = self.chances or mine
        return {
            "tokens": len(losses),
            "perplexity": float(np.exp(np.mean(losses))) if losses else np.nan,
            "same": float(np.mean(same)) if same else np.nan,
            "drift": float(np.mean(drift)) if drift else np.nan,
        }

    def departments(self, model: Reference) -> dict:
        """Share of right labels, and of labels that are the first model's."""
        shown = model.start()
        shown.read(self.ids("".join(f"Message: {text}\nDepartment: {label}\n\n" for text, label in self.examples)))
        before = self.chances_of_labels(shown.fork(), "N/A")
        choices = []
        for text, _ in self.tickets:
            gain = self.chances_of_labels(shown.fork(), text) - before
            choices.append(DEPARTMENTS[int(gain.argmax())])
        self.choices = self.choices or choices
        return {
            "right": float(np.mean([choice == label for choice, (_, label) in zip(choices, self.tickets)])),
            "alike": float(np.mean([choice == first for choice, first in zip(choices, self.choices)])),
        }

    def chances_of_labels(self, shown: Sequence, text: str) -> np.ndarray:
        """ln P(label) after the examples and a message. Against those of an empty message: Zhao et al. 2021."""
        first = shown.read(self.ids(f"Message: {text}\nDepartment:"))
        return np.array([self.chance(shown.fork(), first, self.ids(f" {label}")) for label in DEPARTMENTS])

    def chance(self, sequence: Sequence, logits: np.ndarray, label: list[int]) -> float:
        total = float(log_softmax(logits)[label[0]])
        if len(label) > 1:
            after = sequence.read_all(label[:-1])
            total += sum(float(log_softmax(row)[token]) for row, token in zip(after, label[1:]))
        return total

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gguf", required=True, help="the source, with its embedding in Q8_0")
    arguments.add_argument("--data", required=True, type=Path)
    arguments.add_argument("--formats", nargs="+", default=FORMATS)
    arguments.add_argument("--windows", type=int, default=8, help=f"texts of {WINDOW} tokens")
    arguments.add_argument("--tickets", type=int, default=15, help="a department")
    given = arguments.parse_args()
    source = Checkpoint(given.gguf)
    embedding = source.floats(EMBEDDING)
    comparison = Comparison(source, given.data, given.windows, given.tickets)
    print("| embedding | MB | perplexity | same next token | KL, nats | department right | same department |")
    print("|---|---|---|---|---|---|---|")
    for name in given.formats:
        figures = comparison.run(Reference(source, rounded(embedding, name)))
        size = encode(embedding, name)[0].nbytes / 1e6
        print(
            f"| {name} | {size:.1f} | {figures['perplexity']:.3f} | {figures['same']:.2%} | {figures['drift']:.4f} "
            f"| {figures['right']:.1%} | {figures['alike']:.1%} |",
            flush=True,
        )
    print(f"\n{figures['tokens']} predicted tokens, {len(comparison.tickets)} messages")
