"""Arithmetic, element by element.

Functions of two inputs broadcast them; the gradient of each has the shape of that input.
"""

from __future__ import annotations

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.elementwise import log, where
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
        return a - b

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g and -g."""
        a, b = self.inputs
        return unbroadcast(g, a.shape), unbroadcast(-g, b.shape)


class Mul(Function):
    """a * b."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the product."""
        return a * b

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g b and g a."""
        a, b = self.inputs
        return unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)


class Div(Function):
    """a / b."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the quotient."""
        return a / b

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g / b and -g a / b²."""
        a, b = self.inputs
        ga = g / b
        return unbroadcast(ga, a.shape), unbroadcast(-(ga * (a / b)), b.shape)  # b² might overflow


class Neg(Function):
    """-x."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return the negative."""
        return -x

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return -g."""
        return (-g,)


class Pow(Function):
    """x ** n for a number n."""

    def __init__(self, n: float) -> None:
        super().__init__()
        self.n = n.item() if isinstance(n, np.generic | np.ndarray) else n  # or it widens float32

    def forward(self, x: Array) -> Array:
        """Return the power."""
        return x**self.n

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g n x ** (n - 1); 0 for n = 0, where that formula fails at x = 0."""
        (x,) = self.inputs
        if self.n == 0:  # exactly 0, but still a function of g
            return (where(np.zeros(x.shape, bool), g, 0.0),)
        return (g * (self.n * pow(x, self.n - 1)),)


class PowT(Function):
    """a ** b for tensors, a > 0."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the power."""
        return a**b

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g b a ** (b - 1) and g log(a) a ** b."""
        a, b = self.inputs
        ga = g * (b * powt(a, b - 1.0))
        gb = g * (log(a) * powt(a, b))
        return unbroadcast(ga, a.shape), unbroadcast(gb, b.shape)


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
