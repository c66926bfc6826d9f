"""Step 5: trees that judge candidates, cross-validated by note; writes the trees and their calibration."""
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np

FOLDS = 5
PARAMETERS = {'objective': 'binary', 'learning_rate': 0.08, 'num_leaves': 15, 'min_data_in_leaf': 40, 'feature_fraction': 0.5,
              'bagging_fraction': 0.8, 'bagging_freq': 1, 'lambda_l2': 5.0, 'verbosity': -1, 'seed': 1, 'num_threads': 1,
              'deterministic': True, 'force_row_wise': True}
ROUNDS = 160


def load(build: Path, name: str, notes: dict[str, dict]):
    head = json.loads((build / f'{name}-rows.json').read_text())
    x = np.fromfile(build / f'{name}.f32', dtype=np.float32).reshape(-1, len(head['features']))
    ids, y, codes = [], [], []
    for note, found in head['codes']:
        gold = set(filter(None, notes[note]['mapped']))
        for code in found:
            ids.append(note)
            codes.append(code)
            y.append(code in gold)
    return x, np.array(y, dtype=np.float64), np.array(ids), np.array(codes), head['features']


def average_precision(ranked: list[str], gold: set[str]) -> float:
    hits, total = 0, 0.0
    for rank, code in enumerate(ranked, 1):
        if code in gold:
            hits += 1
            total += hits / rank
    return total / len(gold) if gold else 0.0


def report(name: str, scores, ids, codes, notes: dict[str, dict], most: int | None = 30) -> float:
    """All gold codes count, those too that the table does not hold (they can never be found)."""
    aps, r10, r30 = [], [], []
    for note in dict.fromkeys(notes):
        rows = np.flatnonzero(ids == note)
        order = rows[np.argsort(-scores[rows], kind='stable')]
        gold = {exact or f'?{code}' for code, exact in zip(notes[note]['gold'], notes[note]['exact'])}
        ranked = [str(c) for c in codes[order]]
        aps.append(average_precision(ranked[:most], gold))
        r10.append(len(gold & set(ranked[:10])) / len(gold))
        r30.append(len(gold & set(ranked[:30])) / len(gold))
    print(f'{name}: MAP {np.mean(aps):.4f}  recall@10 {np.mean(r10):.3f}  recall@30 {np.mean(r30):.3f}  n {len(aps)}')
    return float(np.mean(aps))


def fit(x, y):
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(x, y), ROUNDS)


def platt(raw, y) -> tuple[float, float]:
    """Slope and offset of the logistic curve from raw scores to P, by Newton's method."""
    slope, offset = 1.0, 0.0
    for _ in range(30):
        p = 1 / (1 + np.exp(-(slope * raw + offset)))
        w = p * (1 - p) + 1e-9
        gradient = np.array([((p - y) * raw).sum(), (p - y).sum()])
        hessian = np.array([[(w * raw * raw).sum(), (w * raw).sum()], [(w * raw).sum(), w.sum()]])
        slope, offset = np.array([slope, offset]) - np.linalg.solve(hessian, gradient)
    return float(slope), float(offset)


def listed(scores, ids, most: int = 30):
    """Rows that are among the first 30 of their note."""
    keep = np.zeros(len(scores), dtype=bool)
    for note in np.unique(ids):
        rows = np.flatnonzero(ids == note)
        keep[rows[np.argsort(-scores[rows], kind='stable')][:most]] = True
    return keep


def calibration_error(p, y, bins: int = 15) -> float:
    """Expected calibration error, bins of equal mass."""
    parts = np.array_split(np.argsort(p, kind='stable'), bins)
    return float(sum(len(b) * abs(p[b].mean() - y[b].mean()) for b in parts) / len(p))


def f1(p, y, gold: int, threshold: float) -> float:
    taken = p >= threshold
    return float(2 * y[taken].sum() / (taken.sum() + gold))


def tree_of(node: dict) -> dict:
    """One tree as columns; leaf k is -1 - k."""
    tree = {'feature': [], 'threshold': [], 'left': [], 'right': [], 'leaf': []}

    def add(node: dict) -> int:
        if 'leaf_value' in node:
            tree['leaf'].append(float(f"{node['leaf_value']:.6g}"))
            return -len(tree['leaf'])
        at = len(tree['feature'])
        tree['feature'].append(node['split_feature'])
        tree['threshold'].append(node['threshold'])
        for side in ('left', 'right'):
            tree[side].append(0)
        tree['left'][at] = add(node['left_child'])
        tree['right'][at] = add(node['right_child'])
        return at

    add(node)
    return tree


def main() -> None:
    build = Path(sys.argv[1])
    notes = {note['id']: note for note in json.loads((build / 'train.json').read_text())}
    parts = [load(build, f'rows-{k}', notes) for k in range(FOLDS)]
    names = parts[0][4]
    x, y, ids, codes = (np.concatenate([p[i] for p in parts]) for i in range(4))
    fold = np.concatenate([np.full(len(p[1]), k) for k, p in enumerate(parts)])
    gold = sum(len(n['gold']) for n in notes.values())
    print('rows', len(y), 'positives', int(y.sum()), 'of gold', gold)
    raw = np.zeros(len(y))
    for k in range(FOLDS):
        raw[fold == k] = fit(x[fold != k], y[fold != k]).predict(x[fold == k], raw_score=True)
    np.save(build / 'held.npy', raw)
    report('train, cross-validated, first 30', raw, ids, codes, notes)
    report('train, cross-validated, whole list', raw, ids, codes, notes, None)
    p = np.zeros(len(y))
    for k in range(FOLDS):
        slope, offset = platt(raw[fold != k], y[fold != k])
        p[fold == k] = 1 / (1 + np.exp(-(slope * raw[fold == k] + offset)))
    keep = listed(raw, ids)
    threshold = max(np.arange(0.05, 0.6, 0.01), key=lambda t: f1(p[keep], y[keep], gold, t))
    print(f'ECE of the first 30 {calibration_error(p[keep], y[keep]):.4f}  threshold {threshold:.2f}  F1 {f1(p[keep], y[keep], gold, threshold):.3f}')
    slope, offset = platt(raw, y)
    model = fit(x, y)
    gains = model.feature_importance('gain')
    print(', '.join(f'{names[i]} {gains[i] / gains.sum():.3f}' for i in np.argsort(-gains)))
    out = {'features': names, 'trees': [tree_of(t['tree_structure']) for t in model.dump_model()['tree_info']],
           'calibration': {'slope': slope, 'offset': offset}, 'threshold': round(float(threshold), 2)}
    (build / 'trees.json').write_text(json.dumps(out, separators=(',', ':')))


if __name__ == '__main__':
    main()
