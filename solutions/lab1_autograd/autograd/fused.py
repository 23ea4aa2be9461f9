"""Fused functions: a whole formula as one node of the graph, with a backward rule of its own.

Composed from small functions, each of these would keep a dozen arrays alive until the way back.
Here only the inputs are kept; what the way back needs is computed again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.elementwise import exp, where
from autograd.function import Function
from autograd.linear import matmul, transpose_last
from autograd.reductions import logsumexp
from autograd.shaping import reshape
from autograd.tensor import Array, Tensor


class CrossEntropy(Function):
    """The mean of -log(softmax(logits))[target] over the targets that count."""

    def __init__(self, target: Array, ignore_index: int, label_smoothing: float) -> None:
        super().__init__()
        self.counts = target != ignore_index  # which targets count
        self.target = np.where(self.counts, target, 0)
        self.smoothing = label_smoothing

    def forward(self, logits: Array) -> Array:
        """Return the loss, 0-d: 0 if no target counts."""
        # BEGIN SOLUTION: logsumexp, less the logit of the target; mind overflow; about 10 lines
        top = logits.max(-1)
        losses = np.log(np.exp(logits - top[..., None]).sum(-1)) + top
        chosen = np.take_along_axis(logits, self.target[..., None], -1)[..., 0]
        losses -= (1.0 - self.smoothing) * chosen
        if self.smoothing:
            losses -= self.smoothing * logits.mean(-1)
        return np.asarray((losses * self.weights(logits.dtype)).sum())
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g (softmax - q) / n, where q is the smoothed target; 0 where none counts."""
        # BEGIN SOLUTION: softmax by way of logsumexp, on tensors; about 6 lines
        (logits,) = self.inputs
        q = np.full(logits.shape, self.smoothing / logits.shape[-1], logits.dtype)
        hit = np.take_along_axis(q, self.target[..., None], -1) + (1.0 - self.smoothing)
        np.put_along_axis(q, self.target[..., None], hit, -1)
        return ((_softmax(logits) - q) * (g * self.weights(logits.dtype)[..., None]),)
        # END SOLUTION

    # BEGIN SOLUTION: methods of your own, if you like
    def weights(self, dtype: np.dtype[Any]) -> Array:
        """Return 1 / n for each of the n targets that count, 0 for the others."""
        return np.asarray(self.counts / max(1, np.count_nonzero(self.counts)), dtype)

    # END SOLUTION


class LayerNormalization(Function):
    """Layer normalization over the last axis."""

    def __init__(self, eps: float) -> None:
        super().__init__()
        self.eps = eps

    def forward(self, x: Array, weight: Array, bias: Array) -> Array:
        """Return (x - mean) / sqrt(variance + eps) * weight + bias."""
        # BEGIN SOLUTION: about 3 lines
        centred = x - x.mean(-1, keepdims=True)
        variance = np.square(centred).mean(-1, keepdims=True)
        return np.asarray(centred / np.sqrt(variance + self.eps) * weight + bias)
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients by x, weight and bias.

        With x̂ the normalized x and h = g weight, that by x is
        (h - mean(h) - x̂ mean(h x̂)) / sqrt(variance + eps).
        """
        # BEGIN SOLUTION: normalize again, on tensors, then the formula; about 8 lines
        x, weight, bias = self.inputs
        centred = x - x.mean(-1, keepdims=True)
        scale = ((centred * centred).mean(-1, keepdims=True) + self.eps) ** -0.5
        normal = centred * scale
        h = g * weight
        dx = h - h.mean(-1, keepdims=True) - normal * (h * normal).mean(-1, keepdims=True)
        return dx * scale, unbroadcast(g * normal, weight.shape), unbroadcast(g, bias.shape)
        # END SOLUTION


class Attention(Function):
    """softmax(q kᵀ / √d) v, head by head; several heads of q may share one of k and v."""

    def __init__(self, causal: bool) -> None:
        super().__init__()
        self.causal = causal

    def forward(self, q: Array, k: Array, v: Array) -> Array:
        """Return (..., heads, queries, width); 0 where a query sees no key."""
        # BEGIN SOLUTION: mind overflow, and queries that see no key; about 10 lines
        grouped, (k, v) = (
            q.reshape(_grouped(q.shape, k.shape)),
            (k[..., None, :, :], v[..., None, :, :]),
        )
        scores = np.matmul(grouped, k.swapaxes(-1, -2)) / np.sqrt(q.dtype.type(q.shape[-1]))
        scores += self.mask(scores.shape, q.dtype)
        top = scores.max(-1, keepdims=True)
        np.exp(scores - np.where(np.isfinite(top), top, 0), out=scores)
        total = scores.sum(-1, keepdims=True)
        out = np.matmul(scores, v) / np.where(total == 0, 1, total)
        return np.asarray(out.reshape(*q.shape[:-1], v.shape[-1]))
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients by q, k and v.

        With P the softmax: dv = Pᵀ g, dP = g vᵀ, dS = P (dP - Σ P dP), dq = dS k / √d,
        dk = dSᵀ q / √d.
        """
        # BEGIN SOLUTION: the softmax again, on tensors, then the formulas; about 13 lines
        q, k, v = self.inputs
        shape, scale = _grouped(q.shape, k.shape), 1.0 / np.sqrt(q.shape[-1])
        grouped, g = reshape(q, shape), reshape(g, (*shape[:-1], v.shape[-1]))
        shared_k, shared_v = k[..., None, :, :], v[..., None, :, :]
        scores = matmul(grouped, transpose_last(shared_k)) * scale
        p = _softmax(scores + self.mask(scores.shape, q.dtype))
        dp = matmul(g, transpose_last(shared_v))
        ds = p * (dp - (p * dp).sum(-1, keepdims=True)) * scale
        dq = matmul(ds, shared_k)
        dk = matmul(transpose_last(ds), grouped).sum(-3)
        dv = matmul(transpose_last(p), g).sum(-3)
        return reshape(dq, q.shape), dk, dv
        # END SOLUTION

    # BEGIN SOLUTION: methods of your own, if you like
    def mask(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Return -inf where a query may not see a key, else 0: (queries, keys)."""
        queries, keys = shape[-2:]
        hidden = np.triu(np.full((queries, keys), self.causal), keys - queries + 1)
        return np.where(hidden, -np.inf, 0.0).astype(dtype)

    # END SOLUTION


# BEGIN SOLUTION: functions of your own, if you like
def _softmax(x: Tensor) -> Tensor:
    """Return the softmax over the last axis; 0 for a row of nothing but -inf."""
    total = logsumexp(x, -1, keepdims=True)
    return exp(x - where(np.isfinite(total.data), total, 0.0))


def _grouped(q: tuple[int, ...], k: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of q with its heads as (heads of k, heads of q for each)."""
    *batch, heads, queries, width = q
    return (*batch, k[-3], heads // k[-3], queries, width)


# END SOLUTION


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
