"""Fused functions: a whole formula as one node of the graph, with a backward rule of its own.

Composed from small functions, each of these would keep a dozen arrays alive until the way back.
Here only the inputs are kept; what the way back needs is computed again.
"""

from __future__ import annotations

import numpy as np

from autograd.broadcasting import broadcast_to, unbroadcast
from autograd.elementwise import sqrt, where
from autograd.function import Function
from autograd.linear import matmul, transpose_last
from autograd.reductions import mean, softmax, sum
from autograd.shaping import reshape
from autograd.tensor import Array, Tensor


class CrossEntropy(Function):
    """The mean of -log(softmax(logits))[target] over the targets that count."""

    def __init__(self, target: Array, ignore_index: int, label_smoothing: float) -> None:
        super().__init__()
        self.counts = target != ignore_index  # which targets count
        self.target = np.where(self.counts, target, 0)
        self.smoothing = float(label_smoothing)
        self.n = int(np.count_nonzero(self.counts))

    def forward(self, logits: Array) -> Array:
        """Return the loss, 0-d: 0 if no target counts."""
        if not self.n:
            return np.zeros((), logits.dtype)
        shifted = logits - logits.max(-1, keepdims=True)
        losses = np.log(np.exp(shifted).sum(-1))
        sharp, even = self.weights(logits.shape[-1])
        if sharp:
            losses = losses - sharp * np.take_along_axis(shifted, self.target[..., None], -1)[..., 0]
        if even:
            losses = losses - (even * shifted).sum(-1)
        return np.asarray(np.where(self.counts, losses, 0).sum() / self.n)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g (softmax - q) / n, where q is the smoothed target; 0 where none counts."""
        (logits,) = self.inputs
        if not self.n:
            return (broadcast_to(where(False, g, 0.0), logits.shape),)
        sharp, even = self.weights(logits.shape[-1])
        q = np.full(logits.shape, even, logits.dtype)
        at = self.target[..., None]
        np.put_along_axis(q, at, np.take_along_axis(q, at, -1) + sharp, -1)
        errors = softmax(logits, (logits.ndim - 1,)) - q
        return (where(self.counts[..., None], errors * (g / self.n), 0.0),)

    def weights(self, classes: int) -> tuple[float, float]:
        """Return what q has at the target, and what it has everywhere."""
        return 1.0 - self.smoothing, self.smoothing / classes


class LayerNormalization(Function):
    """Layer normalization over the last axis."""

    def __init__(self, eps: float) -> None:
        super().__init__()
        self.eps = float(eps)

    def forward(self, x: Array, weight: Array, bias: Array) -> Array:
        """Return (x - mean) / sqrt(variance + eps) * weight + bias."""
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred * centred).mean(-1, keepdims=True)
        return centred / np.sqrt(variance + self.eps) * weight + bias

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients by x, weight and bias.

        With x̂ the normalized x and h = g weight, that by x is
        (h - mean(h) - x̂ mean(h x̂)) / sqrt(variance + eps).
        """
        x, weight, bias = self.inputs
        centred = x - mean(x, -1, keepdims=True)
        root = sqrt(mean(centred * centred, -1, keepdims=True) + self.eps)
        y = centred / root
        h = g * weight
        gx = (h - mean(h, -1, keepdims=True) - y * mean(y * h, -1, keepdims=True)) / root
        return gx, unbroadcast(g * y, weight.shape), unbroadcast(g, bias.shape)


class Attention(Function):
    """softmax(q kᵀ / √d) v, head by head; several heads of q may share one of k and v."""

    def __init__(self, causal: bool) -> None:
        super().__init__()
        self.causal = causal

    def forward(self, q: Array, k: Array, v: Array) -> Array:
        """Return (..., heads, queries, width); 0 where a query sees no key."""
        rows = q.reshape(self.folded(q.shape, k.shape))
        scores = np.matmul(rows * self.scale(q.shape), np.swapaxes(k, -1, -2))
        if self.causal:
            scores = np.where(self.hidden(q.shape, k.shape), -np.inf, scores)
        largest = scores.max(-1, keepdims=True, initial=-np.inf)
        powers = np.exp(scores - np.where(np.isneginf(largest), 0, largest))
        total = powers.sum(-1, keepdims=True)
        out = np.matmul(powers, v) / np.where(total == 0, 1, total)
        return out.reshape(*q.shape[:-1], v.shape[-1])

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients by q, k and v.

        With P the softmax: dv = Pᵀ g, dP = g vᵀ, dS = P (dP - Σ P dP), dq = dS k / √d,
        dk = dSᵀ q / √d.
        """
        q, k, v = self.inputs
        rows, scale = reshape(q, self.folded(q.shape, k.shape)), self.scale(q.shape)
        g = reshape(g, (*rows.shape[:-1], v.shape[-1]))
        scores = matmul(rows * scale, transpose_last(k))
        if self.causal:
            scores = where(self.hidden(q.shape, k.shape), -np.inf, scores)
        p = softmax(scores, (scores.ndim - 1,))
        gp = matmul(g, transpose_last(v))
        gs = p * (gp - sum(p * gp, -1, keepdims=True)) * scale
        gq = reshape(matmul(gs, k), q.shape)
        return gq, matmul(transpose_last(gs), rows), matmul(transpose_last(p), g)

    def folded(self, q: tuple[int, ...], k: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of q in which all queries that share a head of k are rows of one matrix."""
        return (*q[:-3], k[-3], q[-3] // k[-3] * q[-2], q[-1])

    def scale(self, q: tuple[int, ...]) -> float:
        """Return 1 / √width."""
        return float(q[-1] or 1) ** -0.5

    def hidden(self, q: tuple[int, ...], k: tuple[int, ...]) -> Array:
        """Return where a row of the folded q must not see a key."""
        queries, keys = q[-2], k[-2]
        late = np.arange(keys) - np.arange(queries)[:, None] > keys - queries
        return np.tile(late, (q[-3] // k[-3], 1))


def cross_entropy(
    logits: Tensor, target: Array, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """Return the mean of -Σ q log(softmax(logits)) over the targets that count.

    q is 1 - label_smoothing at the target, and label_smoothing / classes on top everywhere.

    Source: for the smoothing, C. Szegedy et al., "Rethinking the Inception architecture for
    computer vision", CVPR 2016.

    Args:
        logits: (..., classes), finite, of any magnitude.
        target: Integers (...): the right class. Where it is `ignore_index`, it does not count.
        ignore_index: See `target`.
        label_smoothing: From 0 to 1.

    Returns:
        0-d; 0, with gradient 0, if no target counts. Between forward and backward at most one array
        of the size of `logits` is kept besides them.

    Raises:
        ValueError: `target` has not the shape of `logits` without its last axis.
        IndexError: a target that counts is no class.
    """
    target = np.asarray(target)
    if target.shape != logits.shape[:-1]:
        raise ValueError(f"target has shape {target.shape}, logits have {logits.shape}")
    counts = target[target != ignore_index]
    if counts.size and not 0 <= counts.min() <= counts.max() < logits.shape[-1]:
        raise IndexError(f"a target is no class: classes are 0 to {logits.shape[-1] - 1}")
    return CrossEntropy(target, ignore_index, label_smoothing)(logits)


def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float = 1e-5) -> Tensor:
    """Return what the module `LayerNorm` does, as one node of the graph.

    Args:
        x: (..., width).
        weight: (width,).
        bias: (width,).
        eps: Keeps the square root away from 0.

    Returns:
        The shape of `x`. Between forward and backward at most one array of its size is kept besides
        `x` and the result.
    """
    return LayerNormalization(eps)(x, weight, bias)


def attention(q: Tensor, k: Tensor, v: Tensor, *, causal: bool = False) -> Tensor:
    """Return softmax(q kᵀ / √width) v for each head.

    Sources: A. Vaswani et al., "Attention is all you need", 2017; for heads that share keys and
    values, J. Ainslie et al., "GQA", 2023.

    Args:
        q: (..., heads, queries, width).
        k: (..., kv_heads, keys, width). Head h of q uses head h // (heads / kv_heads) of k and v.
        v: (..., kv_heads, keys, width_v).
        causal: The last query sees every key, the one before all but the last, and so on: query i
            sees key j if j - i <= keys - queries. A query that sees none has the result 0.

    Returns:
        (..., heads, queries, width_v). Between forward and backward only q, k and v are kept, and
        nothing of size queries x keys.

    Raises:
        ValueError: an input is less than 3-d, shapes do not fit, or kv_heads does not divide heads.
    """
    if min(q.ndim, k.ndim, v.ndim) < 3:
        raise ValueError(f"heads, positions and width: q {q.shape}, k {k.shape}, v {v.shape}")
    if k.shape[:-1] != v.shape[:-1] or q.shape[:-3] != k.shape[:-3] or q.shape[-1] != k.shape[-1]:
        raise ValueError(f"shapes do not fit: q {q.shape}, k {k.shape}, v {v.shape}")
    if q.shape[-3] % k.shape[-3]:
        raise ValueError(f"{k.shape[-3]} heads of k cannot be shared by {q.shape[-3]} of q")
    return Attention(causal)(q, k, v)
