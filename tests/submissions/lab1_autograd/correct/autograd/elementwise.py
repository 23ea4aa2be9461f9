"""Elementwise functions: curves, and choices between two values.

Functions of two inputs broadcast them; the gradient of each has the shape of that input.
"""

from __future__ import annotations

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.function import Function
from autograd.tensor import Array, Tensor, TensorLike


class Exp(Function):
    """e ** x."""

    def forward(self, x: Array) -> Array:
        """Return the exponential."""
        return np.exp(x)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g exp(x)."""
        return (g * exp(self.inputs[0]),)


class Log(Function):
    """The natural logarithm."""

    def forward(self, x: Array) -> Array:
        """Return the logarithm."""
        return np.log(x)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g / x."""
        return (g / self.inputs[0],)


class Tanh(Function):
    """The hyperbolic tangent."""

    def forward(self, x: Array) -> Array:
        """Return the hyperbolic tangent."""
        return np.tanh(x)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g (1 - tanh(x)²)."""
        y = tanh(self.inputs[0])
        return (g * (1.0 - y * y),)


class Sqrt(Function):
    """The square root."""

    def forward(self, x: Array) -> Array:
        """Return the square root."""
        return np.sqrt(x)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g / (2 sqrt(x))."""
        return (g / (2.0 * sqrt(self.inputs[0])),)


class Relu(Function):
    """max(x, 0), with derivative 0 at 0."""

    reads_inputs = False  # but the mask that forward kept

    def forward(self, x: Array) -> Array:
        """Return the positive part, and keep in `self.mask` what `backward` needs."""
        self.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g where x > 0, else 0."""
        return (where(self.mask, g, 0.0),)


class Where(Function):
    """a where a condition holds, else b."""

    reads_inputs = False

    def __init__(self, condition: Array) -> None:
        super().__init__()
        self.condition = condition

    def forward(self, a: Array, b: Array) -> Array:
        """Return the choice."""
        return np.where(self.condition, a, b)

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g where chosen, and exactly 0 elsewhere, even if g is infinite or NaN there."""
        a, b = self.inputs
        ga, gb = where(self.condition, g, 0.0), where(self.condition, 0.0, g)
        return unbroadcast(ga, a.shape), unbroadcast(gb, b.shape)


class Maximum(Function):
    """The larger of a and b; a tie counts half for each."""

    reads_inputs = False  # but the share that forward kept

    def forward(self, a: Array, b: Array) -> Array:
        """Return the larger, and keep in `self.share` how much of each element came from `a`."""
        self.share = np.where(a > b, 1, np.where(a == b, 0.5, 0)).astype(a.dtype)
        return np.maximum(a, b)

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g in the proportion of the shares."""
        a, b = self.inputs
        ga, gb = portion(g, self.share), portion(g, 1 - self.share)
        return unbroadcast(ga, a.shape), unbroadcast(gb, b.shape)


def exp(x: TensorLike) -> Tensor:
    """Return e ** x."""
    return Exp()(x)


def log(x: TensorLike) -> Tensor:
    """Return the natural logarithm of x > 0."""
    return Log()(x)


def tanh(x: TensorLike) -> Tensor:
    """Return the hyperbolic tangent."""
    return Tanh()(x)


def sqrt(x: TensorLike) -> Tensor:
    """Return the square root of x > 0."""
    return Sqrt()(x)


def relu(x: TensorLike) -> Tensor:
    """Return max(x, 0); the derivative at 0 is 0."""
    return Relu()(x)


def where(condition: Array, a: TensorLike, b: TensorLike) -> Tensor:
    """Return a where `condition` (bools, not differentiated) holds, else b; shapes broadcast."""
    return Where(np.asarray(condition, dtype=bool))(a, b)


def maximum(a: TensorLike, b: TensorLike) -> Tensor:
    """Return the larger of a and b; a tie gives each half of the gradient; shapes broadcast."""
    return Maximum()(a, b)


def portion(g: Tensor, share: Array) -> Tensor:
    """Return g times a share, and exactly 0 where the share is 0, even if g is infinite or NaN."""
    some = np.asarray(share) > 0
    return where(some, g * np.where(some, share, 1), 0.0)
