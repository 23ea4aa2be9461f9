"""Layers: the modules that models are built from."""

from __future__ import annotations

import numpy as np

from autograd.elementwise import sqrt, where
from autograd.module import Module, Parameter
from autograd.reductions import mean
from autograd.tensor import Array, Tensor

Rng = np.random.Generator


class Linear(Module):
    """x W + b.

    Args:
        width_in: Length of the last axis of x.
        width_out: Length of the last axis of the result.
        rng: Draws W from a normal distribution with mean 0 and variance 1 / width_in, so that the
            result is about as large as x. b begins as 0.
        bias: Whether there is a b.

    Attributes:
        weight: W, (width_in, width_out).
        bias: b, (width_out,), or None.
    """

    def __init__(self, width_in: int, width_out: int, rng: Rng, *, bias: bool = True) -> None:
        deviation = max(width_in, 1) ** -0.5
        self.weight = Parameter(rng.normal(0.0, deviation, size=(width_in, width_out)))
        self.bias = Parameter(np.zeros(width_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """(..., width_in) -> (..., width_out)."""
        y = x @ self.weight
        return y if self.bias is None else y + self.bias


class Embedding(Module):
    """A vector for each id.

    Args:
        count: Ids are 0 to count - 1.
        width: Length of a vector.
        rng: Draws the vectors from a normal distribution with mean 0 and standard deviation `std`.
        std: See `rng`.

    Attributes:
        weight: (count, width).
    """

    def __init__(self, count: int, width: int, rng: Rng, *, std: float = 1.0) -> None:
        self.weight = Parameter(rng.normal(0.0, std, size=(count, width)))

    def forward(self, ids: Array) -> Tensor:
        """Integers of any shape -> (*ids.shape, width); an id that occurs twice learns twice.

        Raises:
            IndexError: an id is negative, or not below `count`.
        """
        ids = np.array(ids)  # a copy: the caller may use its memory for the next batch
        if ids.size == 0:
            ids = ids.astype(int)
        if ids.dtype.kind not in "iu":
            raise TypeError(f"ids are integers, not {ids.dtype}")
        if ids.size and not 0 <= ids.min() <= ids.max() < len(self.weight):
            raise IndexError(f"an id is not one of 0 to {len(self.weight) - 1}")
        return self.weight[ids]


class LayerNorm(Module):
    """(x - mean) / sqrt(variance + eps) * weight + bias, over the last axis.

    Source: J. Ba, J. Kiros, G. Hinton, "Layer normalization", 2016. The variance is the mean of the
    squared deviations (divided by n, not n - 1).

    Args:
        width: Length of the last axis of x.
        eps: Keeps the square root away from 0.

    Attributes:
        weight: (width,), begins as 1.
        bias: (width,), begins as 0.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        self.weight = Parameter(np.ones(width))
        self.bias = Parameter(np.zeros(width))
        self.eps = float(eps)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape whose last axis is `width` -> the same."""
        centred = x - mean(x, -1, keepdims=True)
        variance = mean(centred * centred, -1, keepdims=True)
        return centred / sqrt(variance + self.eps) * self.weight + self.bias


class RMSNorm(Module):
    """x / sqrt(mean of squares + eps) * weight, over the last axis.

    Source: B. Zhang, R. Sennrich, "Root mean square layer normalization", NeurIPS 2019.

    Args:
        width: Length of the last axis of x.
        eps: Keeps the square root away from 0.

    Attributes:
        weight: (width,), begins as 1.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        self.weight = Parameter(np.ones(width))
        self.eps = float(eps)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape whose last axis is `width` -> the same."""
        return x / sqrt(mean(x * x, -1, keepdims=True) + self.eps) * self.weight


class Dropout(Module):
    """In training, 0 with probability p, else x / (1 - p), element by element; x in evaluation.

    Source: N. Srivastava et al., "Dropout", JMLR 15, 2014; scaled in training ("inverted"), so that
    the mean is that of x, and evaluation has nothing to do.

    Args:
        p: From 0 up to, and without, 1.
        rng: Draws once for each element and call in training (for p = 0 it need not), and never
            in evaluation.

    Raises:
        ValueError: p is no such probability.
    """

    def __init__(self, p: float, rng: Rng) -> None:
        if not 0.0 <= p < 1.0:
            raise ValueError(f"p must be at least 0 and below 1, not {p}")
        self.p, self.rng = float(p), rng

    def forward(self, x: Tensor) -> Tensor:
        """Any shape -> the same."""
        if not self.training or self.p == 0.0:
            return x
        stays = self.rng.random(x.shape) >= self.p
        return where(stays, x * (1.0 / (1.0 - self.p)), 0.0)


class Sequential(Module):
    """Modules one after the other: what one returns, the next receives.

    Attributes:
        layers: The modules, in order.
    """

    def __init__(self, *layers: Module) -> None:
        self.layers = list(layers)

    def forward(self, x: Tensor) -> Tensor:
        """Return what the last module returns; `x` if there is none."""
        for layer in self.layers:
            x = layer(x)
        return x
