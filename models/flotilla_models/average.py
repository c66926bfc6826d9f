"""Averages the fine-tuned encoder with the base model: keeps what it knew of tasks that it was not tuned on.

    python -m flotilla_models.average --weights build/multitask.pt --share 0.6 --out build/averaged.pt

The share of the fine-tuned weights was chosen on the held-out parts (see docs/decisions).
Weight averaging: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models".
"""
import argparse

import torch

from .bert import load_base


def averaged(weights: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """share · fine-tuned + (1 − share) · base, tensor by tensor."""
    base = load_base().state_dict()
    return {name: share * weights[name] + (1 - share) * base[name] for name in base}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--weights", required=True)
    arguments.add_argument("--share", type=float, default=0.6)
    arguments.add_argument("--out", required=True)
    options = arguments.parse_args()
    state = torch.load(options.weights)["model"]
    torch.save({"model": averaged(state, options.share)}, options.out)


if __name__ == "__main__":
    main()
