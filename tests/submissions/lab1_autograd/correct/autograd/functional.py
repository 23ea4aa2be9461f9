"""Derivatives of whole functions: the Jacobian, and the Hessian's product with a vector."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.engine import grad
from autograd.shaping import concat, reshape
from autograd.tensor import Tensor, is_recording, recording


def jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return all derivatives of ``f(x)`` by `x`.

    Calls `f` once, and goes back once for each element of the result. The Jacobian is recorded, so
    that it can be differentiated again: the Hessian of g is the Jacobian of the gradient of g.

    Args:
        f: From a tensor to a tensor, of any shapes.
        x: Where. A leaf over the same memory takes its place if it does not require gradients.

    Returns:
        Shape ``(*f(x).shape, *x.shape)``, dtype of `x`; 0 where the result does not depend on x.
    """
    x = _leaf(x)
    with recording(True):
        y = f(x)
        rows = [_row(y, i, x) for i in range(y.size if y.requires_grad else 0)]
        shape = (*y.shape, *x.shape)
        found = reshape(concat(rows), shape) if rows else Tensor(np.zeros(shape, x.dtype))
    return found


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return the Hessian of `f` at `x`, times `v`, without ever building the Hessian.

    Source: B. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6(1),
    1994; here by going back twice: H v is the gradient of ⟨gradient of f, v⟩.

    Args:
        f: From a tensor to a tensor of one element.
        x: Where; as for `jacobian`.
        v: Shape and dtype of `x`.

    Returns:
        Shape and dtype of `x`. A small multiple of the time and memory of one gradient, whatever
        the size of `x`.

    Raises:
        ValueError: ``f(x)`` has not exactly one element, or `v` has another shape than `x`.
    """
    if v.shape != x.shape:
        raise ValueError(f"v has shape {v.shape}, x has {x.shape}")
    x = _leaf(x)
    with recording(True):
        y = f(x)
    if y.size != 1:
        raise ValueError(f"a function of one element is needed, not of shape {y.shape}")
    slope = bend = None
    if y.requires_grad:
        (slope,) = grad(y, x, create_graph=True, allow_unused=True)
    if slope is not None and slope.requires_grad:
        (bend,) = grad(slope, x, v, allow_unused=True)
    return Tensor(np.zeros_like(x.data)) if bend is None else bend


def _leaf(x: Tensor) -> Tensor:
    """Return `x`, or a leaf over its memory that requires gradients."""
    return x if x.requires_grad else Tensor(x.data, requires_grad=True)


def _row(y: Tensor, i: int, x: Tensor) -> Tensor:
    """Return the derivatives of element i of `y` by `x`, recorded, in shape (1, *x.shape)."""
    seed = np.zeros(y.shape, y.dtype)
    seed.flat[i] = 1.0
    (row,) = grad(y, x, Tensor(seed), create_graph=True, allow_unused=True)
    shape = (1, *x.shape)
    return Tensor(np.zeros(shape, x.dtype)) if row is None else reshape(row, shape)
