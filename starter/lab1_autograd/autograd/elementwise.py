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
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g exp(x)."""
        raise NotImplementedError("compute exp(x) again, on tensors; about 1 line")


class Log(Function):
    """The natural logarithm."""

    def forward(self, x: Array) -> Array:
        """Return the logarithm."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g / x."""
        raise NotImplementedError("about 1 line")


class Tanh(Function):
    """The hyperbolic tangent."""

    def forward(self, x: Array) -> Array:
        """Return the hyperbolic tangent."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g (1 - tanh(x)²)."""
        raise NotImplementedError("the derivative in terms of the result; about 2 lines")


class Sqrt(Function):
    """The square root."""

    def forward(self, x: Array) -> Array:
        """Return the square root."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g / (2 sqrt(x))."""
        raise NotImplementedError("the derivative in terms of the result; about 1 line")


class Relu(Function):
    """max(x, 0), with derivative 0 at 0."""

    reads_inputs = False  # but the mask that forward kept

    def forward(self, x: Array) -> Array:
        """Return the positive part, and keep in `self.mask` what `backward` needs."""
        raise NotImplementedError("keep the mask of what passes; about 2 lines")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g where x > 0, else 0."""
        raise NotImplementedError("about 1 line")


class Where(Function):
    """a where a condition holds, else b."""

    reads_inputs = False

    def __init__(self, condition: Array) -> None:
        super().__init__()
        self.condition = condition

    def forward(self, a: Array, b: Array) -> Array:
        """Return the choice."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g where chosen, and exactly 0 elsewhere, even if g is infinite or NaN there."""
        raise NotImplementedError("choose, do not multiply; then unbroadcast; about 4 lines")


class Maximum(Function):
    """The larger of a and b; a tie counts half for each."""

    reads_inputs = False  # but the share that forward kept

    def forward(self, a: Array, b: Array) -> Array:
        """Return the larger, and keep in `self.share` how much of each element came from `a`."""
        raise NotImplementedError("the share is 1, 1/2 or 0, in the dtype of a; about 2 lines")

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g in the proportion of the shares."""
        raise NotImplementedError("each part in the shape of its input; about 4 lines")


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
