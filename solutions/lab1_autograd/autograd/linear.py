"""Matrix products."""

from __future__ import annotations

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.function import Function
from autograd.shaping import permute, reshape
from autograd.tensor import Array, Tensor, TensorLike


class MatMul(Function):
    """a @ b, with NumPy's rules for vectors and batches."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return the product."""
        # BEGIN SOLUTION: about 1 line
        return np.asarray(np.matmul(a, b))
        # END SOLUTION

    def backward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Return g bᵀ and aᵀ g, added up over broadcast batches, each in the shape of its input."""
        # BEGIN SOLUTION: make vectors matrices, apply the rule, undo both; about 7 lines
        a, b = self.inputs
        rows = reshape(a, (1, -1)) if a.ndim == 1 else a
        columns = reshape(b, (-1, 1)) if b.ndim == 1 else b
        batch = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
        g = reshape(g, (*batch, rows.shape[-2], columns.shape[-1]))
        da = unbroadcast(g @ transpose_last(columns), rows.shape)
        db = unbroadcast(transpose_last(rows) @ g, columns.shape)
        return reshape(da, a.shape), reshape(db, b.shape)
        # END SOLUTION


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
