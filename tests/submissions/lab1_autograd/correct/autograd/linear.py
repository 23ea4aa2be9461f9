"""Matrix products."""

from __future__ import annotations

import math

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.function import Function
from autograd.shaping import permute, reshape
from autograd.tensor import Array, Tensor, TensorLike


class MatMul(Function):
    """a @ b, with NumPy's rules for vectors and batches."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the product."""
        return np.matmul(a, b)

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g bᵀ and aᵀ g, added up over broadcast batches, each in the shape of its input."""
        a, b = self.inputs
        left = reshape(a, (1, *a.shape)) if a.ndim == 1 else a
        right = reshape(b, (*b.shape, 1)) if b.ndim == 1 else b
        (n, k), m = left.shape[-2:], right.shape[-1]
        if right.ndim == 2 and left.ndim > 2:  # a batch with one matrix: more rows of one product
            n *= math.prod(left.shape[:-2])
            left = reshape(left, (n, k))
        batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
        g = reshape(g, (*batch, n, m))
        ga = unbroadcast(matmul(g, transpose_last(right)), left.shape)
        gb = unbroadcast(matmul(transpose_last(left), g), right.shape)
        return reshape(ga, a.shape), reshape(gb, b.shape)


def transpose_last(x: Tensor) -> Tensor:
    """Return `x` with its last two axes exchanged."""
    *batch, rows, columns = range(x.ndim)
    return permute(x, (*batch, columns, rows))


def matmul(a: TensorLike, b: TensorLike) -> Tensor:
    """Return the matrix product.

    Sources: NumPy manual, `numpy.matmul`; for the gradient, M. Giles, "Collected matrix derivative
    results for forward and reverse mode algorithmic differentiation", 2008.

    Args:
        a: Shape (k,) or (..., n, k).
        b: Shape (k,) or (..., k, m).

    Returns:
        Shape (..., n, m) with the batches broadcast; n or m is absent where the input is a vector.

    Raises:
        ValueError: an input is 0-d, the two k differ, or the batches do not broadcast.
    """
    return MatMul()(a, b)
