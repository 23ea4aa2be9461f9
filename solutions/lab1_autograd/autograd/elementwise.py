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
        # BEGIN SOLUTION: about 1 line
        return np.asarray(np.exp(x))
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g exp(x)."""
        # BEGIN SOLUTION: compute exp(x) again, on tensors; about 1 line
        return (g * exp(self.inputs[0]),)
        # END SOLUTION


class Log(Function):
    """The natural logarithm."""

    def forward(self, x: Array) -> Array:
        """Return the logarithm."""
        # BEGIN SOLUTION: about 1 line
        return np.asarray(np.log(x))
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g / x."""
        # BEGIN SOLUTION: about 1 line
        return (g / self.inputs[0],)
        # END SOLUTION


class Tanh(Function):
    """The hyperbolic tangent."""

    def forward(self, x: Array) -> Array:
        """Return the hyperbolic tangent."""
        # BEGIN SOLUTION: about 1 line
        return np.asarray(np.tanh(x))
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g (1 - tanh(x)²)."""
        # BEGIN SOLUTION: the derivative in terms of the result; about 2 lines
        y = tanh(self.inputs[0])
        return (g * (1.0 - y * y),)
        # END SOLUTION


class Sqrt(Function):
    """The square root."""

    def forward(self, x: Array) -> Array:
        """Return the square root."""
        # BEGIN SOLUTION: about 1 line
        return np.asarray(np.sqrt(x))
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g / (2 sqrt(x))."""
        # BEGIN SOLUTION: the derivative in terms of the result; about 1 line
        return (g / (2.0 * sqrt(self.inputs[0])),)
        # END SOLUTION


class Relu(Function):
    """max(x, 0), with derivative 0 at 0."""

    reads_inputs = False  # but the mask that forward kept

    def forward(self, x: Array) -> Array:
        """Return the positive part, and keep in `self.mask` what `backward` needs."""
        # BEGIN SOLUTION: keep the mask of what passes; about 2 lines
        self.mask = x > 0
        return np.maximum(x, 0)
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g where x > 0, else 0."""
        # BEGIN SOLUTION: about 1 line
        return (where(self.mask, g, 0.0),)
        # END SOLUTION


class Where(Function):
    """a where a condition holds, else b."""

    reads_inputs = False

    def __init__(self, condition: Array) -> None:
        super().__init__()
        self.condition = condition

    def forward(self, a: Array, b: Array) -> Array:
        """Return the choice."""
        # BEGIN SOLUTION: about 1 line
        return np.where(self.condition, a, b)
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g where chosen, and exactly 0 elsewhere, even if g is infinite or NaN there."""
        # BEGIN SOLUTION: choose, do not multiply; then unbroadcast; about 4 lines
        a, b = self.inputs
        da = where(self.condition, g, 0.0)
        db = where(self.condition, 0.0, g)
        return unbroadcast(da, a.shape), unbroadcast(db, b.shape)
        # END SOLUTION


class Maximum(Function):
    """The larger of a and b; a tie counts half for each."""

    reads_inputs = False  # but the share that forward kept

    def forward(self, a: Array, b: Array) -> Array:
        """Return the larger, and keep in `self.share` how much of each element came from `a`."""
        # BEGIN SOLUTION: the share is 1, 1/2 or 0, in the dtype of a; about 2 lines
        self.share = ((a > b) + 0.5 * (a == b)).astype(a.dtype)
        return np.maximum(a, b)
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g in the proportion of the shares."""
        # BEGIN SOLUTION: each part in the shape of its input; about 4 lines
        a, b = self.inputs
        da = g * self.share
        db = g * (1 - self.share)
        return unbroadcast(da, a.shape), unbroadcast(db, b.shape)
        # END SOLUTION


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
