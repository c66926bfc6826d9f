"""The corpora of the shipped specialists, and the one split that every recipe and the evaluation share.

A row is held out by a hash of its normalised text (or of its conversation), never by position, so that equal texts
always land on the same side and the TypeScript evaluation can find the same rows again.
"""
import csv
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

DATA_DIR = Path(os.environ.get("FLOTILLA_DATA", Path(__file__).parents[3] / "shared" / "data"))
HELD_OUT_PERCENT = 15
# Turns that any department may contain: they say nothing about which one it is.
GENERIC_INTENTS = {"confirmation", "openinggreeting", "rejection", "thankyou", "closinggreeting", "outofdomain"}
DEPARTMENTS = ("airline", "fastfood", "finance", "insurance", "media", "software")


@dataclass
class Corpus:
    """Texts and label strings of one specialist. `oos_*` are texts that belong to none of its labels."""

    id: str
    train: list[tuple[str, str]] = field(default_factory=list)
    held_out: list[tuple[str, str]] = field(default_factory=list)
    oos_train: list[str] = field(default_factory=list)
    oos_held_out: list[str] = field(default_factory=list)
    facet_train: list[str] = field(default_factory=list)
    facet_held_out: list[str] = field(default_factory=list)


def normalise(text: str) -> str:
    """Lower case, single spaces: the key under which two texts count as the same."""
    return " ".join(text.lower().split())


def is_held_out(key: str, percent: int = HELD_OUT_PERCENT) -> bool:
    """True for `percent` of all keys, by the first four bytes of the key's sha-256."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest()[:4], "big") % 100 < percent


def read_csv(relative_path: str) -> list[dict[str, str]]:
    """Rows of a CSV file under the data folder, as dictionaries."""
    with open(DATA_DIR / relative_path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assistant_requests() -> Corpus:
    """CLINC150: the published train and validation parts; label `oos` becomes the out-of-scope lists."""
    corpus = Corpus("assistant-requests")
    for part, rows, oos in (("train", corpus.train, corpus.oos_train), ("val", corpus.held_out, corpus.oos_held_out)):
        for row in read_csv(f"clinc150/{part}.csv"):
            if row["label"] == "oos":
                oos.append(row["text"])
            else:
                rows.append((row["text"], row["label"]))
    return corpus


def home_commands() -> Corpus:
    """HWU64: the published train and validation parts."""
    corpus = Corpus("home-commands")
    corpus.train = [(r["text"], r["label"]) for r in read_csv("hwu64/train.csv")]
    corpus.held_out = [(r["text"], r["label"]) for r in read_csv("hwu64/val.csv")]
    return corpus


def _split_by_text(corpus: Corpus, relative_path: str) -> Corpus:
    for row in read_csv(relative_path):
        side = corpus.held_out if is_held_out(normalise(row["text"])) else corpus.train
        side.append((row["text"], row["label"]))
    return corpus


def banking_tickets() -> Corpus:
    """BANKING77: no validation part is published, so 15 % of train is held out by text."""
    return _split_by_text(Corpus("banking-tickets"), "banking77/train.csv")


def email_intents() -> Corpus:
    """Parakweet: no validation part is published, so 15 % of train is held out by text."""
    return _split_by_text(Corpus("email-intents"), "parakweet_email_intent/train.csv")


def customer_service() -> Corpus:
    """MultiDoGO: 15 % of the conversations are held out. Turns with several intents are left out.

    Within the training part, a repeated (text, intent, department) is kept at most three times.
    """
    corpus = Corpus("customer-service")
    seen: dict[tuple[str, str, str], int] = {}
    for department in DEPARTMENTS:
        for row in read_csv(f"multidogo/{department}.csv"):
            text, intent = row["text"], row["intent"].strip()
            if "<div>" in intent or not text.strip():
                continue
            if is_held_out(f"{department}/{row['conversation']}"):
                corpus.held_out.append((text, intent))
                corpus.facet_held_out.append(department)
                continue
            key = (normalise(text), intent, department)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= 3:
                corpus.train.append((text, intent))
                corpus.facet_train.append(department)
    rare = {label for label in {y for _, y in corpus.train} if sum(y == label for _, y in corpus.train) < 20}
    for rows, facets in ((corpus.train, corpus.facet_train), (corpus.held_out, corpus.facet_held_out)):
        keep = [i for i, (_, label) in enumerate(rows) if label not in rare]
        rows[:], facets[:] = [rows[i] for i in keep], [facets[i] for i in keep]
    return corpus


def all_corpora() -> list[Corpus]:
    """Every corpus, with the texts that another corpus holds out removed from all training parts."""
    corpora = [assistant_requests(), banking_tickets(), home_commands(), customer_service(), email_intents()]
    held_out = {normalise(t) for c in corpora if c.id != "customer-service" for t, _ in c.held_out}
    for corpus in corpora:
        if corpus.id == "customer-service":
            continue  # short everyday turns repeat across conversations by nature; the split is by conversation
        corpus.train = [row for row in corpus.train if normalise(row[0]) not in held_out]
    return corpora


if __name__ == "__main__":
    for c in all_corpora():
        print(c.id, "train", len(c.train), "held out", len(c.held_out), "labels", len({y for _, y in c.train}),
              "oos", len(c.oos_train), len(c.oos_held_out))
