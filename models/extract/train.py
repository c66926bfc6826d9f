"""Trains gradient-boosted trees of the fields in a folder and writes them as columns, for workers/tasks/extract/trees.ts.

python train.py <folder> <field> …   reads <field>.f32 and <field>.json, writes <field>.scorers.json. scikit-learn 1.9, fixed seed.
Needs nothing else; about a minute a field on one core.
"""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 5
# A column that differs from the first row in fewer rows than this is left out.
RARE = 12


def fit(x, y, weight, settings):
    model = HistGradientBoostingClassifier(
        max_iter=settings["iterations"],
        max_leaf_nodes=settings["leaves"],
        learning_rate=0.1,
        min_samples_leaf=10,
        l2_regularization=2.0,
        max_features=0.3,
        early_stopping=False,
        random_state=7,
    )
    return model.fit(x, y, sample_weight=weight)


def columns(predictor, kept):
    nodes = predictor.nodes
    leaf = nodes["is_leaf"] == 1
    return {
        "feature": [-1 if is_leaf else int(kept[f]) for is_leaf, f in zip(leaf, nodes["feature_idx"])],
        "threshold": [0 if is_leaf else float(t) for is_leaf, t in zip(leaf, nodes["num_threshold"])],
        "left": [0 if is_leaf else int(i) for is_leaf, i in zip(leaf, nodes["left"])],
        "right": [0 if is_leaf else int(i) for is_leaf, i in zip(leaf, nodes["right"])],
        "value": [round(float(v), 5) if is_leaf else 0 for is_leaf, v in zip(leaf, nodes["value"])],
    }


def export(model, x, kept):
    trees = [columns(predictors[0], kept) for predictors in model._predictors]
    base = float(np.ravel(model._baseline_prediction)[0])
    scorer = {"width": x.shape[1], "base": base, "trees": trees}
    some = x[:: max(1, len(x) // 50)]
    wanted = model.decision_function(some[:, kept])
    got = np.array([walk(scorer, row) for row in some])
    assert np.abs(wanted - got).max() < 1e-3, np.abs(wanted - got).max()
    return scorer


def walk(scorer, row):
    total = scorer["base"]
    for tree in scorer["trees"]:
        node = 0
        while tree["feature"][node] >= 0:
            goes_left = row[tree["feature"][node]] <= tree["threshold"][node]
            node = tree["left"][node] if goes_left else tree["right"][node]
        total += tree["value"][node]
    return total


def main(folder, fields):
    for field in fields:
        scorers = {}
        settings = json.loads((folder / f"{field}.json").read_text())
        x = np.fromfile(folder / f"{field}.f32", dtype=np.float32).reshape(-1, settings["width"])
        y = np.array(settings["label"])
        fold = np.array(settings["fold"])
        weight = np.array(settings["weight"], dtype=float)
        for part in [*range(FOLDS), "all"]:
            rows = np.ones(len(y), bool) if part == "all" else fold != part
            kept = np.flatnonzero((x[rows] != x[0]).sum(axis=0) >= RARE)
            model = fit(x[rows][:, kept], y[rows], weight[rows], settings)
            scorers[f"{field}.{part}"] = export(model, x[rows].astype(np.float64), kept)
        (folder / f"{field}.scorers.json").write_text(json.dumps(scorers))
        print(field, len(y), "rows", int(y.sum()), "positive", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
