"""Writes the token ids that `tokenizers` gives for a sample of texts: the fixture of the WordPiece contract test.

    python -m flotilla_models.wordpiece_fixture --out ../test/contract/fixtures/wordpiece.jsonl.gzip
"""
import argparse
import json
from pathlib import Path

import numpy as np

from .bert import load_tokenizer
from .corpora import all_corpora
from .export import gzip_bytes

MAX_TOKENS = 64
SAMPLED = 2000
RANDOM = 600
NASTY = [
    "", " ", "\t\n\r\u00a0\u2003\u3000", "a\u0000b\ufffdc", "e\u0301 é ｅ", "İstanbul Σίσυφος ΣΑΣ", "ﬁnance ﬀ ½ ²", "中文字符 mixed 日本語テキスト 한국어",
    "a" * 100, "a" * 101, "é" * 100, "é" * 101, "😀" * 99, "👩‍👩‍👧‍👦 family", "[CLS] x[SEP]y [MASK][PAD] [UNK] [cls]", "[[CLS]]",
    "don't-stop_me.now/ok\\no", "$€£¥₹ 10% ±5 §12 ©®™", "\u200bzero\u200bwidth\u00adsoft\u2060", "\u202eright\u202c-to-left שלום مرحبا",
    "½⅓ ① Ⅳ ∑∏", "ªº\u02c6\u0060\u00b4", "x" * 5000, ("ab " * 400).strip(), "!" * 300, "\u0345\u0300", "ǅ ǈ ß ẞ ŉ", "ก็ไม่ได้ नमस्ते বাংলা",
    "https://example.org/a?b=c&d=%20#frag user@example.org 192.168.0.1", "<b>bold</b> &amp; \"quoted\" 'single'", "\u037e\u0387\u1fef\u2126\u212b",
    "naïve façade Ångström œuvre Žižek Łódź đà", "…—–‘’“”«»‹›", "\ue000\U000f0000private", "𝒳𝔘 𐐀𐐨 🇩🇪",
]
POOLS = [(0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x5D0, 0x5EA), (0x621, 0x64A),
         (0x2000, 0x206F), (0x3041, 0x3096), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x1F600, 0x1F64F), (0xF900, 0xFAD9)]


def random_text(rng: np.random.Generator) -> str:
    """A few words of characters drawn from one or two blocks, with stray spaces and punctuation."""
    pools = [POOLS[i] for i in rng.integers(0, len(POOLS), 2)] + [(0x20, 0x7E)]
    characters = []
    for _ in range(int(rng.integers(1, 40))):
        low, high = pools[int(rng.integers(0, len(pools)))]
        characters.append(chr(int(rng.integers(low, high + 1))))
    return "".join(characters)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", required=True, type=Path)
    options = arguments.parse_args()
    rng = np.random.default_rng(7)
    texts = sorted({text for corpus in all_corpora() for text, _ in corpus.train})
    sample = [texts[i] for i in rng.permutation(len(texts))[:SAMPLED]] + [random_text(rng) for _ in range(RANDOM)] + NASTY
    tokenizer, whole = load_tokenizer(MAX_TOKENS), load_tokenizer(1_000_000)
    lines = []
    for text in sample:
        ids = tokenizer.encode(text).ids
        lines.append(json.dumps([text, ids[1:-1], len(whole.encode(text).ids) > len(ids)], ensure_ascii=True, separators=(",", ":")))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    packed = gzip_bytes(("\n".join(lines) + "\n").encode())
    options.out.write_bytes(packed)
    print(len(lines), "texts", len(packed), "bytes")


if __name__ == "__main__":
    main()
