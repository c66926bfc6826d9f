"""Step 3: phrases of the notes and the codes they stand for, once without each fifth of the notes and once with all."""
import collections
import json
import sys
from pathlib import Path

FOLDS = 5
MOST_STEMS = 6
# A phrase that is evidence of a code in fewer of its notes is left out: a wrong alignment.
LEAST_SHARE = 0.05
# NEGATED and FAMILY of context.ts: what the note denies or says of others teaches nothing.
DENIED = 1 | 2
# Words that deny are no part of a finding.
DENIALS = {'no', 'not', 'nor', 'without', 'neither', 'never', 'neg', 'negat', 'deni', 'absenc', 'absent'}


def keys_in(read: dict, first: dict[str, list[frozenset]], reach: int = 7) -> set[frozenset]:
    """Phrases of which all stems stand within `reach` words of one another in a sentence."""
    found = set()
    for sentence in read['sentences']:
        places = collections.defaultdict(list)
        for i, word in enumerate(sentence):
            if word[2] & DENIED:
                continue
            for stem in word[1]:
                places[stem].append(i)
        for stem in places:
            for key in first.get(stem, ()):
                if key in found or not all(s in places for s in key):
                    continue
                if any(all(min(abs(p - at) for p in places[s]) <= reach for s in key) for at in places[stem]):
                    found.add(key)
    return found


def is_finding(stems: set[str]) -> bool:
    return 0 < len(stems) <= MOST_STEMS and any(len(s) > 2 and s.isalpha() for s in stems)


def is_denied(words: list) -> bool:
    return all(flags & DENIED for _, stems, flags in words if set(stems) - DENIALS)


def learn(notes: list[dict], words: list[dict], mentions: list[list]) -> dict:
    evidence = collections.Counter()
    for found, read in zip(mentions, words):
        evidence.update({(frozenset(stems) - DENIALS, code) for code, stems, _, i, first, last in found
                         if is_finding(set(stems) - DENIALS) and not is_denied(read['sentences'][i][first:last + 1])})
    stem_counts = collections.Counter(s for key, _ in evidence for s in key)
    first = collections.defaultdict(list)
    for key in {key for key, _ in evidence}:
        first[min(key, key=lambda s: (stem_counts[s], s))].append(key)
    seen, together = collections.Counter(), collections.Counter()
    codes_of = collections.defaultdict(set)
    for key, code in evidence:
        codes_of[key].add(code)
    for note, read in zip(notes, words):
        gold = set(filter(None, note['mapped']))
        for key in keys_in(read, first):
            seen[key] += 1
            together.update((key, code) for code in codes_of[key] & gold)
    phrases = [{'stems': sorted(key), 'code': code, 'asEvidence': n, 'together': max(n, together[key, code]), 'notes': max(n, seen[key])}
               for (key, code), n in evidence.items() if n / (max(n, seen[key]) + 1) >= LEAST_SHARE]
    phrases.sort(key=lambda p: (p['code'], p['stems']))
    codes, categories = collections.Counter(), collections.Counter()
    for note in notes:
        gold = set(filter(None, note['mapped']))
        codes.update(gold)
        categories.update({code[:3] for code in gold})
    return {'phrases': phrases, 'codes': sorted(codes.items()), 'categories': sorted(categories.items())}


def main() -> None:
    build = Path(sys.argv[1])
    notes, words, mentions = (json.loads((build / f'{name}.json').read_text()) for name in ('train', 'train-words', 'mentions'))
    for fold in [*range(FOLDS), None]:
        keep = [i for i in range(len(notes)) if fold is None or i % FOLDS != fold]
        learned = learn([notes[i] for i in keep], [words[i] for i in keep], [mentions[i] for i in keep])
        (build / f'learned-{"all" if fold is None else fold}.json').write_text(json.dumps(learned, separators=(',', ':')))
        print(fold, len(learned['phrases']))


if __name__ == '__main__':
    main()
