"""
Step 2: finds in the English note what the Spanish evidence of a code speaks of. A Spanish word fits an English one through
an own word list, through likeness of their letters (most medical words are cognates) or through turning up in the same notes.
"""
import collections
import json
import math
import re
import unicodedata
from functools import lru_cache
from difflib import SequenceMatcher
from pathlib import Path

from spanish import DICTIONARY

SPANISH_STOP = set('de del la el los las en y a con por para un una se al su e o que lo es no sin'.split())
MOST_WINDOW = 8
LEAST_SCORE = 0.5


def plain(word: str) -> str:
    return ''.join(c for c in unicodedata.normalize('NFD', word.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    for old, new in (('ph', 'f'), ('th', 't'), ('y', 'i'), ('qu', 'c'), ('ck', 'c'), ('k', 'c'), ('ch', 'c'), ('h', ''),
                     ('ae', 'e'), ('oe', 'e'), ('cion', 'tion'), ('z', 'c'), ('cc', 'c'), ('pn', 'n'), ('ps', 's')):
        word = word.replace(old, new)
    word = re.sub(r'(.)\1', r'\1', word)
    return re.sub(r'(os|as|es|o|a|e|s|al|ar|ic|ico|ica|ous|oso|osa|m|um|us)$', '', word) if len(word) > 5 else word


@lru_cache(maxsize=2_000_000)
def likeness(spanish: str, english: str) -> float:
    """0..1: how much two words look alike once spelling conventions are taken away."""
    a, b = skeleton(spanish), skeleton(english)
    if len(a) < 3 or len(b) < 3:
        return 1.0 if a == b and len(a) > 1 else 0.0
    if a[:2] != b[:2]:
        return 0.0
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return max(0.0, (ratio - 0.7) / 0.3)


def spanish_words(phrase: str) -> list[str]:
    return [w for w in re.findall(r'\w+', plain(phrase)) if w not in SPANISH_STOP]


class Aligner:
    def __init__(self, notes: list[dict], words: list[dict]):
        self.notes, self.words = notes, words
        self.together: dict[tuple[str, str], float] = {}
        self.learn()

    def learn(self) -> None:
        """phi coefficient of "evidence holds s" and "text holds e" over the notes."""
        n = len(self.notes)
        es_in, en_in, both = collections.Counter(), collections.Counter(), collections.Counter()
        for note, read in zip(self.notes, self.words):
            spanish = {w for e in note['evidence'] for w in spanish_words(e['es'])}
            english = {word[0] for sentence in read['sentences'] for word in sentence if word[1]}
            es_in.update(spanish)
            en_in.update(english)
            both.update((s, e) for s in spanish if s for e in english)
        for (s, e), k in both.items():
            if k < 3:
                continue
            a, b = es_in[s], en_in[e]
            phi = (k * n - a * b) / math.sqrt(max(1, a * b * (n - a) * (n - b)))
            if phi > 0.25:
                self.together[s, e] = min(1.0, phi * 1.4)
        self.rarity = {s: math.log(1 + n / k) for s, k in es_in.items()}

    def fit(self, s: str, e: str) -> float:
        known = 1.0 if e in DICTIONARY.get(s, ()) else 0.0
        return max(known, self.together.get((s, e), 0.0), likeness(s, e))

    def spans(self, phrase: str, read: dict) -> list[tuple[float, int, int, int]]:
        """(score, sentence, first word, last word) of all windows that fit best."""
        spanish = spanish_words(phrase)
        total = sum(self.rarity.get(s, 5.0) for s in spanish)
        if not total:
            return []
        found = []
        for i, sentence in enumerate(read['sentences']):
            fits = [[self.fit(s, w[0]) if w[1] else 0.0 for w in sentence] for s in spanish]
            hits = sorted({j for row in fits for j, x in enumerate(row) if x >= 0.4})
            for start in hits:
                for end in hits:
                    if not start <= end < start + MOST_WINDOW:
                        continue
                    gained = sum(self.rarity.get(s, 5.0) * max(row[start:end + 1]) for s, row in zip(spanish, fits))
                    extra = sum(1 for w in sentence[start:end + 1] if w[1]) - len(spanish)
                    found.append((gained / total - 0.04 * max(0, extra) - 0.002 * (end - start), i, start, end))
        best = max((f[0] for f in found), default=0.0)
        if best < LEAST_SCORE:
            return []
        chosen: list[tuple[float, int, int, int]] = []
        for f in sorted(found, reverse=True):
            if f[0] < max(LEAST_SCORE, best - 0.1):
                break
            if all(f[1] != c[1] or f[3] < c[2] or f[2] > c[3] for c in chosen):
                chosen.append(f)
        return chosen


def mentions(notes: list[dict], words: list[dict]) -> list[list[tuple[str, tuple[str, ...], float, int, int, int]]]:
    """For every note: (code, stems of the span, score, sentence, first, last)."""
    aligner = Aligner(notes, words)
    result = []
    for note, read in zip(notes, words):
        found = {}
        for e in note['evidence']:
            if e['kind'] != 'diagnosis' or not e['code']:
                continue
            for score, i, start, end in aligner.spans(e['es'], read):
                stems = tuple(stem for w in read['sentences'][i][start:end + 1] for stem in w[1])
                found[e['code'], i, start, end] = (e['code'], stems, score, i, start, end)
        result.append(list(found.values()))
    return result


if __name__ == '__main__':
    import sys
    build = Path(sys.argv[1])
    notes = json.loads((build / 'train.json').read_text())
    words = json.loads((build / 'train-words.json').read_text())
    found = mentions(notes, words)
    (build / 'mentions.json').write_text(json.dumps(found))
    gold = sum(len(set(filter(None, note['mapped']))) for note in notes)
    print('codes aligned', sum(len({m[0] for m in ms}) for ms in found), 'of', gold)
