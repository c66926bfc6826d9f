"""The float reference: Llama in numpy float32 on the dequantised weights, one sequence, straight from the definition."""
import numpy as np

from .checkpoint import EMBEDDING, Checkpoint


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """ln of the probabilities at temperature 1, in float64."""
    shifted = logits.astype(np.float64) - logits.max()
    return shifted - np.log(np.exp(shifted).sum())


class Reference:
    """Weights as float32 (4 bytes a parameter in memory). `embedding` replaces the stored embedding, for comparisons."""

    def __init__(self, checkpoint: Checkpoint, embedding: np.ndarray | None = None):
        self.config = checkpoint.config
        self.weights = {name: checkpoint.floats(name) for name in checkpoint.tensors}
        if embedding is not None:
            self.weights[EMBEDDING] = embedding

    def start(self) -> "Sequence":
        return Sequence(self)


class Sequence:
    """A text as far as it was read, with the keys and values of every layer."""

    def __init__(self, model: Reference):
        self.model = model
        self.length = 0
        self.keys = [None] * model.config.layers
        self.values = [None] * model.config.layers

    def fork(self) -> "Sequence":
        """Another sequence that goes on from here; keys and values are never changed in place."""
        other = Sequence(self.model)
        other.length, other.keys, other.values = self.length, list(self.keys), list(self.values)
        return other

    def read(self, ids: list[int]) -> np.ndarray:
        """Logits [vocabulary] of the token after `ids`."""
        return self.read_all(ids)[-1]

    def read_all(self, ids: list[int]) -> np.ndarray:
        """Logits [tokens, vocabulary] after each of `ids`."""
        weights, config = self.model.weights, self.model.config
        x = weights[EMBEDDING][np.asarray(ids)]
        positions = np.arange(self.length, self.length + len(ids))
        for layer in range(config.layers):
            name = f"blk.{layer}."
            x = x + self._attention(layer, self._norm(x, name + "attn_norm.weight"), positions)
            h = self._norm(x, name + "ffn_norm.weight")
            gate = h @ weights[name + "ffn_gate.weight"].T
            up = h @ weights[name + "ffn_up.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ weights[name + "ffn_down.weight"].T
        self.length += len(ids)
        return self._norm(x, "output_norm.weight") @ weights[EMBEDDING].T

    def _norm(self, x: np.ndarray, name: str) -> np.ndarray:
        mean = np.mean(np.square(x), axis=-1, keepdims=True)
        return x / np.sqrt(mean + np.float32(self.model.config.epsilon)) * self.model.weights[name]

    def _attention(self, layer: int, x: np.ndarray, positions: np.ndarray) -> np.ndarray:
        weights, config = self.model.weights, self.model.config
        name, tokens = f"blk.{layer}.", len(positions)
        query = (x @ weights[name + "attn_q.weight"].T).reshape(tokens, config.heads, config.head_dim)
        key = (x @ weights[name + "attn_k.weight"].T).reshape(tokens, config.kv_heads, config.head_dim)
        value = (x @ weights[name + "attn_v.weight"].T).reshape(tokens, config.kv_heads, config.head_dim)
        query, key = self._rotate(query, positions), self._rotate(key, positions)
        if self.keys[layer] is not None:
            key = np.concatenate([self.keys[layer], key])
            value = np.concatenate([self.values[layer], value])
        self.keys[layer], self.values[layer] = key, value
        group = config.heads // config.kv_heads
        key, value = np.repeat(key, group, axis=1), np.repeat(value, group, axis=1)
        scores = np.einsum("qhd,khd->hqk", query, key) / np.float32(np.sqrt(config.head_dim))
        scores = np.where(np.arange(len(key)) > positions[:, None], np.float32(-np.inf), scores)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", scores, value).reshape(tokens, -1)
        return mixed @ weights[name + "attn_output.weight"].T

    def _rotate(self, x: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """GGUF keeps the two values of a rotation side by side."""
        config = self.model.config
        steps = config.rope_theta ** (-np.arange(0, config.head_dim, 2) / config.head_dim)
        angles = (positions[:, None] * steps)[:, None]
        cos, sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        a, b = x[..., 0::2], x[..., 1::2]
        return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(x.shape)
