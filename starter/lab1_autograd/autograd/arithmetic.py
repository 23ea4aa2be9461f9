"""Arithmetic, element by element.

Functions of two inputs broadcast them; the gradient of each has the shape of that input.
"""

from __future__ import annotations

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.elementwise import log
from autograd.function import Function
from autograd.tensor import Array, Tensor, TensorLike


class Add(Function):
    """a + b. Given, as a pattern for the others."""

    reads_inputs = False

    def forward(self, a: Array, b: Array) -> Array:
        """Return the sum."""
        return a + b

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Both inputs receive g, each in its own shape."""
        a, b = self.inputs
        return unbroadcast(g, a.shape), unbroadcast(g, b.shape)


class Sub(Function):
    """a - b."""

    reads_inputs = False

    def forward(self, a: Array, b: Array) -> Array:
        """Return the difference."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g and -g."""
        raise NotImplementedError("as Add, with one sign; about 2 lines")


class Mul(Function):
    """a * b."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the product."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g b and g a."""
        raise NotImplementedError("the product rule, each part in the shape of its input; about 2 lines")


class Div(Function):
    """a / b."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the quotient."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g / b and -g a / b²."""
        raise NotImplementedError("the quotient rule, each part in the shape of its input; about 3 lines")


class Neg(Function):
    """-x."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return the negative."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return -g."""
        raise NotImplementedError("about 1 line")


class Pow(Function):
    """x ** n for a number n."""

    def __init__(self, n: float) -> None:
        super().__init__()
        self.n = n

    def forward(self, x: Array) -> Array:
        """Return the power."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g n x ** (n - 1); 0 for n = 0, where that formula fails at x = 0."""
        raise NotImplementedError("the power rule; mind n = 0 at x = 0; about 4 lines")


class PowT(Function):
    """a ** b for tensors, a > 0."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the power."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g b a ** (b - 1) and g log(a) a ** b."""
        raise NotImplementedError("the power rule for a, the exponential rule for b; about 4 lines")


def add(a: TensorLike, b: TensorLike) -> Tensor:
    """Return a + b; shapes broadcast. Raises ValueError if they cannot."""
    return Add()(a, b)


def sub(a: TensorLike, b: TensorLike) -> Tensor:
    """Return a - b; shapes broadcast. Raises ValueError if they cannot."""
    return Sub()(a, b)


def mul(a: TensorLike, b: TensorLike) -> Tensor:
    """Return a b; shapes broadcast. Raises ValueError if they cannot."""
    return Mul()(a, b)


def div(a: TensorLike, b: TensorLike) -> Tensor:
    """Return a / b; shapes broadcast. Raises ValueError if they cannot."""
    return Div()(a, b)


def neg(x: TensorLike) -> Tensor:
    """Return -x."""
    return Neg()(x)


def pow(x: TensorLike, n: float) -> Tensor:
    """Return x ** n for a number n, of any sign; the gradient of x ** 0 is 0 everywhere."""
    return Pow(n)(x)


def powt(a: TensorLike, b: TensorLike) -> Tensor:
    """Return a ** b for a > 0; shapes broadcast. Raises ValueError if they cannot."""
    return PowT()(a, b)
