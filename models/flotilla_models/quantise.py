"""Rounds the encoder's weights to few levels that an int8 tensor holds and that gzip packs well.

A gzip'd int8 tensor costs about its entropy, not its width. So the levels are evenly spaced (entropy-coded uniform
quantiser): the step sets both the size and the error, and nothing is clipped. Linear layers are rounded column by
column with the remaining columns correcting the error (GPTQ, Frantar et al. 2022) on the inputs that training texts
cause; embedding rows are rounded to the nearest level, rare rows more coarsely.
"""
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .bert import LINEARS, Bert, pad

LARGEST_LEVEL = 127
DAMPING = 0.01


@dataclass
class Steps:
    """Width of one level as a share of the root mean square of the row (output channel or token)."""

    attention: float = 0.14
    feed_forward: float = 0.13
    frequent_tokens: float = 0.33
    rare_tokens: float = 0.6
    foreign_tokens: float = 2.0
    positions: float = 0.1
    frequent: int = 12_000


def row_scales(weight: Tensor, share: Tensor | float) -> Tensor:
    """Width of a level per row [rows, 1]; wide enough that the largest value fits in int8."""
    wanted = weight.square().mean(1, keepdim=True).sqrt() * share
    return torch.maximum(wanted, weight.abs().amax(1, keepdim=True) / LARGEST_LEVEL).clamp_min(1e-9)


def refit(weight: Tensor, levels: Tensor, scales: Tensor) -> Tensor:
    """Least-squares scale per row for levels that are already chosen."""
    norm = levels.square().sum(1, keepdim=True)
    return torch.where(norm > 0, (weight * levels).sum(1, keepdim=True) / norm.clamp_min(1), scales)


def round_rows(weight: Tensor, share: Tensor | float) -> tuple[np.ndarray, np.ndarray]:
    """Nearest levels int8 [rows, columns] and their scales float32 [rows]; `share` may be a column, one per row."""
    scales = row_scales(weight, share)
    levels = torch.round(weight / scales).clamp(-LARGEST_LEVEL, LARGEST_LEVEL)
    return levels.to(torch.int8).numpy(), refit(weight, levels, scales)[:, 0].numpy()


def round_words(weight: Tensor, tokens: list[str], steps: Steps) -> tuple[np.ndarray, np.ndarray]:
    """Word embeddings: the vocabulary is ordered by frequency; unused and non-Latin tokens get the widest steps."""
    share = torch.full((len(tokens), 1), steps.rare_tokens)
    share[: steps.frequent] = steps.frequent_tokens
    for index, token in enumerate(tokens):
        if token.startswith("[unused") or any(ord(character) > 0x24F for character in token):
            share[index] = steps.foreign_tokens
    return round_rows(weight, share)


@torch.no_grad()
def input_products(model: Bert, token_ids: list[list[int]]) -> dict[str, Tensor]:
    """Mean of x·xᵀ over the inputs x of every linear layer, by name such as `0.q` (padding left out)."""
    products: dict[str, Tensor] = {}
    counts: dict[str, int] = {}
    hooks = []
    for index, layer in enumerate(model.layers):
        for name in ("q", "o", "f1", "f2"):
            def record(_module, inputs, key=f"{index}.{name}"):
                x = inputs[0].reshape(-1, inputs[0].shape[-1])
                products[key] = products.get(key, 0) + x.T @ x
                counts[key] = counts.get(key, 0) + len(x)
            hooks.append(getattr(layer, name).register_forward_pre_hook(record))
    model.eval()
    for ids in token_ids:
        model(*(torch.tensor(part) for part in pad([ids])))
    for hook in hooks:
        hook.remove()
    means = {key: value / counts[key] for key, value in products.items()}
    for index in range(len(model.layers)):
        means[f"{index}.k"] = means[f"{index}.v"] = means[f"{index}.q"]
    return means


def round_with_correction(weight: Tensor, products: Tensor, share: float) -> tuple[np.ndarray, np.ndarray]:
    """GPTQ: int8 levels [out, in] and scales [out] that keep weight·x, not weight, close."""
    width = weight.shape[1]
    damped = products + torch.eye(width) * products.diagonal().mean() * DAMPING
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
    scales = row_scales(weight, share)
    rest, levels = weight.clone(), torch.zeros_like(weight)
    for column in range(width):
        levels[:, column] = torch.round(rest[:, column] / scales[:, 0]).clamp(-LARGEST_LEVEL, LARGEST_LEVEL)
        error = (rest[:, column] - levels[:, column] * scales[:, 0]) / inverse[column, column]
        rest[:, column:] -= error[:, None] * inverse[column, column:][None]
    return levels.to(torch.int8).numpy(), scales[:, 0].numpy()


def round_layers(model: Bert, products: dict[str, Tensor], steps: Steps) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Levels and scales of every linear layer, by name such as `0.q`."""
    rounded = {}
    for index, layer in enumerate(model.layers):
        for name in LINEARS:
            share = steps.feed_forward if name.startswith("f") else steps.attention
            weight = getattr(layer, name).weight.detach()
            rounded[f"{index}.{name}"] = round_with_correction(weight, products[f"{index}.{name}"], share)
    return rounded
