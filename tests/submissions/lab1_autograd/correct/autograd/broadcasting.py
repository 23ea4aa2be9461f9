"""Broadcasting and its adjoint: what one repeats, the other adds up."""

from __future__ import annotations

import numpy as np

from autograd.function import Function
from autograd.tensor import Array, Tensor

Shape = tuple[int, ...]


class BroadcastTo(Function):
    """Repeat along new leading axes and along axes of length 1."""

    reads_inputs = False

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Array) -> Array:
        """Return `x` broadcast to `shape`."""
        return np.broadcast_to(x, self.shape)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Add up what was repeated."""
        return (unbroadcast(g, self.inputs[0].shape),)


class Unbroadcast(Function):
    """Add up along every axis that broadcasting would have repeated."""

    reads_inputs = False

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Array) -> Array:
        """Return the sum of `x` over the repeated axes, in exactly the shape `shape`.

        One reduction over a tuple of axes does it: the leading axes that `shape` lacks, and those
        where `shape` has length 1.
        """
        extra = x.ndim - len(self.shape)
        ones = [extra + i for i, n in enumerate(self.shape) if n == 1]
        return np.sum(x, axis=(*range(extra), *ones)).reshape(self.shape)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Repeat what was added up."""
        return (broadcast_to(g, self.inputs[0].shape),)


def broadcast_to(x: Tensor, shape: Shape) -> Tensor:
    """Repeat `x` to `shape` by NumPy's broadcasting rules.

    Source: NumPy manual, "Broadcasting".

    Args:
        x: Any shape.
        shape: The shape to reach; ``x.shape`` must broadcast to it.

    Returns:
        Shape `shape`, dtype of `x`; memory of its own.

    Raises:
        ValueError: ``x.shape`` does not broadcast to `shape`.
    """
    return BroadcastTo(tuple(shape))(x)


def unbroadcast(g: Tensor, shape: Shape) -> Tensor:
    """Add up `g` to `shape`: the adjoint of `broadcast_to` from `shape` to ``g.shape``.

    Args:
        g: Any shape.
        shape: A shape that broadcasts to ``g.shape``.

    Returns:
        Shape exactly `shape`, dtype of `g`. `g` itself if the shapes are equal.

    Raises:
        ValueError: `shape` does not broadcast to ``g.shape``.
    """
    shape = tuple(shape)
    if shape == g.shape:
        return g
    if np.broadcast_shapes(shape, g.shape) != g.shape:
        raise ValueError(f"{shape} does not broadcast to {g.shape}: nothing to add up")
    return Unbroadcast(shape)(g)
